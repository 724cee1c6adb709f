"""Visits through the order engine: quarters are taken, people are booked, and both are let go together."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.cast import NOW, Shop
from tests.visits import PRICE, TEN, TOMORROW, hours_of, salon_of, visit_checkout, wish_of
from wanku.access.actor import Actor
from wanku.catalog.versions import versions_of_variants
from wanku.flows.buying.cancel_trade import cancel_trade
from wanku.flows.buying.place_order import place_order
from wanku.inventory.models import StockLog, Supply
from wanku.kernel.refusal import Refusal
from wanku.kinds.registry import KINDS
from wanku.kinds.visit.load import load_facts
from wanku.kinds.visit.models import Absence, Appointment, Area, Item, Skill, SpecialDay, WeekHours, Worker
from wanku.kinds.visit.quarters import open_quarters
from wanku.orders.models import Order, Trade

pytestmark = pytest.mark.django_db


def test_quarters_are_opened_once_and_full(bo: Shop) -> None:
    salon = salon_of(bo, "王")
    # Fourteen days ahead, today, and two to spare, of eight hours each.
    assert Supply.objects.filter(key__startswith="hour:").count() == 17 * 32 == StockLog.objects.count()
    assert not Supply.objects.filter(key__startswith="hour:").exclude(free=1, put_in=1, low_at=0).exists()
    assert open_quarters(salon.people, by_id=None, now=NOW) == 0
    assert open_quarters(salon.people, by_id=None, now=NOW + timedelta(days=1)) == 32
    # Hours that are taken away leave their counters; the facts say that nobody works.
    Absence.objects.create(merchant=bo.merchant, first=TOMORROW, last=TOMORROW)
    assert open_quarters(salon.people, by_id=None, now=NOW) == 0
    assert hours_of(salon.people[0])["free"] == 32
    facts = load_facts([salon.variant.pk])[salon.variant.pk]
    assert facts.people[0].roster.windows(TOMORROW) == ()


def test_a_visit_takes_quarters_and_a_person(bo: Shop, ann_actor: Actor) -> None:
    salon = salon_of(bo)
    wang, li = salon.people
    placed = place_order(visit_checkout(wish_of(salon, worker=li), ann_actor, "visit-1"), now=NOW)
    assert hours_of(li) == {"free": 22, "held": 10, "sold": 0} and hours_of(wang)["held"] == 0
    order = Order.objects.get(trade=placed.trade_id)
    line = order.lines.get()
    assert (order.kind, order.starts_at, order.ends_at) == ("visit", TEN, TEN + timedelta(hours=2))
    assert line.choice["worker"] == li.pk and line.choice["at"] == "2026-11-12T10:00:00+08:00"
    assert order.terms["zone"] == "Asia/Shanghai"
    booked = Appointment.objects.get()
    assert (booked.line_id, booked.worker, booked.is_live) == (line.pk, li, True)
    assert (booked.during.lower, booked.during.upper) == (TEN - timedelta(minutes=30), TEN + timedelta(hours=2))
    # The same person again, even beside it with the way between: no. Somebody else: yes.
    for at in (TEN, TEN - timedelta(minutes=30), TEN + timedelta(minutes=90)):
        with pytest.raises(Refusal) as caught:
            place_order(visit_checkout(wish_of(salon, at, li), ann_actor, f"again-{at:%H%M}"), now=NOW)
        assert caught.value.field == "lines.0.choice" or caught.value.code.name == "visit_not_at_work"
    assert Appointment.objects.count() == Trade.objects.count() == 1
    place_order(visit_checkout(wish_of(salon), ann_actor, "visit-2"), now=NOW)
    assert set(Appointment.objects.values_list("worker_id", flat=True)) == {wang.pk, li.pk}


def test_cancelled_both_are_let_go(bo: Shop, ann_actor: Actor) -> None:
    salon = salon_of(bo, "王")
    placed = place_order(visit_checkout(wish_of(salon), ann_actor, "visit-1"), now=NOW)
    cancel_trade(placed.trade_id, actor=ann_actor, now=NOW)
    assert hours_of(salon.people[0])["free"] == 32
    assert [row.is_live for row in Appointment.objects.all()] == [False]
    place_order(visit_checkout(wish_of(salon), ann_actor, "visit-2"), now=NOW)
    assert Appointment.objects.filter(is_live=True).count() == 1


def test_the_second_lock_refuses_what_the_counters_let_through(bo: Shop, ann_actor: Actor) -> None:
    salon = salon_of(bo, "王")
    place_order(visit_checkout(wish_of(salon), ann_actor, "visit-1"), now=NOW)
    Supply.objects.filter(key__startswith="hour:").update(free=1, held=0, sold=0, put_in=1)
    with pytest.raises(IntegrityError, match="visit_appointment_alone"), transaction.atomic():
        place_order(visit_checkout(wish_of(salon, TEN - timedelta(minutes=30)), ann_actor, "visit-2"), now=NOW)
    assert Trade.objects.count() == Appointment.objects.count() == 1
    # The other half of the day is his to give.
    place_order(visit_checkout(wish_of(salon, TEN + timedelta(hours=4)), ann_actor, "visit-3"), now=NOW)


def test_add_ons_take_time_and_the_way_costs(bo: Shop, ann_actor: Actor) -> None:
    salon = salon_of(bo, "王")
    Area.objects.create(merchant=bo.merchant, city="杭州", district="西湖区", fee=1500)
    window = salon.product.add_ons.get()
    late = wish_of(salon, TEN + timedelta(hours=6), add_ons=(window.pk,))
    with pytest.raises(Refusal, match="visit_not_offered"):
        place_order(visit_checkout(late, ann_actor, "late", PRICE + 4500), now=NOW)
    wish = wish_of(salon, TEN + timedelta(hours=4), add_ons=(window.pk,))
    far = {**visit_checkout(wish, ann_actor, "x").address, "city": "宁波市"}
    with pytest.raises(Refusal, match="visit_not_served") as caught:
        place_order(visit_checkout(wish, ann_actor, "far", PRICE + 3000, address=far), now=NOW)
    assert caught.value.field == "address.district"
    assert not Trade.objects.exists() and hours_of(salon.people[0])["held"] == 0
    placed = place_order(visit_checkout(wish, ann_actor, "visit-1", PRICE + 4500), now=NOW)
    order = Order.objects.get(trade=placed.trade_id)
    assert (order.goods, order.freight, order.amount) == (PRICE + 3000, 1500, PRICE + 4500)
    assert hours_of(salon.people[0])["held"] == 12


def test_loading_takes_a_fixed_number_of_statements(bo: Shop) -> None:
    salon = salon_of(bo, *"王李张赵")
    with CaptureQueriesContext(connection) as seen:
        facts = load_facts([salon.variant.pk])
    assert len(seen) == 8
    assert [person.name for person in facts[salon.variant.pk].people] == list("王李张赵")
    Worker.objects.filter(name="王").update(is_active=False)
    assert len(load_facts([salon.variant.pk])[salon.variant.pk].people) == 3
    Item.objects.all().delete()
    assert load_facts([salon.variant.pk]) == {}


def test_every_change_of_the_calendar_raises_the_shops_version(bo: Shop) -> None:
    salon = salon_of(bo, "王")
    worker = salon.people[0]

    def version() -> int:
        return versions_of_variants([salon.variant.pk])[bo.merchant.pk]

    changes: list[Callable[[], object]] = [
        lambda: Absence.objects.create(merchant=bo.merchant, worker=worker, first=TOMORROW, last=TOMORROW),
        lambda: Absence.objects.all().delete(),
        lambda: SpecialDay.objects.create(worker=worker, day=TOMORROW, windows=[]),
        lambda: WeekHours.objects.filter(weekday=1).delete(),
        lambda: Worker.objects.update(name="王阿姨"),
        lambda: Skill.objects.all().delete(),
        lambda: Area.objects.create(merchant=bo.merchant, city="杭州"),
        lambda: Item.objects.update(quarters=4),
    ]
    for change in changes:
        before = version()
        change()
        assert version() > before


def test_words_of_a_visit(bo: Shop) -> None:
    kind = KINDS["visit"]
    choice = {
        "at": "2026-10-25T02:00:00+01:00",
        "until": "2026-10-25T03:00:00+01:00",
        "name": "Ida",
        "where": "shop",
        "shop_address": "Torstraße 1",
    }
    time, person, where = kind.describe(choice)
    assert "02:00–03:00 (UTC+1)" in time.value and person.value == "Ida" and "Torstraße 1" in where.value
    assert "UTC" not in kind.describe({"at": "2026-11-12T10:00:00+08:00"})[0].value
    assert kind.describe({}) == []
    masked = kind.mask({"work": "擦窗", "access": "门禁 4711"})
    assert masked[0].value == "擦窗" and "4711" not in masked[1].value
    assert not kind.wants_address({"where": "shop"}) and kind.wants_address({"where": "home"})
