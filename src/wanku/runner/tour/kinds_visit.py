"""Visits on the throw-away instance: ordered by guest and member, kept, and called off. Django must be set up."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from wanku.access.actor import Actor
from wanku.catalog.models import AddOn, Category, Variant
from wanku.catalog.rules import AddOnData, ProductData, VariantData
from wanku.flows.booking.accept_booking import accept_booking
from wanku.flows.booking.advance_booking import advance_booking
from wanku.flows.booking.cancel_booking import cancel_booking
from wanku.flows.offering.save_worker import save_worker
from wanku.flows.offering.set_service import set_service
from wanku.flows.selling.list_product import list_product
from wanku.flows.selling.save_product import save_product
from wanku.inventory.models import Supply
from wanku.kinds.visit.models import Appointment
from wanku.kinds.visit.rules import ServiceData, WorkerData
from wanku.kinds.visit.show import show_slots
from wanku.merchants.models import Merchant, Staff
from wanku.orders.models import Order
from wanku.runner.tour import cast
from wanku.runner.tour.kinds import Scene
from wanku.runner.tour.market import SLUG
from wanku.runner.tour.speech import pgettext as _p

SKU: Final = "CLEAN-2H"
PRICE: Final = 9800


def visits(scene: Scene) -> None:
    """A cleaning that is done, one that the buyer calls off, one that the shop never answers.

    Raises:
        Stopped: a step was not seen.
    """
    scene.script.chapter(_p("tour", "A visit: a time, a person, somebody who comes"))
    variant, window = _set_up(scene)
    done = _kept(scene, variant, window)
    _called_off(scene, variant, done)
    _never_answered(scene, variant)


def _set_up(scene: Scene) -> tuple[int, int]:
    with scene.script.step(
        "shop", _p("tour", "offers a cleaning of two hours, by two people from eight to six")
    ) as step:
        desk, now = _desk(), scene.start
        data = ProductData(
            kind="visit",
            title="日常保洁",
            category_id=Category.objects.values_list("pk", flat=True)[0],
            variants=(VariantData(sku=SKU, price=PRICE),),
            add_ons=(AddOnData("擦窗", 3000),),
        )
        product = save_product(desk.merchant_id or 0, data, product_id=None, stock={}, low_at={}, actor=desk, now=now)
        variant, window = Variant.objects.get(sku=SKU).pk, AddOn.objects.get(product=product).pk
        set_service(product.pk, ServiceData("home", {variant: 8}, {window: 2}), actor=desk, now=now)
        week = {day: [(8 * 60, 18 * 60)] for day in range(7)}
        for name in ("王阿姨", "李阿姨"):
            worker = WorkerData(name, week, skills=frozenset({variant}))
            save_worker(desk.merchant_id or 0, worker, worker_id=None, actor=desk, now=now)
        list_product(product.pk, actor=desk, now=now)
        quarters = Supply.objects.filter(key__startswith="hour:").count()
        step.expect(quarters > 0, _p("tour", "quarters of an hour to book"), quarters)
        step.saw(_p("tour", "%(n)s quarters of an hour are open") % {"n": quarters})
    return variant, window


def _kept(scene: Scene, variant: int, window: int) -> Appointment:
    at = _first_time(variant, 3)
    with scene.script.step("guest", _p("tour", "books a time in three days, of anyone, with the windows")) as step:
        order = _order(scene, scene.guest, variant, at, window)
        booked = Appointment.objects.select_related("worker").get(order_id=Order.objects.get(number=order["number"]).pk)
        step.expect(booked.is_live and booked.starts_at == at, str(at), booked.starts_at)
        step.saw(
            _p("tour", "%(name)s is booked, %(amount)s paid") % {"name": booked.worker.name, "amount": order["amount"]}
        )
    with scene.script.step("shop", _p("tour", "accepts, sets off, starts and finishes")) as step:
        desk, pk = _desk(), booked.order_id
        accept_booking(pk, actor=desk, now=scene.start)
        for event, moment in (
            ("depart", at - timedelta(minutes=30)),
            ("start", at),
            ("finish", at + timedelta(minutes=150)),
        ):
            advance_booking(pk, event, actor=desk, now=moment)
        seen = scene.see(scene.guest, order["number"])
        step.expect(seen["state"] == "fulfilled", "fulfilled", seen["state"])
        step.saw(_p("tour", "done; the receipt clock runs"))
    return booked


def _called_off(scene: Scene, variant: int, done: Appointment) -> None:
    at = _first_time(variant, 5)
    with scene.script.step("guest", _p("tour", "as a member books another time and calls it off days before")) as step:
        order = _order(scene, scene.member, variant, at)
        row = Order.objects.select_related("trade").get(number=order["number"])
        cancel_booking(row.pk, actor=Actor(person_id=row.trade.buyer_id), now=scene.start)
        scene.paid_back(scene.member, order["number"], order["amount"])
        step.expect(not Appointment.objects.get(order_id=row.pk).is_live, "free", "booked")
        step.expect(Appointment.objects.get(pk=done.pk).is_live, "booked", "free")
        step.saw(_p("tour", "everything is paid back, the time is free again"))


def _never_answered(scene: Scene, variant: int) -> None:
    at = _first_time(variant, 6)
    with scene.script.step("clock", _p("tour", "a booking that the shop never answers lapses after two hours")) as step:
        order = _order(scene, scene.guest, variant, at)
        for minutes in (10, 15):
            # The clock acts first, and then sends what it decided to pay back.
            scene.place.sweep(datetime.now(UTC) + timedelta(hours=2, minutes=minutes))
        scene.paid_back(scene.guest, order["number"], order["amount"])
        seen = scene.see(scene.guest, order["number"])
        step.expect(seen["state"] == "closed", "closed", seen["state"])
        step.saw(_p("tour", "not accepted: everything is paid back by itself"))


def _order(scene: Scene, buyer: Any, variant: int, at: datetime, *add_ons: int) -> Any:
    line = {**cast.wish(variant, 1, *add_ons), "choice": {"at": at.isoformat()}, "details": {"work": "两室一厅"}}
    return scene.order(buyer, [line], address=True)["orders"][0]


def _first_time(variant: int, days: int) -> datetime:
    """The first free time so many days from now."""
    product = Variant.objects.get(pk=variant).product_id
    day = (datetime.now(UTC) + timedelta(days=days)).date().isoformat()
    shown = show_slots(product, {"day": day}, now=datetime.now(UTC))
    return datetime.fromisoformat(shown["slots"][0].at).astimezone(UTC)


def _desk() -> Actor:
    shop = Merchant.objects.get(slug=SLUG)
    owner = Staff.objects.get(merchant=shop, role="owner").person_id
    return Actor(person_id=owner, seats={shop.pk: "owner"}, merchant_id=shop.pk)
