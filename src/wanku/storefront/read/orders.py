"""A buyer's orders by tab, with what to do next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from wanku.access.actor import Actor
from wanku.audit.rules import current
from wanku.files.models import Picture
from wanku.files.queries import pictures_by_id
from wanku.fulfilment.models import Booking
from wanku.kinds.registry import KINDS
from wanku.orders.models import Line, Order
from wanku.orders.states import CANCELLED, CLOSED, COMPLETED, FULFILLED, FULFILLING, PAID, PLACED
from wanku.payments.models import Refund
from wanku.reviews.models import Review
from wanku.ui.booking_words import order_label
from wanku.ui.labels import Label

PER_PAGE: Final = 10
QUERY_MAX: Final = 80
ALL, TO_PAY, TO_SHIP, TO_RECEIVE, TO_REVIEW, AFTER = "all", "to_pay", "to_ship", "to_receive", "to_review", "after"
TABS: Mapping[str, str | Promise] = {
    ALL: pgettext_lazy("order tab", "All"),
    TO_PAY: pgettext_lazy("order state", "To pay"),
    TO_SHIP: pgettext_lazy("order state", "To ship"),
    TO_RECEIVE: pgettext_lazy("order state", "To receive"),
    TO_REVIEW: pgettext_lazy("order state", "To review"),
    AFTER: pgettext_lazy("order tab", "Refunds and closed"),
}


@dataclass(frozen=True, slots=True)
class Card:
    """An order in the list.

    Attributes:
        state: how it stands, in words.
        more: orders of other shops that are paid together with this one.
    """

    order: Order
    lines: tuple[Line, ...]
    state: Label
    pieces: int
    more: int
    can_review: bool


@dataclass(frozen=True, slots=True)
class OrderList:
    """One page of a tab."""

    cards: tuple[Card, ...]
    page: Page[Order]
    counts: Mapping[str, int]
    tab: str
    query: str
    pictures: Mapping[UUID, Picture]


def _condition(tab: str, now: datetime) -> Q:
    """Which orders a tab shows; for counting, today's review window stands for the frozen ones."""
    window = now - timedelta(seconds=current()["review_window"])
    unreviewed = Exists(Line.objects.filter(order=OuterRef("pk"), review=None))
    conditions = {
        TO_PAY: Q(state=PLACED),
        TO_SHIP: Q(state__in=[PAID, FULFILLING]),
        TO_RECEIVE: Q(state=FULFILLED),
        TO_REVIEW: Q(unreviewed, state=COMPLETED, completed_at__gt=window),
        AFTER: Q(state__in=[CANCELLED, CLOSED]) | Q(Exists(Refund.objects.filter(order=OuterRef("pk")))),
    }
    return conditions.get(tab, Q())


def count_tabs(actor: Actor, now: datetime) -> dict[str, int]:
    """Orders per tab that ask for attention; one query."""
    tabs = (TO_PAY, TO_SHIP, TO_RECEIVE, TO_REVIEW)
    counts: dict[str, int] = Order.objects.bought_by(actor).aggregate(
        **{tab: Count("pk", filter=_condition(tab, now)) for tab in tabs}
    )
    return counts


def read_orders(actor: Actor, *, tab: str, query: str, page: str, now: datetime) -> OrderList:
    """One page of the buyer's orders, newest first; a fixed number of queries."""
    tab = tab if tab in TABS else ALL
    query = query.strip()[:QUERY_MAX]
    orders = Order.objects.bought_by(actor).filter(_condition(tab, now)).select_related("merchant", "trade")
    shown = Paginator(_searched(orders, query).order_by("-placed_at", "-pk"), PER_PAGE).get_page(page)
    cards = _cards(list(shown.object_list), now)
    pictures = pictures_by_id(line.picture_id for card in cards for line in card.lines)
    return OrderList(cards, shown, count_tabs(actor, now), tab, query, pictures)


def _searched(orders: QuerySet[Order], query: str) -> QuerySet[Order]:
    if not query:
        return orders
    digits = "".join(c for c in query if c.isdigit())
    titled = Exists(Line.objects.filter(order=OuterRef("pk"), title__icontains=query))
    found = Q(titled) | Q(merchant__name__icontains=query)
    if len(digits) >= 4:
        found |= Q(number__contains=digits) | Q(trade__number__contains=digits)
    return orders.filter(found)


def _cards(orders: list[Order], now: datetime) -> tuple[Card, ...]:
    ids = [order.pk for order in orders]
    lines: dict[UUID, list[Line]] = {}
    for line in Line.objects.filter(order__in=ids):
        lines.setdefault(line.order_id, []).append(line)
    reviewed = set(Review.objects.filter(order__in=ids).values_list("line_id", flat=True))
    refunds = dict(Refund.objects.filter(order__in=ids).order_by("created_at").values_list("order_id", "state"))
    booked = [order.pk for order in orders if order.kind in KINDS]
    bookings = dict(Booking.objects.filter(order__in=booked).values_list("order_id", "state")) if booked else {}
    together = dict(
        Order.objects.filter(trade__in=[order.trade_id for order in orders])
        .values_list("trade_id")
        .annotate(n=Count("pk"))
    )
    cards = []
    for order in orders:
        mine = tuple(lines.get(order.pk, ()))
        open_lines = any(line.pk not in reviewed for line in mine)
        cards.append(
            Card(
                order=order,
                lines=mine,
                state=order_label(order.kind, shown_state(order, refunds.get(order.pk)), bookings.get(order.pk)),
                pieces=sum(line.quantity for line in mine),
                more=together.get(order.trade_id, 1) - 1,
                can_review=order.state == COMPLETED and open_lines and _in_window(order, now),
            )
        )
    return tuple(cards)


def _in_window(order: Order, now: datetime) -> bool:
    seconds = order.terms.get("clocks", {}).get("review_window") or current()["review_window"]
    return order.completed_at is not None and now <= order.completed_at + timedelta(seconds=seconds)


def shown_state(order: Order, refund_state: str | None) -> str:
    """The word that people see: derived from the stored state and what happens beside it."""
    if refund_state is not None and order.state == CLOSED:
        return "refunded" if refund_state == "succeeded" else "refunding"
    if order.state == FULFILLING:
        return "partly_shipped"
    if order.state == PAID and order.late_since is not None:
        return "late"
    return order.state
