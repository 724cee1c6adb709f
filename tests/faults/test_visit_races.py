"""Fifty buyers for one person's hour: one gets it. Without the locks of the counters the second lock holds."""

import json
import uuid
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise

import pytest

from tests.at_once import Meeting, at_once
from tests.cast import NOW, Shop
from tests.visits import TEN, TOMORROW, Salon, booked, hours_of, salon_of, visit_checkout, wish_of
from wanku.access.actor import Actor
from wanku.flows.booking.reschedule_booking import reschedule_booking
from wanku.flows.buying import _sql
from wanku.flows.buying.place_order import place_order
from wanku.flows.proving.prove_books import prove_books
from wanku.inventory.models import Supply
from wanku.kernel.refusal import Refusal
from wanku.kinds.visit.models import Appointment, Worker
from wanku.orders.models import Order, Trade

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault]
BUYERS = 50
UNLOCKED = _sql.LOCK_KEYS.replace("FOR NO KEY UPDATE", "")
SECOND_LOCK = "visit_appointment_alone"


def race(salon: Salon, times: Sequence[datetime], worker: Worker | None) -> Counter[str]:
    """Everybody asks at the same moment; what each is told."""

    def call(number: int) -> object:
        actor = Actor(guest_key=uuid.uuid4())
        wish = wish_of(salon, times[number % len(times)], worker)
        return place_order(visit_checkout(wish, actor, f"race-{number}"), now=NOW)

    return Counter(told(answer) for answer in at_once(*(partial(call, n) for n in range(BUYERS))))


def told(answer: object) -> str:
    """What one buyer heard: a refusal's code, a constraint's name, or that it was placed."""
    if isinstance(answer, Refusal):
        return answer.code.name
    constraint = getattr(getattr(getattr(answer, "__cause__", None), "diag", None), "constraint_name", None)
    return constraint or type(answer).__name__


def nobody_is_in_two_places() -> None:
    """I10, asked of the rows and not of the constraint; and I5 of the counters."""
    rows = list(Appointment.objects.filter(is_live=True).order_by("worker_id", "starts_at"))
    for one, other in pairwise(rows):
        assert one.worker_id != other.worker_id or one.during.upper <= other.during.lower
    assert all(check.holds for check in prove_books() if check.code in ("I5", "I10"))


def test_one_of_fifty_gets_the_hour(bo: Shop) -> None:
    salon = salon_of(bo)
    wang, li = salon.people
    assert race(salon, [TEN], wang) == {"Placed": 1, "not_free": 49}
    assert hours_of(wang)["held"] == 10 and hours_of(li)["held"] == 0
    assert Appointment.objects.count() == Trade.objects.count() == 1
    nobody_is_in_two_places()


def test_anyone_means_each_person_once(bo: Shop) -> None:
    salon = salon_of(bo)
    assert race(salon, [TEN], None) == {"Placed": 2, "not_free": 48}
    assert {row.worker_id for row in Appointment.objects.all()} == {worker.pk for worker in salon.people}
    nobody_is_in_two_places()


def test_times_that_overlap_never_meet(bo: Shop) -> None:
    salon = salon_of(bo)
    afternoon = [TEN + timedelta(hours=3, minutes=30) + timedelta(minutes=30) * n for n in range(6)]
    answers = race(salon, [TEN, *afternoon], None)
    assert answers["Placed"] + answers["not_free"] == BUYERS and 3 <= answers["Placed"] <= 6
    nobody_is_in_two_places()


def test_control_without_the_lock_the_race_appears(bo: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Buyers decide on the same numbers; the counters' own check still holds them back."""
    monkeypatch.setattr(_sql, "LOCK_KEYS", UNLOCKED)
    Meeting(8).before(monkeypatch, "wanku.flows.buying._sql.write")
    salon = salon_of(bo)
    answers = race(salon, [TEN], salon.people[0])
    assert answers["supply_free_not_negative"] > 0, "nobody raced, so the tests above prove nothing"
    assert Trade.objects.count() == Appointment.objects.count() == 1


def test_control_with_counters_that_lie_the_second_lock_holds(bo: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever went wrong with the counters, the database books nobody twice."""
    monkeypatch.setattr(_sql, "LOCK_KEYS", UNLOCKED)
    salon = salon_of(bo, "王")
    Supply.objects.filter(key__startswith="hour:").update(free=BUYERS, put_in=BUYERS)
    answers = race(salon, [TEN, TEN - timedelta(minutes=30)], salon.people[0])
    assert answers == {"Placed": 1, SECOND_LOCK: 49}
    assert Trade.objects.count() == Order.objects.count() == Appointment.objects.count() == 1
    assert hours_of(salon.people[0], TOMORROW)["held"] == 10


def test_two_move_to_one_hour(bo: Shop) -> None:
    salon = salon_of(bo, "王")
    there = TEN + timedelta(hours=4)
    buyers = [Actor(guest_key=uuid.uuid4()) for _ in range(2)]
    orders = [booked(salon, actor, TEN + timedelta(days=n)) for n, actor in enumerate(buyers)]
    choice = json.dumps({"at": there.isoformat()})
    calls = [
        partial(reschedule_booking, order.pk, choice=choice, actor=actor, now=NOW)
        for order, actor in zip(orders, buyers, strict=True)
    ]
    answers = Counter(told(answer) for answer in at_once(*calls))
    assert sorted(answers.values()) == [1, 1], answers
    assert Appointment.objects.filter(is_live=True, starts_at=there).count() == 1
    nobody_is_in_two_places()
