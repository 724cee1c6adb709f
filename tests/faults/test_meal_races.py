"""The last portion and a full quarter of an hour: never over, whoever asks at the same moment."""

import uuid
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial

import pytest

from tests.at_once import Meeting, at_once
from tests.cast import Shop
from tests.kitchen import LUNCH, dish_of, kitchen_of, meal_checkout, meal_wish, open_kitchen
from wanku.access.actor import Actor
from wanku.flows.buying import _sql
from wanku.flows.buying.place_order import place_order
from wanku.flows.proving.prove_books import prove_books
from wanku.inventory.models import Supply
from wanku.kernel.refusal import Refusal
from wanku.kinds.meal.facts import kitchen_key, portion_key
from wanku.kinds.meal.models import Dish
from wanku.orders.models import Order, Trade

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault]
BUYERS = 40
NOON = datetime(2026, 11, 11, 4, 0, tzinfo=UTC)
UNLOCKED = _sql.LOCK_KEYS.replace("FOR NO KEY UPDATE", "")


def race(dish: Dish, times: Sequence[str] = ("2026-11-11T04:00Z",)) -> Counter[str]:
    """Everybody orders one portion at the same moment; what each is told."""

    def call(number: int) -> object:
        wish = meal_wish(dish, at=times[number % len(times)])
        checkout = meal_checkout([wish], Actor(guest_key=uuid.uuid4()), 2800, key=f"race-{number}")
        return place_order(checkout, now=LUNCH)

    return Counter(told(answer) for answer in at_once(*(partial(call, n) for n in range(BUYERS))))


def told(answer: object) -> str:
    """A refusal's code, a constraint's name, or that it was placed."""
    if isinstance(answer, Refusal):
        return answer.code.name
    constraint = getattr(getattr(getattr(answer, "__cause__", None), "diag", None), "constraint_name", None)
    return constraint or type(answer).__name__


def counter(key: str) -> tuple[int, int]:
    """Free and held."""
    row = Supply.objects.get(key=key)
    return row.free, row.held


def test_the_last_portion_goes_to_one(bo: Shop) -> None:
    kitchen_of(bo.merchant, capacity=99)
    dish = dish_of(bo.merchant, portions=1)
    open_kitchen(bo.merchant)
    assert race(dish, ("2026-11-11T04:00Z", "2026-11-11T05:00Z")) == {"Placed": 1, "dish_off": BUYERS - 1}
    assert counter(portion_key(dish.pk, NOON.date())) == (0, 1)
    assert Order.objects.count() == Trade.objects.count() == 1
    assert all(check.holds for check in prove_books() if check.code in ("I5", "I10"))


def test_a_quarter_holds_no_more_than_the_kitchen_makes(bo: Shop) -> None:
    kitchen_of(bo.merchant, capacity=7)
    dish = dish_of(bo.merchant)
    open_kitchen(bo.merchant)
    assert race(dish) == {"Placed": 7, "slot_full": BUYERS - 7}
    assert counter(kitchen_key(bo.merchant.pk, NOON)) == (0, 7)
    assert all(check.holds for check in prove_books() if check.code in ("I5", "I10"))


def test_control_without_the_lock_the_race_appears(bo: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Buyers decide on the same numbers; the counter's own check still holds them back."""
    monkeypatch.setattr(_sql, "LOCK_KEYS", UNLOCKED)
    Meeting(8).before(monkeypatch, "wanku.flows.buying._sql.write")
    kitchen_of(bo.merchant, capacity=99)
    dish = dish_of(bo.merchant, portions=1)
    open_kitchen(bo.merchant)
    answers = race(dish)
    assert answers["supply_free_not_negative"] > 0, "nobody raced, so the tests above prove nothing"
    assert Trade.objects.count() == 1
    assert counter(portion_key(dish.pk, NOON.date())) == (0, 1)
