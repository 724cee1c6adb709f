"""The last room over overlapping nights: never two guests. Without the lock of the counters the race appears."""

import uuid
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial

import pytest

from tests.at_once import Meeting, at_once
from tests.cast import NOW, Shop
from tests.stays import FIRST, nights_left, stay_checkout, stay_choice, stay_wish, stayed
from wanku.access.actor import Actor
from wanku.flows.booking.reschedule_booking import reschedule_booking
from wanku.flows.buying import _sql
from wanku.flows.buying.place_order import place_order
from wanku.flows.proving.prove_books import prove_books
from wanku.kernel.refusal import Refusal
from wanku.kinds.stay.models import RoomType
from wanku.kinds.stay.tests.houses import house_of, room_of
from wanku.orders.models import Line, Order, Trade

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault]
GUESTS = 30
UNLOCKED = _sql.LOCK_KEYS.replace("FOR NO KEY UPDATE", "")


def race(room: RoomType, stays: Sequence[tuple[date, int]]) -> Counter[str]:
    """Everybody asks at the same moment for one of these stays; what each is told."""
    checkouts = [
        stay_checkout(stay_wish(room, *stays[n % len(stays)]), Actor(guest_key=uuid.uuid4()), f"race{n}")
        for n in range(GUESTS)
    ]
    answers = at_once(*(partial(place_order, checkout, now=NOW) for checkout in checkouts))
    return Counter(told(answer) for answer in answers)


def told(answer: object) -> str:
    """What one guest heard: a refusal's code, a constraint's name, or that it was placed."""
    if isinstance(answer, Refusal):
        return answer.code.name
    constraint = getattr(getattr(getattr(answer, "__cause__", None), "diag", None), "constraint_name", None)
    return constraint or type(answer).__name__


def nobody_shares_a_room(rooms: int) -> None:
    """I10, counted from the orders and not from the counters; and I5 of the counters."""
    taken: Counter[date] = Counter()
    for line in Line.objects.filter(order__kind="stay").exclude(order__state="cancelled"):
        first, last = date.fromisoformat(line.choice["check_in"]), date.fromisoformat(line.choice["check_out"])
        taken.update(first + timedelta(days=n) for n in range((last - first).days))
    assert max(taken.values(), default=0) <= rooms
    assert all(check.holds for check in prove_books() if check.code in ("I5", "I10"))


def test_two_guests_for_the_last_room_over_overlapping_nights(bo: Shop) -> None:
    room = room_of(house_of(bo.merchant, rooms=1))
    answers = race(room, [(FIRST, 2), (FIRST + timedelta(days=1), 2)])
    assert answers["Placed"] == 1
    assert sum(answers.values()) == GUESTS
    assert "IntegrityError" not in answers
    assert Trade.objects.count() == 1
    nobody_shares_a_room(1)


def test_stays_that_only_touch_are_both_had(bo: Shop) -> None:
    room = room_of(house_of(bo.merchant, rooms=1))
    answers = race(room, [(FIRST, 2), (FIRST + timedelta(days=2), 2)])
    assert answers["Placed"] == 2
    assert nights_left(room) == [(0, 1, 0)] * 4
    nobody_shares_a_room(1)


def test_three_rooms_and_stays_of_all_lengths(bo: Shop) -> None:
    room = room_of(house_of(bo.merchant, rooms=3))
    answers = race(room, [(FIRST + timedelta(days=n % 3), 1 + n % 4) for n in range(12)])
    assert 3 <= answers["Placed"] <= 9
    nobody_shares_a_room(3)


def test_control_without_the_lock_the_race_appears(bo: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Guests decide on the same numbers; only the counters' own check still holds them back."""
    monkeypatch.setattr(_sql, "LOCK_KEYS", UNLOCKED)
    Meeting(8).before(monkeypatch, "wanku.flows.buying._sql.write")
    room = room_of(house_of(bo.merchant, rooms=1))
    answers = race(room, [(FIRST, 2), (FIRST + timedelta(days=1), 2)])
    assert answers["supply_free_not_negative"] > 0, "nobody raced, so the tests above prove nothing"
    assert Trade.objects.count() == 1
    nobody_shares_a_room(1)


def test_two_move_into_the_last_room(bo: Shop) -> None:
    room = room_of(house_of(bo.merchant, rooms=1))
    guests = [Actor(guest_key=uuid.uuid4()) for _ in range(2)]
    orders = [stayed(room, actor, FIRST + timedelta(days=2 * n)) for n, actor in enumerate(guests)]
    choice = stay_choice(FIRST + timedelta(days=5))
    calls = [
        partial(reschedule_booking, order.pk, choice=choice, actor=actor, now=NOW)
        for order, actor in zip(orders, guests, strict=True)
    ]
    answers = Counter(told(answer) for answer in at_once(*calls))
    assert sorted(answers.values()) == [1, 1], answers
    assert Order.objects.filter(starts_at__date=FIRST + timedelta(days=5)).count() == 1
    nobody_shares_a_room(1)
