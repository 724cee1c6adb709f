"""Seats at the same moment: the last ones, a group whose time runs out while somebody pays, a ship that shrinks."""

import json
import threading
import uuid
from collections import Counter
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from tests.at_once import Meeting, at_once, locks_off
from tests.bought import pay
from tests.cast import NOW, Shop, variant_of
from tests.seats import checkout, reserved, seated, wish
from wanku.access.actor import Actor
from wanku.flows.booking.reschedule_booking import reschedule_booking
from wanku.flows.buying import _sql
from wanku.flows.buying.place_order import place_order
from wanku.flows.offering import decide_departures as deciding
from wanku.flows.offering.cancel_departure import cancel_departure
from wanku.flows.offering.change_cabin import change_cabin
from wanku.flows.offering.clear_departures import clear_departures
from wanku.flows.offering.decide_departures import decide_departures
from wanku.flows.proving.prove_books import prove_books
from wanku.fulfilment.models import Booking
from wanku.inventory import take
from wanku.inventory.models import Supply
from wanku.kernel.refusal import Refusal
from wanku.kinds.seat import passages
from wanku.kinds.seat.models import Departure
from wanku.kinds.seat.passages import counters
from wanku.kinds.seat.rules import CabinData
from wanku.kinds.seat.states import CANCELLED, CONFIRMED
from wanku.kinds.seat.tests.world import STARTS, departure_of, seat_product, seats_left
from wanku.orders.models import Order
from wanku.payments.models import Refund

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault]
UNLOCKED = _sql.LOCK_KEYS.replace("FOR NO KEY UPDATE", "")
TIME = STARTS - timedelta(hours=72)


def guest() -> Actor:
    """A browser of its own."""
    return Actor(guest_key=uuid.uuid4())


def rush(row: Departure, buyers: int, seats: int) -> Counter[str]:
    """Everybody orders so many seats at once."""
    calls = [partial(place_order, checkout(guest(), wish(row, seats)), now=NOW) for _ in range(buyers)]
    return Counter(
        answer.code.name if isinstance(answer, Refusal) else type(answer).__name__ for answer in at_once(*calls)
    )


def test_the_last_seats_are_sold_exactly(bo: Shop) -> None:
    """Seven seats, twelve couples: three of them, and one seat stays free."""
    row = departure_of(seat_product(bo), seats=7)
    told = rush(row, 12, 2)
    assert told["Placed"] == 3 and sum(told.values()) == 12
    supply = Supply.objects.get(key=row.key(variant_of(row.product).pk))
    assert (supply.free, supply.held, supply.put_in) == (1, 6, 7)


def test_control_without_the_lock_everybody_sees_the_last_seats(bo: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Couples decide on the same seats; only the CHECK of the database still holds them back."""
    row = departure_of(seat_product(bo), seats=2)
    monkeypatch.setattr(_sql, "LOCK_KEYS", UNLOCKED)
    Meeting(2).before(monkeypatch, "wanku.flows.buying._sql.write")
    told = rush(row, 8, 2)
    assert told["Placed"] == 1 and told["IntegrityError"] >= 1


def race_with_the_clock(bo: Shop, monkeypatch: pytest.MonkeyPatch) -> tuple[Departure, Meeting]:
    """The third of three travellers pays in the moment in which the clock decides.

    They meet where the payment looks whether the group is complete, and where the clock has made up its mind.
    """
    row = departure_of(seat_product(bo), minimum=3)
    seated(guest(), wish(row, 2))
    trade = reserved(guest(), wish(row, 1), now=TIME - timedelta(minutes=5))
    # The clock has waited once already for whoever was paying.
    Departure.objects.filter(pk=row.pk).update(due_at=TIME + timedelta(minutes=15))
    now = TIME + timedelta(minutes=15)
    meeting = Meeting()
    paying = threading.Event()
    look = passages.sold_on

    def meet_and_look(departure_id: int) -> int:
        paying.set()
        meeting.wait()
        return look(departure_id)

    def decide() -> None:
        paying.wait(20)
        decide_departures(now=now)

    monkeypatch.setattr(passages, "sold_on", meet_and_look)
    meeting.before(monkeypatch, "wanku.flows.offering.decide_departures.move")
    answers: list[Any] = at_once(partial(pay, trade, now=now), decide)
    assert [each for each in answers if isinstance(each, Exception)] == []
    row.refresh_from_db()
    return row, meeting


def test_whoever_pays_while_the_clock_decides_is_counted(bo: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    row, meeting = race_with_the_clock(bo, monkeypatch)
    assert not meeting.met and row.state == CONFIRMED
    assert clear_departures(now=TIME + timedelta(hours=1)) == 0 and not Refund.objects.exists()


def test_control_without_the_lock_a_complete_group_is_called_off(bo: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deciding, "lock_counters", lambda departure_id: list(counters(departure_id).order_by("pk")))
    row, meeting = race_with_the_clock(bo, monkeypatch)
    assert meeting.met and row.state == CANCELLED
    assert sum(counter.sold for counter in counters(row.pk)) == row.minimum


def test_in_whichever_order_everybody_travels_or_has_their_money(bo: Shop) -> None:
    """Without any arrangement, several times: it goes with all three, or all three are paid back in full."""
    product = seat_product(bo)
    for day in range(4):
        starts_at = STARTS + timedelta(days=day)
        row = departure_of(product, minimum=3, starts_at=starts_at)
        first = seated(guest(), wish(row, 2))
        now = starts_at - timedelta(hours=72)
        trade = reserved(guest(), wish(row, 1), now=now - timedelta(minutes=5))
        Departure.objects.filter(pk=row.pk).update(due_at=now + timedelta(seconds=1))
        now += timedelta(seconds=1)
        at_once(partial(decide_departures, now=now), partial(pay, trade, now=now), partial(clear_departures, now=now))
        clear_departures(now=now)
        row.refresh_from_db()
        orders = [Order.objects.get(pk=first.pk), Order.objects.get(trade=trade)]
        states = {Booking.objects.get(order=order).state for order in orders}
        back = [sum(Refund.objects.filter(order=order).values_list("amount", flat=True)) for order in orders]
        if row.state == CONFIRMED:
            assert states == {"accepted"} and back == [0, 0]
        else:
            assert row.state == CANCELLED and states == {"cancelled"}
            assert back == [order.amount for order in orders] and seats_left(row) == 0
    assert all(check.holds for check in prove_books())


def test_a_shop_that_calls_off_while_somebody_pays_keeps_nobodys_money(bo: Shop) -> None:
    row = departure_of(seat_product(bo))
    trades = [reserved(guest(), wish(row, 1)) for _ in range(4)]
    calls: list[Any] = [partial(pay, trade, now=NOW) for trade in trades]
    calls.append(partial(cancel_departure, row.pk, because="storm", actor=bo.actor, now=NOW))
    answers = at_once(*calls)
    assert [each for each in answers if isinstance(each, Exception)] == []
    while clear_departures(now=NOW):
        pass
    for order in Order.objects.all():
        assert order.state == "closed" and Refund.objects.get(order=order).amount == order.amount
    assert seats_left(row) == 0
    assert sum(counter.sold + counter.held for counter in counters(row.pk)) == 0


def test_a_cabin_never_shrinks_below_what_is_ordered(bo: Shop) -> None:
    row = departure_of(seat_product(bo), seats=6)
    variant = variant_of(row.product).pk
    calls: list[Any] = [partial(place_order, checkout(guest(), wish(row, 1)), now=NOW) for _ in range(6)]
    calls += [partial(change_cabin, row.pk, CabinData(variant, n), actor=bo.actor, now=NOW) for n in (1, 3)]
    answers = at_once(*calls)
    assert [each for each in answers if isinstance(each, Exception) and not isinstance(each, Refusal)] == []
    supply = Supply.objects.get(key=row.key(variant))
    placed = sum(1 for each in answers[:6] if not isinstance(each, Refusal))
    assert supply.held == placed <= supply.put_in == supply.free + supply.held


def test_one_payment_arrives_twice_and_takes_the_seats_once(bo: Shop) -> None:
    row = departure_of(seat_product(bo), seats=5)
    trade = reserved(guest(), wish(row, 2))
    at_once(partial(pay, trade, now=NOW), partial(pay, trade, now=NOW))
    supply = Supply.objects.get(key=row.key(variant_of(row.product).pk))
    assert (supply.free, supply.sold) == (3, 2)


@pytest.mark.parametrize("locked", [True, False], ids=["locked", "control: locks off"])
def test_two_families_move_to_the_last_seats_of_two_cabins(
    locked: bool, bo: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of them goes with everybody, the other stays with everybody: nobody is torn apart."""
    product = seat_product(bo)
    old, new = departure_of(product, seats=2), departure_of(product, seats=1, starts_at=STARTS + timedelta(days=7))
    actors = [guest(), guest()]
    orders = [seated(actor, wish(old), wish(old, index=1)) for actor in actors]
    meeting = Meeting()
    meeting.before(monkeypatch, "wanku.flows.booking._new_time.first_way")
    if not locked:
        locks_off(monkeypatch)
        monkeypatch.setattr(take, "LOCK", take.LOCK.replace(" FOR NO KEY UPDATE", ""))
    choice = json.dumps({"departure": new.pk})
    answers = at_once(
        *[
            partial(reschedule_booking, order.pk, choice=choice, actor=actor, now=NOW)
            for order, actor in zip(orders, actors, strict=True)
        ]
    )
    assert meeting.met is not locked, "with locks the second one looks when the first is done"
    assert [each.code.name for each in answers if isinstance(each, Refusal)] == ["not_free"]
    assert Booking.objects.filter(starts_at=new.starts_at).count() == 1
    assert [seats_left(row, cabin) for row in (old, new) for cabin in (0, 1)] == [1, 1, 0, 0]
    gone = {line.order_id for order in orders for line in order.lines.all() if line.choice["departure"] == new.pk}
    assert len(gone) == 1


def test_two_trade_places(bo: Shop) -> None:
    """Each goes where the other comes from, several times: locks have one order, so nobody waits for ever."""
    product = seat_product(bo)
    rows = [departure_of(product, seats=3), departure_of(product, seats=3, starts_at=STARTS + timedelta(days=7))]
    actors = [guest(), guest()]
    orders = [seated(actor, wish(row), wish(row, index=1)) for actor, row in zip(actors, rows, strict=True)]
    for turn in range(3):
        calls: list[Any] = [
            partial(
                reschedule_booking,
                order.pk,
                choice=json.dumps({"departure": rows[(at + turn + 1) % 2].pk}),
                actor=actor,
                now=NOW,
            )
            for at, (order, actor) in enumerate(zip(orders, actors, strict=True))
        ]
        assert at_once(*calls) == [None, None]
        assert [seats_left(row, cabin) for row in rows for cabin in (0, 1)] == [2, 2, 2, 2]
