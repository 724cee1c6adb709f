"""Food from the order to the table, and to every rightful end before."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.cast import Shop
from tests.kitchen import LUNCH, dish_of, kitchen_of, meal_checkout, meal_wish, open_kitchen, ordered
from wanku.access.actor import Actor
from wanku.flows.booking.accept_booking import accept_booking
from wanku.flows.booking.advance_booking import advance_booking
from wanku.flows.booking.bookings_due import bookings_due
from wanku.flows.booking.cancel_booking import cancel_booking
from wanku.flows.booking.reject_booking import reject_booking
from wanku.flows.buying.expire_trades import expire_trades
from wanku.flows.buying.place_order import place_order
from wanku.fulfilment.models import Booking
from wanku.inventory.models import Supply
from wanku.kernel.refusal import Refusal
from wanku.kinds.meal.facts import kitchen_key, portion_key
from wanku.kinds.meal.models import Dish, Option
from wanku.orders.models import Line, Order
from wanku.payments.models import Refund
from wanku.pricing.quote import Wish

NOON = datetime(2026, 11, 11, 4, 0, tzinfo=UTC)
QUARTER = "2026-11-11T04:00Z"


@pytest.fixture
def noodles(bo: Shop) -> Dish:
    """A dish with four portions a day, in a kitchen that makes ten dishes a quarter."""
    kitchen_of(bo.merchant)
    dish = dish_of(bo.merchant, portions=4, groups=[("辣度", 1, 1, [("微辣", 0), ("特辣", 150)])])
    open_kitchen(bo.merchant)
    return dish


def wish(dish: Dish, quantity: int = 1, **choice: Any) -> Wish:
    return meal_wish(dish, quantity, options=[Option.objects.order_by("-price")[0].pk], **choice)


def left(dish: Dish) -> tuple[int, int]:
    """Free places of the kitchen at noon, and portions of the day."""
    places, portions = kitchen_key(dish.merchant_id, NOON), portion_key(dish.pk, NOON.date())
    return Supply.objects.get(key=places).free, Supply.objects.get(key=portions).free


def state(order: Order) -> tuple[str, str]:
    order.refresh_from_db()
    return order.state, Booking.objects.get(order=order).state


def test_from_the_order_to_the_table(bo: Shop, ann_actor: Actor, noodles: Dish) -> None:
    order = ordered([wish(noodles, 2)], ann_actor, 2 * 2950)
    assert (order.kind, order.starts_at, order.freight) == ("meal", NOON, 0)
    line = Line.objects.get(order=order)
    assert line.choice["told"] == ["特辣"]
    assert [part["amount"] for part in line.parts] == [2800, 150]
    assert left(noodles) == (8, 2)
    assert state(order) == ("paid", "to_accept")
    accept_booking(order.pk, actor=bo.actor, now=LUNCH + timedelta(minutes=2))
    advance_booking(order.pk, "depart", actor=bo.actor, now=NOON)
    assert state(order) == ("fulfilling", "under_way")
    advance_booking(order.pk, "finish", actor=bo.actor, now=NOON + timedelta(minutes=20))
    assert state(order) == ("fulfilled", "done")


def test_dishes_of_one_time_make_one_order_and_of_two_times_two(bo: Shop, ann_actor: Actor, noodles: Dish) -> None:
    rice = dish_of(bo.merchant, "饭", prices=(1500,))
    place_order(meal_checkout([wish(noodles), meal_wish(rice)], ann_actor, 4450), now=LUNCH)
    assert Order.objects.get().lines.count() == 2
    later = meal_wish(rice, at="2026-11-11T05:00Z")
    place_order(meal_checkout([meal_wish(rice), later], ann_actor, 3000), now=LUNCH)
    assert Order.objects.count() == 3


def test_delivery_costs_what_its_zone_says(bo: Shop, ann_actor: Actor, noodles: Dish) -> None:
    order = ordered([wish(noodles, way="delivery")], ann_actor, 2950 + 500)
    assert order.freight == 500
    assert order.address["district"] == "西湖区"
    cheap = dish_of(bo.merchant, "卤蛋", prices=(600,))
    checkout = meal_checkout([meal_wish(cheap, way="delivery")], ann_actor, 1100)
    with pytest.raises(Refusal) as no:
        place_order(checkout, now=LUNCH)
    assert no.value.code.name == "below_minimum"
    assert Order.objects.count() == 1


def test_a_full_quarter_is_refused_with_the_next(bo: Shop, ann_actor: Actor, noodles: Dish) -> None:
    Supply.objects.filter(key=kitchen_key(bo.merchant.pk, NOON)).update(free=0, held=10)
    with pytest.raises(Refusal) as no:
        place_order(meal_checkout([wish(noodles)], ann_actor, 2950), now=LUNCH)
    assert no.value.code.name == "slot_full"
    assert no.value.facts["at"] == NOON + timedelta(minutes=15)
    assert no.value.field == "lines.0.choice.at"
    Supply.objects.filter(key=portion_key(noodles.pk, NOON.date())).update(free=0, sold=4)
    with pytest.raises(Refusal) as no:
        place_order(meal_checkout([wish(noodles)], ann_actor, 2950), now=LUNCH)
    assert no.value.code.name == "dish_off"
    assert not Order.objects.exists()


def test_nobody_accepts_and_everything_goes_back(bo: Shop, ann_actor: Actor, noodles: Dish) -> None:
    order = ordered([wish(noodles)], ann_actor, 2950)
    assert bookings_due(now=LUNCH + timedelta(minutes=14), limit=9) == 0
    assert bookings_due(now=LUNCH + timedelta(minutes=16), limit=9) == 1
    assert state(order) == ("closed", "rejected")
    assert Refund.objects.get().amount == 2950
    assert left(noodles) == (10, 4)


def test_rejected_with_a_reason(bo: Shop, ann_actor: Actor, noodles: Dish) -> None:
    order = ordered([wish(noodles)], ann_actor, 2950)
    reject_booking(order.pk, because="太忙了", actor=bo.actor, now=LUNCH)
    assert state(order) == ("closed", "rejected")
    assert Refund.objects.get().amount == 2950
    assert left(noodles) == (10, 4)


def test_cancelling_is_free_until_it_is_accepted_and_long_before(bo: Shop, ann_actor: Actor, noodles: Dish) -> None:
    order = ordered([wish(noodles)], ann_actor, 2950)
    cancel_booking(order.pk, actor=ann_actor, now=LUNCH)
    assert Refund.objects.get().amount == 2950

    order = ordered([wish(noodles)], ann_actor, 2950)
    accept_booking(order.pk, actor=bo.actor, now=LUNCH)
    with pytest.raises(Refusal) as no:
        cancel_booking(order.pk, actor=ann_actor, now=LUNCH)
    assert no.value.code.name == "cancellation_fee"
    assert no.value.facts["amount"] == 2950
    assert state(order) == ("fulfilling", "accepted")

    ahead = ordered([wish(noodles, at="2026-11-12T04:00Z")], ann_actor, 2950)
    accept_booking(ahead.pk, actor=bo.actor, now=LUNCH)
    cancel_booking(ahead.pk, actor=ann_actor, now=LUNCH)
    assert state(ahead) == ("closed", "cancelled")


def test_never_out_is_never_paid(bo: Shop, ann_actor: Actor, noodles: Dish) -> None:
    order = ordered([wish(noodles)], ann_actor, 2950)
    accept_booking(order.pk, actor=bo.actor, now=LUNCH)
    bookings_due(now=NOON + timedelta(hours=3, minutes=1), limit=9)
    assert state(order) == ("closed", "cancelled")
    assert Refund.objects.get().amount == 2950


def test_out_and_forgotten_counts_as_handed_over(bo: Shop, ann_actor: Actor, noodles: Dish) -> None:
    order = ordered([wish(noodles)], ann_actor, 2950)
    accept_booking(order.pk, actor=bo.actor, now=LUNCH)
    advance_booking(order.pk, "depart", actor=bo.actor, now=NOON)
    bookings_due(now=NOON + timedelta(hours=3, minutes=1), limit=9)
    assert state(order) == ("fulfilled", "done")


def test_unpaid_for_ten_minutes_is_free_again(bo: Shop, ann_actor: Actor, noodles: Dish) -> None:
    place_order(meal_checkout([wish(noodles, 3)], ann_actor, 3 * 2950), now=LUNCH)
    assert left(noodles) == (7, 1)
    expire_trades(now=LUNCH + timedelta(minutes=11), limit=9)
    assert Order.objects.get().state == "cancelled"
    assert left(noodles) == (10, 4)
