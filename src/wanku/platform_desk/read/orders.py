"""Finding any order, and one trade with everything that belongs to it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

from wanku.access.actor import Actor
from wanku.audit.models import Move
from wanku.fulfilment.models import Parcel
from wanku.kernel.ids import clean_number
from wanku.ledger.models import Entry
from wanku.merchants.models import Merchant
from wanku.orders.models import Order, Trade
from wanku.orders.states import ORDER_MACHINE
from wanku.payments.models import Attempt, Refund
from wanku.platform_desk.read.queues import LATE_STATES

PAGE = 30
STATES = ORDER_MACHINE.states()
PHONE_DIGITS_MIN = 7


@dataclass(frozen=True, slots=True)
class Search:
    """What was asked for."""

    q: str = ""
    merchant: str = ""
    state: str = ""
    late: bool = False


def search(actor: Actor, asked: Search) -> QuerySet[Order]:
    """Orders by number, phone, e-mail or contact name, merchant and state; newest first, the latest late ones first."""
    rows = Order.objects.visible_to(actor).select_related("merchant", "trade")
    if asked.q:
        rows = rows.filter(_matches(asked.q))
    if asked.merchant:
        rows = rows.filter(merchant__slug=asked.merchant)
    if asked.state in STATES:
        rows = rows.filter(state=asked.state)
    if asked.late:
        return rows.filter(late_since__isnull=False, state__in=LATE_STATES).order_by("late_since", "pk")
    return rows.order_by("-placed_at", "-pk")


def _matches(q: str) -> Q:
    number = clean_number(q)
    if number:
        return Q(number=number) | Q(trade__number=number)
    if "@" in q:
        return Q(trade__contact_email__iexact=q) | Q(trade__buyer__email__iexact=q)
    digits = re.sub(r"\D", "", q)
    if len(digits) >= PHONE_DIGITS_MIN and len(digits) >= len(q) // 2:
        return (
            Q(trade__contact_phone__endswith=digits)
            | Q(trade__buyer__phone__endswith=digits)
            | Q(number__startswith=digits)
            | Q(trade__number__startswith=digits)
        )
    return Q(trade__contact_name__iexact=q)


def listing(rows: QuerySet[Order], number: str | None) -> Page[Order]:
    """One page of orders."""
    return Paginator(rows, PAGE).get_page(number)


def merchants() -> list[tuple[str, str]]:
    """Slugs and names to filter by."""
    return list(Merchant.objects.exclude(state="applying").order_by("name").values_list("slug", "name")[:500])


@dataclass(frozen=True, slots=True)
class Whole:
    """A trade with everything that belongs to it."""

    trade: Trade
    orders: Sequence[Order]
    attempts: Sequence[Attempt]
    refunds: Sequence[Refund]
    parcels: Sequence[Parcel]
    moves: Sequence[Move]
    entries: Sequence[Entry]
    names: Mapping[str, str]


def whole(actor: Actor, trade_id: UUID, *, with_ledger: bool) -> Whole | None:
    """Read one trade in a fixed number of queries, or None when this actor cannot see it.

    Args:
        with_ledger: whether the reader may see what was booked.
    """
    trade = Trade.objects.visible_to(actor).select_related("buyer").filter(pk=trade_id).first()
    if trade is None:
        return None
    orders = list(
        Order.objects.filter(trade=trade).select_related("merchant").prefetch_related("lines").order_by("number")
    )
    attempts = list(Attempt.objects.filter(trade=trade).order_by("-created_at"))
    refunds = list(Refund.objects.filter(trade=trade).select_related("order", "attempt").order_by("-created_at"))
    parcels = list(
        Parcel.objects.filter(order__trade=trade).prefetch_related("lines__line", "events").order_by("shipped_at")
    )
    return Whole(
        trade=trade,
        orders=orders,
        attempts=attempts,
        refunds=refunds,
        parcels=parcels,
        moves=list(Move.objects.filter(trade_id=trade.pk).order_by("-id")[:200]),
        entries=_entries(orders, attempts, refunds) if with_ledger else [],
        names={str(order.pk): str(order) for order in orders},
    )


def _entries(orders: Sequence[Order], attempts: Sequence[Attempt], refunds: Sequence[Refund]) -> list[Entry]:
    refs = Q(ref_type="order", ref_id__in=[str(order.pk) for order in orders])
    refs |= Q(ref_type="attempt", ref_id__in=[str(attempt.pk) for attempt in attempts])
    refs |= Q(ref_type="refund", ref_id__in=[str(refund.pk) for refund in refunds])
    return list(Entry.objects.filter(refs).prefetch_related("postings").order_by("at", "id"))


def row_of(order: Order) -> dict[str, Any]:
    """What a list shows of an order: its state as people call it."""
    late = order.late_since is not None and order.state in LATE_STATES
    return {"order": order, "shown": "late" if late else order.state}
