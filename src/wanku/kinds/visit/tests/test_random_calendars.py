"""Whatever a shop does to its calendars and buyers to their bookings: nobody is in two places, and counters add up."""

import json
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.db.models import F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.bought import pay
from tests.cast import NOW, Shop
from tests.visits import PRICE, TEN, TOMORROW, Salon, salon_of, visit_checkout, wish_of
from wanku.access.actor import Actor
from wanku.flows.booking.reschedule_booking import reschedule_booking
from wanku.flows.buying.cancel_trade import cancel_trade
from wanku.flows.buying.place_order import place_order
from wanku.flows.offering.add_absence import add_absence
from wanku.flows.offering.save_worker import save_worker
from wanku.flows.offering.set_special_day import set_special_day
from wanku.inventory.models import Supply
from wanku.kernel.refusal import Refusal
from wanku.kinds.visit.hours import moment_of, worked_around
from wanku.kinds.visit.load import rosters_of
from wanku.kinds.visit.models import Appointment
from wanku.kinds.visit.rules import WorkerData
from wanku.kinds.visit.tests.rosters import SHANGHAI
from wanku.orders.models import Trade

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
quarter = st.integers(0, 40)
person = st.integers(0, 1)
window = st.tuples(st.integers(24, 80), st.integers(2, 40)).map(lambda w: (w[0] * 15, min((w[0] + w[1]) * 15, 2160)))
deeds = st.one_of(
    st.tuples(st.just("book"), quarter, st.sampled_from([0, 1, None]), st.booleans()),
    st.tuples(st.just("cancel"), quarter),
    st.tuples(st.just("pay"), quarter),
    st.tuples(st.just("move"), quarter, quarter),
    st.tuples(st.just("day"), person, st.one_of(st.just(()), st.tuples(window))),
    st.tuples(st.just("week"), person, window),
    st.tuples(st.just("off"), person),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(deeds, min_size=4, max_size=14))
def test_nobody_is_in_two_places_whatever_happens(bo: Shop, story: list[tuple[Any, ...]]) -> None:
    with transaction.atomic():
        salon = salon_of(bo, step=1, quarters=3)
        trades: list[Trade] = []
        for deed, *told in story:
            before = booked(salon)
            try:
                with transaction.atomic():
                    DEEDS[deed](bo, salon, trades, *told)
            except Refusal:
                assert booked(salon) == before
            check(salon)
        transaction.set_rollback(True)


def booked(salon: Salon) -> Counter[str]:
    """How often each quarter is taken."""
    rows = Supply.objects.filter(key__startswith="hour:").exclude(held=0, sold=0)
    return Counter({row.key: row.held + row.sold for row in rows})


def check(salon: Salon) -> None:
    """I5 and I10, asked of the rows; and that what is booked and what is taken is the same."""
    assert not Supply.objects.exclude(put_in=F("free") + F("held") + F("sold")).exists()
    rows = list(Appointment.objects.filter(is_live=True).order_by("worker_id", "starts_at"))
    for one, other in pairwise(rows):
        assert one.worker_id != other.worker_id or one.during.upper <= other.during.lower
    quarters = sum(int((row.during.upper - row.during.lower).total_seconds()) // 900 for row in rows)
    taken = booked(salon)
    assert sum(taken.values()) == quarters and set(taken.values()) <= {1}


def _book(bo: Shop, salon: Salon, trades: list[Trade], quarter: int, who: int | None, longer: bool) -> None:
    at = TEN - timedelta(hours=2) + timedelta(minutes=15) * quarter
    worker = None if who is None else salon.people[who]
    add_ons = (salon.product.add_ons.get().pk,) if longer else ()
    total = PRICE + 3000 * longer
    guest = Actor(guest_key=uuid4())
    placed = place_order(visit_checkout(wish_of(salon, at, worker, add_ons), guest, uuid4().hex[:12], total), now=NOW)
    trades.append(Trade.objects.get(pk=placed.trade_id))
    # It lies in the hours of whoever does it, from the way there to the end.
    row = Appointment.objects.get(order_id__in=[order.pk for order in trades[-1].orders.all()])
    working = worked_around(rosters_of([row.worker])[row.worker_id], TOMORROW, SHANGHAI)
    first, last = (int(edge.timestamp()) // 900 for edge in (row.during.lower, row.during.upper))
    assert all(n in working for n in range(first, last)), moment_of(first, SHANGHAI)


def _cancel(bo: Shop, salon: Salon, trades: list[Trade], which: int) -> None:
    if trades:
        trade = trades[which % len(trades)]
        cancel_trade(trade.pk, actor=Actor(guest_key=trade.guest_key), now=NOW)


def _pay(bo: Shop, salon: Salon, trades: list[Trade], which: int) -> None:
    if trades:
        trade = Trade.objects.get(pk=trades[which % len(trades)].pk)
        if trade.state == "placed":
            pay(trade)


def _move(bo: Shop, salon: Salon, trades: list[Trade], which: int, quarter: int) -> None:
    if trades:
        trade = trades[which % len(trades)]
        at = TEN - timedelta(hours=2) + timedelta(minutes=15) * quarter
        choice = json.dumps({"at": at.isoformat()})
        actor = Actor(guest_key=trade.guest_key)
        reschedule_booking(trade.orders.get().pk, choice=choice, actor=actor, now=NOW)


def _day(bo: Shop, salon: Salon, trades: list[Trade], who: int, windows: tuple[tuple[int, int], ...]) -> None:
    set_special_day(salon.people[who].pk, TOMORROW, windows, actor=bo.actor, now=NOW)


def _week(bo: Shop, salon: Salon, trades: list[Trade], who: int, hours: tuple[int, int]) -> None:
    worker = salon.people[who]
    week = dict.fromkeys(range(7), (hours,))
    data = WorkerData(worker.name, week, skills=frozenset({salon.variant.pk}), travel_before=1, travel_after=1)
    save_worker(bo.merchant.pk, data, worker_id=worker.pk, actor=bo.actor, now=NOW)


def _off(bo: Shop, salon: Salon, trades: list[Trade], who: int) -> None:
    told: dict[str, Any] = {"first": TOMORROW, "last": TOMORROW, "because": "", "actor": bo.actor, "now": NOW}
    add_absence(bo.merchant.pk, worker_id=salon.people[who].pk, **told)


DEEDS: dict[str, Callable[..., None]] = {
    "book": _book,
    "cancel": _cancel,
    "pay": _pay,
    "move": _move,
    "day": _day,
    "week": _week,
    "off": _off,
}
