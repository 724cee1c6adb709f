"""Stays on the throw-away instance: ordered, checked in, called off, never begun. Django must be set up."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from wanku.access.actor import Actor
from wanku.catalog.models import Category
from wanku.catalog.rules import ProductData, VariantData
from wanku.flows.booking.advance_booking import advance_booking
from wanku.flows.booking.bookings_due import bookings_due
from wanku.flows.booking.cancel_booking import cancel_booking
from wanku.flows.booking.check_in import check_in
from wanku.flows.offering.save_room import save_room
from wanku.flows.offering.set_house import set_house
from wanku.flows.selling.list_product import list_product
from wanku.flows.selling.save_product import save_product
from wanku.fulfilment.models import Booking
from wanku.inventory.models import Supply
from wanku.kernel.money import portion
from wanku.kinds.stay.models import RoomType
from wanku.kinds.stay.prices import supply_key
from wanku.kinds.stay.rules import HouseData, RateData, RoomData
from wanku.orders.models import Order
from wanku.runner.tour import cast, market
from wanku.runner.tour.kinds import Scene
from wanku.runner.tour.script import Unseen, money
from wanku.runner.tour.speech import pgettext as _p

PRICE: Final = 52_000
NIGHTS: Final = 3
ROOMS: Final = 2
KEPT_BP: Final = 5_000


def stays(scene: Scene) -> None:
    """A stay that is kept, one that is called off for half, and a guest who never comes.

    Raises:
        Stopped: a step was not seen.
    """
    scene.script.chapter(_p("tour", "A stay: nights in a room, confirmed at once"))
    room = _set_up(scene)
    _kept(scene, room)
    _called_off(scene, room)
    _never_came(scene, room)


def _set_up(scene: Scene) -> RoomType:
    with scene.script.step("shop", _p("tour", "opens a house with two rooms, sixty days ahead")) as step:
        desk, now = market.desk(), scene.start
        data = ProductData(
            kind="stay",
            title="沙漏小院",
            category_id=Category.objects.values_list("pk", flat=True)[0],
            variants=(VariantData(sku="HOUSE", price=PRICE),),
        )
        product = save_product(desk.merchant_id or 0, data, product_id=None, stock={}, low_at={}, actor=desk, now=now)
        set_house(product.pk, HouseData("杭州", "北山街 42 号", ahead_days=60), actor=desk, now=now)
        rate = RateData("含双早", "breakfast", notice=((24 * 7, 0), (0, KEPT_BP)))
        room = save_room(
            product.pk,
            RoomData("庭院双床房", ROOMS, PRICE, (rate,), most=3, adult_fee=10_000),
            room_id=None,
            actor=desk,
            now=now,
        )
        list_product(product.pk, actor=desk, now=now)
        nights = Supply.objects.filter(key__startswith=f"night:{room.pk}:").count()
        step.expect(nights >= 60, "≥ 60", nights)
        step.saw(_p("tour", "%(n)s nights are on sale") % {"n": nights})
    return room


def _kept(scene: Scene, room: RoomType) -> None:
    first = _day(scene, 20)
    with scene.script.step("guest", _p("tour", "books three nights for three, and pays")) as step:
        order = _order(scene, scene.guest, room, first, adults=3)
        step.expect(order["amount"] == NIGHTS * (PRICE + 10_000), money(NIGHTS * (PRICE + 10_000)), order["amount"])
        step.expect(_free(room, first) == [ROOMS - 1] * NIGHTS, str([ROOMS - 1] * NIGHTS), _free(room, first))
        booking = _booking(order)
        step.expect(booking.state == "accepted", "accepted", booking.state)
        step.saw(_p("tour", "confirmed at once, %(amount)s") % {"amount": money(order["amount"])})
    with scene.script.step("shop", _p("tour", "checks the guest in by code, and out a day early")) as step:
        check_in(booking.code, actor=market.desk(), now=_start(booking))
        advance_booking(booking.order_id, "finish", actor=market.desk(), now=_start(booking) + timedelta(hours=40))
        seen = scene.see(scene.guest, order["number"])
        step.expect(seen["state"] == "fulfilled", "fulfilled", seen["state"])
        step.saw(_p("tour", "an early leave is paid in full; the receipt clock runs"))


def _called_off(scene: Scene, room: RoomType) -> None:
    with scene.script.step("guest", _p("tour", "as a member calls off a stay three days before")) as step:
        first = _day(scene, 3)
        order = _order(scene, scene.member, room, first)
        booking = _booking(order)
        buyer = Actor(person_id=Order.objects.select_related("trade").get(pk=booking.order_id).trade.buyer_id)
        fee = portion(order["amount"], KEPT_BP, 10_000)
        cancel_booking(booking.order_id, actor=buyer, now=datetime.now(UTC), agreed_fee=fee)
        scene.paid_back(scene.member, order["number"], order["amount"] - fee)
        step.expect(_free(room, first) == [ROOMS] * NIGHTS, str([ROOMS] * NIGHTS), _free(room, first))
        step.saw(_p("tour", "the frozen table keeps half, the nights are free again"))


def _never_came(scene: Scene, room: RoomType) -> None:
    with scene.script.step("clock", _p("tour", "a guest who has not come a day after check-in time")) as step:
        order = _order(scene, scene.guest, room, _day(scene, 40))
        booking = _booking(order)
        bookings_due(now=_start(booking) + timedelta(hours=25))
        booking.refresh_from_db()
        step.expect(booking.state == "no_show", "no_show", booking.state)
        step.saw(_p("tour", "no-show: the house keeps the price"))


def _order(scene: Scene, buyer: Any, room: RoomType, first: date, adults: int = 2) -> Any:
    choice = {
        "check_in": first.isoformat(),
        "check_out": (first + timedelta(days=NIGHTS)).isoformat(),
        "adults": adults,
    }
    variant = room.rates.values_list("pk", flat=True)[0]
    line = {**cast.wish(variant), "choice": choice, "details": {"guest": "安小姐"}}
    return scene.order(buyer, [line])["orders"][0]


def _booking(order: Any) -> Booking:
    return Booking.objects.get(order__number=order["number"])


def _start(booking: Booking) -> datetime:
    if booking.starts_at is None:
        raise Unseen("a start", booking.starts_at)
    return booking.starts_at


def _free(room: RoomType, first: date) -> list[int]:
    keys = [supply_key(room.pk, first + timedelta(days=n)) for n in range(NIGHTS)]
    found = dict(Supply.objects.filter(key__in=keys).values_list("key", "free"))
    return [found[key] for key in keys]


def _day(scene: Scene, days: int) -> date:
    return (scene.start + timedelta(days=days)).date()
