"""The desk of people who come: week, day, cards, hours, days off, places, services."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import NOW, Shop
from tests.visits import TEN, TOMORROW, Salon, booked, salon_of
from wanku.access.actor import Actor
from wanku.audit.models import Act
from wanku.catalog.models import Product
from wanku.fulfilment.models import Booking
from wanku.kinds.visit.models import Absence, Appointment, Area, Item, Service, SpecialDay, Worker

pytestmark = pytest.mark.django_db
DAY = f"/desk/bo/visits/day/?day={TOMORROW}"


@pytest.fixture(autouse=True)
def _eleventh_of_november() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def salon(bo: Shop) -> Salon:
    """Two people and a service at home."""
    return salon_of(bo)


def test_the_week_shows_hours_and_visits(owner: Client, salon: Salon, ann_actor: Actor) -> None:
    wang, li = salon.people
    order = booked(salon, ann_actor, worker=wang)
    Absence.objects.create(merchant=wang.merchant, worker=li, first=TOMORROW, last=TOMORROW)
    page = owner.get("/desk/bo/visits/").content.decode()
    with CaptureQueriesContext(connection) as few:
        owner.get("/desk/bo/visits/?day=2026-11-12")
    assert "10:00–12:00" in page and order.number in page and "09:00–12:00, 13:00–18:00" in page
    assert "安小姐" in page and "+8613800138000" not in page
    booked(salon, ann_actor, TEN + timedelta(hours=3, minutes=30), worker=wang)
    with CaptureQueriesContext(connection) as more:
        owner.get("/desk/bo/visits/?day=2026-11-12")
    assert len(few) == len(more)
    assert order.number not in owner.get("/desk/bo/visits/?day=2026-11-25").content.decode()


def test_a_day_on_a_phone_from_accepting_to_done(owner: Client, salon: Salon, ann_actor: Actor) -> None:
    wang, _li = salon.people
    order = booked(salon, ann_actor, worker=wang, details={"work": "厨房油污", "access": "门禁 4711"})
    page = owner.get(f"{DAY}&worker={wang.pk}").content.decode()
    assert "Waiting for the shop" in page and "文三路 1 号" in page and 'href="tel:+8613800138000"' in page
    assert "4711" not in page
    step, note = f"/desk/bo/orders/{order.number}/booking/", f"/desk/bo/visits/orders/{order.number}/note/"
    told = {"from": "day", "day": str(TOMORROW), "worker": str(wang.pk)}
    # Before it is accepted nobody needs to get in.
    assert "4711" not in owner.post(note, told).content.decode()
    assert not Act.objects.filter(verb="read_details").exists()
    answer = owner.post(step, {**told, "event": "accept"})
    assert answer["Location"] == f"/desk/bo/visits/day/?day={TOMORROW}&worker={wang.pk}"
    opened = owner.post(note, told).content.decode()
    assert "4711" in opened and "厨房油污" in opened
    assert Act.objects.get(verb="read_details").subject_id == str(order.pk)
    for event, after, at in (
        ("depart", "under_way", TEN - timedelta(minutes=30)),
        ("start", "started", TEN),
        ("finish", "done", TEN + timedelta(hours=2)),
    ):
        with time_machine.travel(at, tick=False):
            owner.post(step, {**told, "event": event})
        assert Booking.objects.get(order=order).state == after
    owner.post(step, {**told, "event": "dance"})
    assert Booking.objects.get(order=order).state == "done"


def test_whoever_has_an_account_sees_the_own_day(
    owner: Client, bo: Shop, salon: Salon, seat: Callable[[str], Client]
) -> None:
    li = salon.people[1]
    li.seat = bo.merchant.staff.get()
    li.save()
    assert 'aria-current="true">阿姨李' in owner.get(DAY).content.decode()
    # A clerk fulfils; customer service may look and not act.
    assert seat("service").get(DAY).status_code == 200
    assert seat("finance").post("/desk/bo/visits/areas/", {"areas": ""}).status_code == 403


def test_somebody_new(owner: Client, salon: Salon) -> None:
    page = owner.get("/desk/bo/visits/people/new/").content.decode()
    assert "深度保洁" in page and 'value="09:00-18:00"' in page
    week = {f"week-{n}": "9:00-12:00，13:00-18:00" for n in range(5)} | {
        "week-5": "20:00-02:00",
        "breaks-0": "10-10:15",
    }
    good = {"name": "小美", "before": "15", "after": "0", "skills": [salon.variant.pk], "is_active": "1", **week}
    for wrong, said in (
        ({"name": ""}, "A name of at most 40 characters"),
        ({"week-1": "morning"}, "Write hours like"),
        ({"week-1": "09:05-10:00"}, "full quarters"),
        ({"before": "20"}, "full quarters"),
        ({"skills": ["999"]}, "Choose services of this shop"),
    ):
        answer = owner.post("/desk/bo/visits/people/new/", {**good, **wrong})
        assert answer.status_code == 422 and said in answer.content.decode(), wrong
    assert Worker.objects.count() == 2
    assert owner.post("/desk/bo/visits/people/new/", good).status_code == 303
    worker = Worker.objects.get(name="小美")
    assert worker.travel_before == 1
    assert [(row.weekday, row.opens, row.closes) for row in worker.week.filter(weekday__gte=4)] == [
        (4, 540, 720),
        (4, 780, 1080),
        (5, 1200, 1560),
    ]
    page = owner.get(f"/desk/bo/visits/people/{worker.pk}/").content.decode()
    assert "20:00-02:00" in page and "10:00-10:15" in page
    owner.post(f"/desk/bo/visits/people/{worker.pk}/", {**good, "name": "大美", "is_active": ""})
    worker.refresh_from_db()
    assert (worker.name, worker.is_active) == ("大美", False)


def test_single_days_and_days_off(owner: Client, salon: Salon, ann_actor: Actor) -> None:
    wang, _li = salon.people
    booked(salon, ann_actor, worker=wang)
    days = f"/desk/bo/visits/people/{wang.pk}/day/"
    answer = owner.post(days, {"day": str(TOMORROW), "hours": "13:00-20:00"}, follow=True).content.decode()
    assert "13:00–20:00" in answer and "1 visit is booked in this time" in answer
    assert SpecialDay.objects.get().windows == [[780, 1200]] and Appointment.objects.get().is_live
    assert owner.post(days, {"day": "soon", "hours": ""}).status_code == 422
    owner.post(days, {"day": str(TOMORROW), "hours": "x", "again": "1"})
    assert not SpecialDay.objects.exists()
    off = "/desk/bo/visits/absences/"
    assert owner.post(off, {"worker": "", "first": str(TOMORROW), "last": "2026-11-11"}).status_code == 422
    assert owner.post(off, {"worker": "", "first": ""}).status_code == 422
    assert not Absence.objects.exists()
    page = owner.post(off, {"worker": wang.pk, "first": str(TOMORROW), "because": "探亲"}, follow=True)
    row = Absence.objects.get()
    assert row.worker == wang and row.last == TOMORROW and "探亲" in page.content.decode()
    owner.post(f"/desk/bo/visits/absences/{row.pk}/remove/")
    assert not Absence.objects.exists()


def test_places(owner: Client, salon: Salon) -> None:
    owner.post("/desk/bo/visits/areas/", {"areas": "杭州 西湖区 20\n\n杭州 滨江区\n宁波"})
    assert list(Area.objects.values_list("city", "district", "fee")) == [
        ("宁波", "", 0),
        ("杭州", "滨江区", 0),
        ("杭州", "西湖区", 2000),
    ]
    answer = owner.post("/desk/bo/visits/areas/", {"areas": "杭州 2x"})
    assert answer.status_code == 422 and "杭州 2x" in answer.content.decode()
    assert Area.objects.count() == 3


def test_a_service(owner: Client, bo: Shop, salon: Salon, make_product: Callable[..., Product]) -> None:
    address = f"/desk/bo/visits/services/{salon.product.pk}/"
    window = salon.product.add_ons.get()
    assert 'value="120"' in owner.get(address).content.decode()
    good = {
        "place": "either", "shop_address": "湖滨路 1 号", "step": "15", "lead_hours": "2", "days_ahead": "30",
        f"v{salon.variant.pk}": "90", f"a{window.pk}": "15", "n0-hours": "24", "n0-percent": "0", "n1-hours": "0",
        "n1-percent": "50",
    }  # fmt: skip
    for wrong in (
        {"place": ""},
        {"shop_address": ""},
        {"step": "20"},
        {f"v{salon.variant.pk}": "50"},
        {"n1-hours": "x"},
    ):
        assert owner.post(address, {**good, **wrong}).status_code == 422, wrong
    assert Service.objects.get().place == "home" and Item.objects.get().quarters == 8
    assert owner.post(address, good).status_code == 303
    service = Service.objects.get()
    assert (service.place, service.step, service.lead_minutes, service.days_ahead) == ("either", 1, 120, 30)
    assert service.cancellation == [{"hours": 24, "bp": 0}, {"hours": 0, "bp": 5000}]
    assert Item.objects.get().quarters == 6
    goods = make_product(bo.merchant)
    assert owner.get(f"/desk/bo/visits/services/{goods.pk}/").status_code == 404
