"""Merchants as the platform sees them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet, Sum

from wanku.access.actor import Actor
from wanku.audit.models import Act, Move
from wanku.catalog.models import Product, ProductState
from wanku.ledger.models import Balance
from wanku.merchants.models import Merchant, Staff
from wanku.merchants.states import CAPABILITIES, MERCHANT_MACHINE, Capability
from wanku.orders.models import Order
from wanku.platform_desk.read.queues import LATE_STATES

PAGE = 25


def search(actor: Actor, *, state: str, q: str) -> QuerySet[Merchant]:
    """Merchants by standing and by a part of their names; those who wait longest first, then the newest."""
    rows = Merchant.objects.visible_to(actor)
    if state:
        rows = rows.filter(state=state)
    if q:
        rows = rows.filter(
            Q(name__icontains=q) | Q(legal_name__icontains=q) | Q(slug__icontains=q) | Q(credit_code__iexact=q)
        )
    return rows.order_by("-applied_at", "-pk") if state != "applying" else rows.order_by("applied_at", "pk")


def listing(rows: QuerySet[Merchant], number: str | None) -> tuple[Page[Merchant], Mapping[int, Mapping[str, Any]]]:
    """One page, and figures of its merchants by id."""
    page = Paginator(rows, PAGE).get_page(number)
    ids = [merchant.pk for merchant in page]
    figures: dict[int, dict[str, Any]] = {pk: {"orders": 0, "late": 0, "products": 0} for pk in ids}
    orders = (
        Order.objects.filter(merchant_id__in=ids)
        .values("merchant_id")
        .annotate(
            paid=Count("pk", filter=Q(paid_at__isnull=False)),
            late=Count("pk", filter=Q(late_since__isnull=False, state__in=LATE_STATES)),
        )
    )
    for row in orders:
        figures[row["merchant_id"]] |= {"orders": row["paid"], "late": row["late"]}
    products = Product.objects.filter(merchant_id__in=ids, state=ProductState.ON_SALE)
    for merchant_id, count in products.values_list("merchant_id").annotate(count=Count("pk")):
        figures[merchant_id]["products"] = count
    return page, figures


def counts() -> Mapping[str, int]:
    """How many merchants are in each standing."""
    rows = Merchant.objects.values("state").annotate(count=Count("pk"))
    return {row["state"]: row["count"] for row in rows}


@dataclass(frozen=True, slots=True)
class Detail:
    """One merchant with all that a decision needs."""

    merchant: Merchant
    staff: Sequence[Staff]
    moves: Sequence[Move]
    acts: Sequence[Act]
    orders: Sequence[Order]
    balances: Sequence[tuple[str, int, str]]
    figures: Mapping[str, Any]
    products: int
    capabilities: Sequence[tuple[str, Sequence[bool]]]
    steps: Sequence[str]

    @property
    def states(self) -> list[str]:
        """Every standing, in the order of the table's columns."""
        return MERCHANT_MACHINE.states()


def detail(merchant: Merchant, now: datetime) -> Detail:
    """Read one merchant's page in a fixed number of queries."""
    states = MERCHANT_MACHINE.states()
    orders = Order.objects.filter(merchant=merchant)
    figures = orders.filter(paid_at__isnull=False).aggregate(
        paid=Count("pk"),
        month=Count("pk", filter=Q(paid_at__gt=now - timedelta(days=30))),
        month_amount=Sum("amount", filter=Q(paid_at__gt=now - timedelta(days=30))),
        late=Count("pk", filter=Q(late_since__isnull=False, state__in=LATE_STATES)),
        ever_late=Count("pk", filter=Q(late_since__isnull=False)),
        closed=Count("pk", filter=Q(state="closed")),
    )
    prefix = f"merchant:{merchant.pk}:"
    balances = Balance.objects.filter(account__startswith=prefix).order_by("account", "currency")
    return Detail(
        merchant=merchant,
        staff=list(Staff.objects.filter(merchant=merchant).select_related("person").order_by("since", "pk")),
        moves=list(Move.objects.filter(subject_type="merchant", subject_id=str(merchant.pk)).order_by("-id")[:30]),
        acts=list(Act.objects.filter(merchant_id=merchant.pk).order_by("-at", "-pk")[:15]),
        orders=list(orders.order_by("-placed_at")[:10]),
        balances=[(row.account.removeprefix(prefix), row.amount, row.currency) for row in balances],
        figures=figures,
        products=Product.objects.filter(merchant=merchant, state=ProductState.ON_SALE).count(),
        capabilities=[(c.value, [c in CAPABILITIES[state] for state in states]) for c in Capability],
        steps=[event for state, event in MERCHANT_MACHINE.rules if state == merchant.state],
    )
