"""What a variant of a product grants as a licence."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.audit.record import record
from wanku.catalog.models import Product, Variant
from wanku.flows.offering._become import become
from wanku.flows.selling._product import lock_supplies, product_to_edit
from wanku.inventory.ensure import ensure_supplies
from wanku.kernel.refusal import BAD_VALUE, NOT_FOUND, Refusal, gettext_noop, refuse_all
from wanku.kernel.text import clean
from wanku.kinds.issue.grants import settle_pools
from wanku.kinds.issue.kind import IssueKind
from wanku.kinds.issue.models import Licence, LicencePlan, Source
from wanku.kinds.issue.refusals import SOURCE_FIXED
from wanku.kinds.issue.signing import make_key

TERM_MAX, SEATS_MAX, MACHINES_MAX = 36_500, 100_000, 1_000


@dataclass(frozen=True, slots=True)
class PlanData:
    """A plan as somebody wants it; fields as in `wanku.kinds.issue.models.LicencePlan`."""

    source: str
    edition: str
    term_days: int | None
    seats: int
    machines: int


def set_licence_plan(product_id: int, variant_id: int, data: PlanData, *, actor: Actor, now: datetime) -> LicencePlan:
    """Say what a variant grants. Its product then sells licences; licences that were sold keep what they grant. The
    counter of one that grants codes of a pool is brought to the codes in it.

    Raises:
        Refusal: ``not_found``; ``not_allowed``; ``bad_value`` for each field that is wrong;
            ``ordered_as_another_kind``; ``source_fixed`` when there are codes;
            ``stock_held`` when unpaid orders hold pieces that the pool has no codes for.
    """
    product = product_to_edit(product_id, actor)
    refuse_all(_problems(data))
    with transaction.atomic():
        product = Product.objects.select_for_update(no_key=True).get(pk=product.pk)
        variant = Variant.objects.filter(pk=variant_id, product=product, is_active=True).first()
        if variant is None:
            raise Refusal(NOT_FOUND)
        become(product, IssueKind.code, now=now)
        ensure_supplies([variant])
        old = LicencePlan.objects.select_for_update(no_key=True).filter(pk=variant.pk).first()
        if old is not None and old.source != data.source and Licence.objects.filter(plan=old).exists():
            raise Refusal(SOURCE_FIXED, field="source")
        plan, _ = LicencePlan.objects.update_or_create(
            variant=variant,
            defaults={
                "merchant_id": product.merchant_id,
                "source": data.source,
                "edition": clean(data.edition),
                "term_days": data.term_days,
                "seats": data.seats,
                "machines": data.machines,
            },
        )
        if plan.source == Source.POOL:
            # What it had as goods, or was to be made of codes, is not in the pool.
            lock_supplies([variant.supply_key])
            settle_pools([variant.pk], because="counted by codes", by_id=actor.person_id, now=now)
        make_key(product.merchant_id, now=now)
        record(
            "set_licence_plan",
            actor_id=actor.person_id,
            merchant_id=product.merchant_id,
            subject_type="variant",
            subject_id=variant.pk,
            facts={"edition": plan.edition, "days": plan.term_days, "seats": plan.seats, "machines": plan.machines},
            now=now,
        )
    return plan


def _problems(data: PlanData) -> list[Refusal]:
    found = []

    def no(field: str, problem: str) -> None:
        found.append(Refusal(BAD_VALUE, field=field, problem=problem))

    if data.source not in Source.values:
        no("source", gettext_noop("Choose where the codes come from."))
    if not 1 <= len(clean(data.edition)) <= 60:
        no("edition", gettext_noop("Name the edition in at most 60 characters."))
    if data.term_days is not None and not 1 <= data.term_days <= TERM_MAX:
        no("term_days", gettext_noop("From 1 day to 100 years, or empty for good."))
    if not 1 <= data.seats <= SEATS_MAX:
        no("seats", gettext_noop("From 1 to 100,000 seats."))
    if not 1 <= data.machines <= MACHINES_MAX:
        no("machines", gettext_noop("From 1 to 1,000 devices."))
    return found
