"""Plans, pools and licences of a shop."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q

from wanku.catalog.models import Product, Variant
from wanku.kinds.issue.codes import bare_of
from wanku.kinds.issue.models import FREE, ISSUED, REVOKED, CodeFile, Licence, LicencePlan, Source
from wanku.kinds.issue.words import plan_text
from wanku.merchant_desk.read.products import StockRow, stock_row, supplies_of
from wanku.orders.models import Order

PAGE: Final = 50
STATES: Final = (ISSUED, REVOKED, FREE)


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A variant with what it grants and its codes by state.

    Attributes:
        stock: its counter; for signed codes how many more may be sold.
        issued, revoked: codes that were sold and stand, and those that were ended.
    """

    variant: Variant
    plan: LicencePlan | None
    stock: StockRow
    words: str
    issued: int
    revoked: int

    @property
    def is_pool(self) -> bool:
        """Whether codes are imported."""
        return self.plan is not None and self.plan.source == Source.POOL


def plan_rows(product: Product) -> Sequence[PlanRow]:
    """Variants that are offered, in four statements."""
    variants = list(product.variants.filter(is_active=True).order_by("position", "pk"))
    plans = LicencePlan.objects.in_bulk([variant.pk for variant in variants])
    supplies = supplies_of(variants)
    counts = _counts(plans)
    return [
        PlanRow(
            variant=variant,
            plan=(plan := plans.get(variant.pk)),
            stock=stock_row(variant, supplies.get(variant.supply_key)),
            words=plan_text(plan.edition, plan.term_days, plan.seats) if plan else "",
            issued=counts.get(variant.pk, {}).get("issued", 0),
            revoked=counts.get(variant.pk, {}).get("revoked", 0),
        )
        for variant in variants
    ]


def past_files(product: Product) -> Sequence[CodeFile]:
    """The latest files of codes of a product."""
    rows = CodeFile.objects.filter(plan__variant__product=product).defer("sealed")
    return list(rows.select_related("plan__variant").order_by("-received_at")[:10])


def search(merchant_id: int, *, ends: str, state: str, number: str | None) -> Page[Licence]:
    """Licences by state and the end of their code, the latest first."""
    rows = Licence.objects.filter(merchant_id=merchant_id, state=state)
    if bare_of(ends):
        rows = rows.filter(tail__endswith=bare_of(ends)[-4:])
    order = ("-added_at", "-pk") if state == FREE else ("-issued_at", "-pk")
    return Paginator(rows.select_related("plan__variant__product").order_by(*order), PAGE).get_page(number)


def numbers_of(rows: Sequence[Licence]) -> dict[UUID, str]:
    """Numbers of their orders by id, in one statement."""
    ids = {row.order_id for row in rows if row.order_id}
    return dict(Order.objects.filter(pk__in=ids).values_list("pk", "number")) if ids else {}


def counts(merchant_id: int) -> dict[str, int]:
    """Licences and codes of a shop by state."""
    rows = Licence.objects.filter(merchant_id=merchant_id).values_list("state").annotate(n=Count("pk"))
    return dict(rows.order_by())


def words_of(row: Licence) -> str:
    """What a licence grants; a code in the pool, what its plan would."""
    plan = row.plan
    if row.state == FREE:
        return plan_text(plan.edition, plan.term_days, plan.seats)
    return plan_text(row.edition, row.term_days, row.seats)


def _counts(plans: dict[int, LicencePlan]) -> dict[int, dict[str, Any]]:
    rows = Licence.objects.filter(plan__in=list(plans)).values("plan_id")
    counted = rows.annotate(issued=Count("pk", filter=Q(state=ISSUED)), revoked=Count("pk", filter=Q(state=REVOKED)))
    return {row["plan_id"]: dict(row) for row in counted.order_by()}
