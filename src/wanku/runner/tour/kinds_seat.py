"""Journeys on the throw-away instance: kept, called off, and a group that stays too small. Django must be set up."""

from datetime import time, timedelta
from typing import Any, Final

from wanku.access.actor import Actor
from wanku.catalog.models import Category, Product
from wanku.catalog.rules import ProductData, VariantData
from wanku.flows.booking.bookings_due import bookings_due
from wanku.flows.booking.cancel_booking import cancel_booking
from wanku.flows.booking.check_in import check_in
from wanku.flows.offering.add_departures import add_departures
from wanku.flows.offering.clear_departures import clear_departures
from wanku.flows.offering.decide_departures import decide_departures
from wanku.flows.offering.export_manifest import export_manifest
from wanku.flows.offering.set_seat_terms import set_seat_terms
from wanku.flows.selling.list_product import list_product
from wanku.flows.selling.save_product import save_product
from wanku.fulfilment.models import Booking
from wanku.kernel.money import portion
from wanku.kinds.seat.models import Departure
from wanku.kinds.seat.passages import counters
from wanku.kinds.seat.rules import CabinData, Journey
from wanku.kinds.seat.series import Series
from wanku.orders.models import Order
from wanku.runner.tour import cast, market
from wanku.runner.tour.kinds import Scene
from wanku.runner.tour.script import money
from wanku.runner.tour.speech import pgettext as _p

PRICE: Final = 88_000
SEATS: Final = 12
KEPT_BP: Final = 3_000
NOTICE: Final = ({"hours": 168, "bp": 0}, {"hours": 48, "bp": KEPT_BP}, {"hours": 4, "bp": 8_000})


def journeys(scene: Scene) -> None:
    """A flight that is taken, one that is called off at a fee, and a tour whose group stays too small.

    Raises:
        Stopped: a step was not seen.
    """
    scene.script.chapter(_p("tour", "A journey: seats on a departure, with everybody’s documents"))
    product = _set_up(scene)
    _kept(scene, product)
    _called_off(scene, product)
    _too_few(scene, product)


def _set_up(scene: Scene) -> Product:
    with scene.script.step("shop", _p("tour", "puts a flight from Shanghai to Tokyo on offer, every day")) as step:
        desk, now = market.desk(), scene.start
        data = ProductData(
            kind="seat",
            title="上海—东京",
            category_id=Category.objects.values_list("pk", flat=True)[0],
            variants=(VariantData(sku="SEAT", price=PRICE),),
        )
        product = save_product(desk.merchant_id or 0, data, product_id=None, stock={}, low_at={}, actor=desk, now=now)
        set_seat_terms(product.pk, real_name=True, cancellation=NOTICE, actor=desk, now=now)
        first = now.date() + timedelta(days=4)
        series = Series(first, first + timedelta(days=9), time(9, 15), time(13, 5))
        rows = add_departures(product.pk, _journey(product), series, actor=desk, now=now)
        list_product(product.pk, actor=desk, now=now)
        step.expect(len(rows) == 10, "10", len(rows))
        step.saw(_p("tour", "%(n)s departures with %(seats)s seats each") % {"n": len(rows), "seats": SEATS})
    return product


def _kept(scene: Scene, product: Product) -> None:
    row = Departure.objects.filter(product=product)[0]
    with scene.script.step("guest", _p("tour", "takes two seats, names both travellers, and pays")) as step:
        order = _order(scene, scene.guest, row, 2)
        booking = Booking.objects.get(order__number=order["number"])
        step.expect(order["amount"] == 2 * PRICE, money(2 * PRICE), order["amount"])
        step.expect(_free(row) == SEATS - 2, str(SEATS - 2), _free(row))
        step.expect(booking.state == "accepted", "accepted", booking.state)
        step.saw(_p("tour", "confirmed at once, %(amount)s") % {"amount": money(order["amount"])})
    with scene.script.step("shop", _p("tour", "reads the list of those aboard, and checks them in by code")) as step:
        desk = market.desk()
        _row, aboard = export_manifest(row.pk, actor=desk, now=scene.start)
        step.expect([each.number for each in aboard] == ["E10000000", "E10000001"], "2", len(aboard))
        check_in(booking.code, actor=desk, now=row.starts_at - timedelta(hours=1))
        bookings_due(now=row.ends_at + timedelta(hours=3))
        seen = scene.see(scene.guest, order["number"])
        step.expect(seen["state"] == "fulfilled", "fulfilled", seen["state"])
        step.saw(_p("tour", "the reading is recorded; two hours after the landing it counts as done"))


def _called_off(scene: Scene, product: Product) -> None:
    row = Departure.objects.filter(product=product)[1]
    with scene.script.step("guest", _p("tour", "as a member calls off a flight five days before")) as step:
        order = _order(scene, scene.member, row, 1)
        stored = Order.objects.select_related("trade").get(number=order["number"])
        fee = portion(order["amount"], KEPT_BP, 10_000)
        buyer = Actor(person_id=stored.trade.buyer_id)
        cancel_booking(stored.pk, actor=buyer, now=scene.start, agreed_fee=fee)
        scene.paid_back(scene.member, order["number"], order["amount"] - fee)
        step.expect(_free(row) == SEATS, str(SEATS), _free(row))
        step.saw(_p("tour", "the frozen table keeps 30 %, the seat is free again"))


def _too_few(scene: Scene, product: Product) -> None:
    with scene.script.step(
        "clock", _p("tour", "a tour for five or more finds two, and its time to decide comes")
    ) as step:
        desk, now = market.desk(), scene.start
        first = now.date() + timedelta(days=40)
        journey = _journey(product, minimum=5)
        series = Series(first, first, time(9, 15), time(13, 5))
        [row] = add_departures(product.pk, journey, series, actor=desk, now=now)
        order = _order(scene, scene.guest, row, 2)
        decide_departures(now=row.starts_at - timedelta(hours=72))
        clear_departures(now=now)
        scene.paid_back(scene.guest, order["number"], order["amount"])
        row.refresh_from_db()
        step.expect(row.state == "cancelled", "cancelled", row.state)
        seen = scene.see(scene.guest, order["number"])
        step.expect(seen["state"] == "closed", "closed", seen["state"])
        step.saw(_p("tour", "called off by itself: everybody has everything back"))


def _journey(product: Product, minimum: int = 1) -> Journey:
    variant = product.variants.values_list("pk", flat=True)[0]
    cabins = (CabinData(variant, SEATS),)
    return Journey("上海", "东京", "Asia/Shanghai", "Asia/Tokyo", cabins, "浦东 T2", minimum=minimum)


def _order(scene: Scene, buyer: Any, row: Departure, seats: int) -> Any:
    variant = row.product.variants.values_list("pk", flat=True)[0]
    people = [
        {"name": f"Traveller {n}", "document": "passport", "number": f"E1{n:07d}", "birth_date": "1990-05-03"}
        for n in range(seats)
    ]
    choice, details = {"departure": row.pk}, {"travellers": people}
    return scene.order(buyer, [{**cast.wish(variant, seats), "choice": choice, "details": details}])["orders"][0]


def _free(row: Departure) -> int:
    return sum(counter.free for counter in counters(row.pk))
