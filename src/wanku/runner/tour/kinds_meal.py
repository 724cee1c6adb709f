"""Food on the throw-away instance: served at a table, brought, called off, never accepted. Django must be set up."""

from datetime import datetime, time, timedelta
from typing import Any, Final

from wanku.access.actor import Actor
from wanku.catalog.models import Category, Variant
from wanku.flows.booking.accept_booking import accept_booking
from wanku.flows.booking.advance_booking import advance_booking
from wanku.flows.booking.cancel_booking import cancel_booking
from wanku.flows.offering.save_dish import save_dish
from wanku.flows.offering.save_kitchen import save_kitchen
from wanku.flows.offering.set_delivery_zones import set_delivery_zones
from wanku.flows.offering.set_opening_hours import set_opening_hours
from wanku.flows.offering.set_tables import set_tables
from wanku.flows.offering.switch_dish import switch_dish
from wanku.fulfilment.models import Booking
from wanku.inventory.models import Supply
from wanku.kinds.meal.hours import Hours
from wanku.kinds.meal.models import Dish, Option, Table
from wanku.kinds.meal.rules import DishData, GroupData, KitchenData, OptionData, ZoneData
from wanku.orders.models import Order
from wanku.runner.tour import cast, market
from wanku.runner.tour.kinds import Scene
from wanku.runner.tour.script import Unseen, money
from wanku.runner.tour.speech import pgettext as _p

PRICE: Final = 2_800
EGG: Final = 300
FEE: Final = 500
PORTIONS: Final = 20


def meals(scene: Scene) -> None:
    """Noodles at a table, noodles that are brought, and two orders that come to nothing.

    Raises:
        Stopped: a step was not seen.
    """
    scene.script.chapter(_p("tour", "A meal: dishes for a quarter of an hour of the kitchen"))
    dish = _set_up(scene)
    _served(scene, dish)
    _called_off(scene, dish)
    _never_accepted(scene, dish)
    _sold_out(scene, dish)


def _set_up(scene: Scene) -> Dish:
    with scene.script.step(
        "shop", _p("tour", "opens a kitchen around the clock, with a dish, a zone and a table")
    ) as step:
        desk, now = market.desk(), scene.start
        shop = desk.merchant_id or 0
        save_kitchen(shop, KitchenData(8, 20, 2, delivers=True, hands_out=True, serves=True), actor=desk, now=now)
        always = {day: (Hours(time(0), time(0)),) for day in range(7)}
        set_opening_hours(shop, always, [], actor=desk, now=now)
        zone = ZoneData("全城", cast.ADDRESS["province"], cast.ADDRESS["city"], fee=FEE, minimum=2_000, minutes=30)
        set_delivery_zones(shop, [zone], actor=desk, now=now)
        set_tables(shop, ["A1"], actor=desk, now=now)
        data = DishData(
            title="沙漏牛腩面",
            category_id=Category.objects.values_list("pk", flat=True)[0],
            sizes=(("", PRICE),),
            portions=PORTIONS,
            groups=(GroupData("加料", 0, 1, (OptionData("溏心蛋", EGG),)),),
        )
        dish = save_dish(shop, data, actor=desk, now=now)
        quarters = Supply.objects.filter(key__startswith=f"kitchen:{shop}:").count()
        step.expect(quarters >= 2 * 96, "≥ 192", quarters)
        step.saw(_p("tour", "%(n)s quarters of an hour can be ordered for") % {"n": quarters})
    return dish


def _served(scene: Scene, dish: Dish) -> None:
    with scene.script.step("guest", _p("tour", "scans the code of table A1, chooses an egg, pays")) as step:
        token = Table.objects.get(merchant=dish.merchant_id).token
        egg = Option.objects.get(group__dish=dish).pk
        order = _order(scene, scene.guest, dish, {"way": "table", "table": token, "options": [egg]}, quantity=2)
        step.expect(order["amount"] == 2 * (PRICE + EGG), money(2 * (PRICE + EGG)), order["amount"])
        booking = _booking(order)
        step.expect(booking.state == "to_accept", "to_accept", booking.state)
        step.expect(_left(dish) == PORTIONS - 2, str(PORTIONS - 2), _left(dish))
        step.saw(_p("tour", "two portions are taken, the kitchen hears it"))
    with scene.script.step("shop", _p("tour", "accepts, cooks, brings it to the table")) as step:
        desk = market.desk()
        accept_booking(booking.order_id, actor=desk, now=scene.start)
        advance_booking(booking.order_id, "depart", actor=desk, now=_start(booking))
        advance_booking(booking.order_id, "finish", actor=desk, now=_start(booking))
        seen = scene.see(scene.guest, order["number"])
        step.expect(seen["state"] == "fulfilled", "fulfilled", seen["state"])
        step.saw(_p("tour", "accept, out, handed over"))


def _called_off(scene: Scene, dish: Dish) -> None:
    with scene.script.step("guest", _p("tour", "as a member has noodles brought, and calls them off at once")) as step:
        order = _order(scene, scene.member, dish, {"way": "delivery"}, address=True)
        step.expect(order["amount"] == PRICE + FEE, money(PRICE + FEE), order["amount"])
        booking = _booking(order)
        buyer = Actor(person_id=Order.objects.select_related("trade").get(pk=booking.order_id).trade.buyer_id)
        cancel_booking(booking.order_id, actor=buyer, now=scene.start)
        scene.paid_back(scene.member, order["number"], order["amount"])
        step.saw(_p("tour", "nobody had accepted: everything comes back, the fee for bringing it too"))


def _never_accepted(scene: Scene, dish: Dish) -> None:
    with scene.script.step("clock", _p("tour", "a kitchen that says nothing for a quarter of an hour")) as step:
        order = _order(scene, scene.guest, dish, {"way": "pickup"})
        booking = _booking(order)
        for minutes in (16, 21):
            # The clock acts first, and then sends what it decided to pay back.
            scene.place.sweep(booking.begun_at + timedelta(minutes=minutes))
        booking.refresh_from_db()
        step.expect(booking.state == "rejected", "rejected", booking.state)
        scene.paid_back(scene.guest, order["number"], order["amount"])
        step.expect(_left(dish) == PORTIONS - 2, str(PORTIONS - 2), _left(dish))
        step.saw(_p("tour", "everything comes back, the portion is there again"))


def _sold_out(scene: Scene, dish: Dish) -> None:
    with scene.script.step("shop", _p("tour", "switches the dish off for today")) as step:
        # On the day for which is asked: shortly before midnight, what is ordered now is for tomorrow.
        at = scene.start.replace(minute=0, second=0, microsecond=0) + timedelta(hours=2)
        switch_dish(dish.merchant_id, dish.pk, on=False, actor=market.desk(), now=at)
        body = {"lines": [_line(dish, {"way": "pickup", "at": at.isoformat()})]}
        quote = scene.guest.post("/quotes", body, status=200)
        codes = [refusal["code"] for refusal in quote["refusals"]]
        step.expect("dish_off" in codes, "dish_off", codes)
        step.saw(_p("tour", "the price already says it, before anybody pays"))


def _line(dish: Dish, choice: dict[str, Any], quantity: int = 1) -> dict[str, Any]:
    variant = Variant.objects.get(product=dish.pk, is_active=True).pk
    return {**cast.wish(variant, quantity), "choice": choice}


def _order(
    scene: Scene, buyer: Any, dish: Dish, choice: dict[str, Any], quantity: int = 1, *, address: bool = False
) -> Any:
    return scene.order(buyer, [_line(dish, choice, quantity)], address=address)["orders"][0]


def _booking(order: Any) -> Booking:
    return Booking.objects.get(order__number=order["number"])


def _start(booking: Booking) -> datetime:
    if booking.starts_at is None:
        raise Unseen("a start", booking.starts_at)
    return booking.starts_at


def _left(dish: Dish) -> int:
    return min(Supply.objects.filter(key__startswith=f"portion:{dish.pk}:").values_list("free", flat=True))
