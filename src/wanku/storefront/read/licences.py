"""A buyer's licences, without the codes: those of one order, and all of them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from wanku.access.actor import Actor
from wanku.catalog.models import Product, ProductState
from wanku.kinds.issue.kind import IssueKind
from wanku.kinds.issue.models import ISSUED, Licence, LicencePlan, Machine, Source
from wanku.kinds.issue.words import plan_text
from wanku.orders.models import Order
from wanku.storefront.read.cards import product_url

PER_PAGE: Final = 20


@dataclass(frozen=True, slots=True)
class OwnLicence:
    """One of them.

    Attributes:
        product: what it is for.
        state: ``issued``, ``active``, ``ended`` or ``revoked``.
        used: devices on which it is active.
        renew: where it can be extended; empty where it cannot.
        upgrade: where it becomes more than it is; empty where nothing more is offered.
        order: number of the order, where all of a buyer's are listed.
    """

    licence: Licence
    product: Product | None
    words: str
    state: str
    used: int
    renew: str
    upgrade: str = ""
    order: str = ""

    @property
    def counts_devices(self) -> bool:
        """Whether we know on how many devices it runs; where an imported code does is for others to say."""
        return self.licence.plan.source == Source.SIGNED

    @property
    def has_term(self) -> bool:
        """Whether there is a term that could be longer."""
        return self.licence.term_days is not None

    @property
    def is_unused(self) -> bool:
        """Whether it may be given back: never activated, and an imported code never seen."""
        row = self.licence
        seen = row.plan.source == Source.POOL and row.shown_at is not None
        return row.state == ISSUED and row.activated_at is None and not seen


def licences_of(order: Order, *, now: datetime) -> Sequence[OwnLicence]:
    """What an order granted, in two statements."""
    rows = _counted(Licence.objects.filter(grants__order_id=order.pk).distinct()).order_by("pk")
    licences = list(rows)
    products = _products(licences)
    return [_own(row, products.get(row.product_id), now) for row in licences]


def my_licences(actor: Actor, page: str | None, *, now: datetime) -> tuple[Page[Licence], Sequence[OwnLicence]]:
    """Every code that was issued to the actor, latest first; a renewal of another's code is none. Five statements."""
    bought = Order.objects.bought_by(actor).filter(kind=IssueKind.code)
    rows = Licence.objects.filter(order_id__in=bought.values("pk"), issued_at__isnull=False)
    shown: Page[Licence] = Paginator(_counted(rows).order_by("-issued_at", "-pk"), PER_PAGE).get_page(page)
    licences = list(shown.object_list)
    products = _products(licences)
    plans = LicencePlan.objects.filter(variant__product__in=products, variant__is_active=True, source=Source.SIGNED)
    more = list(plans.select_related("variant").order_by("variant__price", "pk"))
    orders = Order.objects.filter(pk__in={row.order_id for row in licences})
    numbers: dict[UUID | None, str] = dict(orders.values_list("pk", "number"))
    return shown, [
        _own(row, products.get(row.product_id), now, plans=more, order=numbers.get(row.order_id, ""))
        for row in licences
    ]


def _counted(rows: QuerySet[Licence]) -> QuerySet[Licence]:
    """With ``used``, on how many devices each is active."""
    used = Machine.objects.filter(licence=OuterRef("pk"), released_at=None).order_by()
    counted = used.values("licence").annotate(n=Count("pk")).values("n")
    return rows.select_related("plan").annotate(used=Coalesce(Subquery(counted), 0))


def _products(licences: Iterable[Licence]) -> Mapping[int, Product]:
    return Product.objects.select_related("merchant").in_bulk({row.product_id for row in licences})


def _own(
    row: Licence, product: Product | None, now: datetime, *, plans: Collection[LicencePlan] = (), order: str = ""
) -> OwnLicence:
    renew = upgrade = ""
    offered = product is not None and product.state == ProductState.ON_SALE
    if product is not None and offered and row.state == ISSUED and row.plan.source == Source.SIGNED:
        renew = _extend(product, row, row.plan_id)
        better = next((plan for plan in plans if _is_more(plan, row, product, plans)), None)
        upgrade = _extend(product, row, better.pk) if better is not None else ""
    used: int = row.used  # type: ignore[attr-defined] # annotated
    return OwnLicence(
        licence=row,
        product=product,
        words=plan_text(row.edition, row.term_days, row.seats),
        state=_state(row, now),
        used=used,
        renew=renew,
        upgrade=upgrade,
        order=order,
    )


def _extend(product: Product, row: Licence, variant_id: int) -> str:
    return f"{product_url(product)}?{urlencode({'choice.renews': row.pk, 'variant': variant_id})}"


def _is_more(plan: LicencePlan, row: Licence, product: Product, plans: Collection[LicencePlan]) -> bool:
    """Whether a plan of the product is more than a licence is now: another edition or more seats, and dearer than what
    is the same as now.
    """
    if plan.variant.product_id != product.pk or (plan.edition == row.edition and plan.seats <= row.seats):
        return False
    same = [
        each.variant.price
        for each in plans
        if each.variant.product_id == product.pk and (each.edition, each.seats) == (row.edition, row.seats)
    ]
    return not same or plan.variant.price > min(same)


def _state(row: Licence, now: datetime) -> str:
    if row.state != ISSUED:
        return "revoked"
    if row.expires_at is not None and row.expires_at <= now:
        return "ended"
    return "active" if row.activated_at else "issued"
