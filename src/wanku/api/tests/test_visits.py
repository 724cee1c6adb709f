"""Visits over REST: free times found and ordered, services and people set up."""

import pytest
import time_machine

from tests.cast import NOW, Shop, product_of, variant_of
from tests.visits import TEN, booked, hours_of, salon_of, worker_of
from wanku.access.actor import Actor
from wanku.api.tests.caller import Api, assert_problem
from wanku.kinds.visit.models import Absence, Item, Service, SpecialDay, Worker

pytestmark = pytest.mark.django_db
WEEK = [[[540, 1080]]] * 5
PERSON = {"name": "小美", "week": WEEK}


def test_a_program_finds_a_time_and_asks_its_price(anybody: Api, bo: Shop) -> None:
    salon = salon_of(bo)
    with time_machine.travel(NOW, tick=False):
        path = f"/services/{salon.product.pk}/times"
        found = anybody.get(f"{path}?day=2026-11-12&worker_id={salon.people[1].pk}").json()
        assert [person["name"] for person in found["people"]] == ["阿姨王", "阿姨李"]
        assert found["days"][0] == {"day": "2026-11-12", "state": "free", "times": 8}
        time = next(each for each in found["times"] if each["at"] == "2026-11-12T10:00+08:00")
        assert time["worker_ids"] == [salon.people[1].pk]
        line = {"variant_id": salon.variant.pk, "quantity": 1, "choice": {"at": time["at"]}}
        quote = anybody.post("/quotes", {"lines": [line]}).json()
        assert (quote["total"], quote["refusals"]) == (20_000, [])
        assert anybody.get(path).json()["day"] == "2026-11-11"
        assert anybody.get(f"{path}?add_ons=x,{salon.product.add_ons.get().pk}").status_code == 200
        Item.objects.all().delete()
        assert anybody.get(path).json() == {"people": [], "days": [], "day": None, "times": []}
    assert_problem(anybody.get(f"/services/{product_of(bo.merchant).pk}/times"), 404, "not_found")


def test_a_shop_sets_up_services_and_people(bo_api: Api, bo: Shop, cy: Shop) -> None:
    product = product_of(bo.merchant, kind="visit", stock=0)
    variant = variant_of(product)
    path = f"/merchants/bo/services/{product.pk}"
    body = {"place": "home", "lengths": [{"id": variant.pk, "quarters": 4}], "days_ahead": 7}
    assert bo_api("PUT", path, body).status_code == 204
    assert Service.objects.get().days_ahead == 7 and Item.objects.get().quarters == 4
    assert_problem(bo_api("PUT", path, {**body, "place": "shop"}), 422, "bad_value", "shop_address")
    theirs = product_of(cy.merchant, kind="visit")
    assert_problem(bo_api("PUT", f"/merchants/bo/services/{theirs.pk}", body), 404, "not_found")
    made = bo_api.post("/merchants/bo/people", {**PERSON, "skills": [variant.pk]})
    assert made.status_code == 201
    worker = Worker.objects.get(pk=made.json()["id"])
    with time_machine.travel(TEN, tick=False):
        assert bo_api("PUT", f"/merchants/bo/people/{worker.pk}", {**PERSON, "name": "大美"}).json()["name"] == "大美"
        assert hours_of(worker)["free"] in (0, 36)
    assert bo_api.get("/merchants/bo/people").json() == [{"id": worker.pk, "name": "大美", "is_active": True}]
    assert_problem(bo_api.post("/merchants/bo/people", {**PERSON, "week": [[[9, 10]]]}), 422, "bad_value", "week.0")
    assert Worker.objects.count() == 1


def test_days_off_of_people_and_of_the_shop(bo_api: Api, bo: Shop, cy: Shop, ann_actor: Actor) -> None:
    salon = salon_of(bo)
    booked(salon, ann_actor, worker=salon.people[0])
    path, days = "/merchants/bo/absences", {"first": "2026-11-12", "last": "2026-11-13"}
    theirs = worker_of(cy, "别家的", salon.variant)
    with time_machine.travel(NOW, tick=False):
        made = bo_api.post(path, {**days, "worker_id": salon.people[0].pk, "because": "年假"})
        assert made.status_code == 201
        told = made.json()
        assert (told["worker_id"], told["because"], told["booked"]) == (salon.people[0].pk, "年假", 1)
        assert bo_api.get(path).json() == [{name: told[name] for name in told if name != "booked"}]
        assert bo_api.post(path, days).json()["worker_id"] is None
        assert_problem(bo_api.post(path, {**days, "worker_id": theirs.pk}), 404, "not_found")
        assert_problem(bo_api.post(path, {**days, "last": "2026-11-01"}), 422, "bad_value", "last")
        foreign = Absence.objects.create(merchant=cy.merchant, first=NOW.date(), last=NOW.date())
        assert_problem(bo_api("DELETE", f"{path}/{foreign.pk}"), 404, "not_found")
        assert Absence.objects.count() == 3
        assert bo_api("DELETE", f"{path}/{told['id']}").status_code == 204
        assert [row["worker_id"] for row in bo_api.get(path).json()] == [None]


def test_one_day_differs(bo_api: Api, bo: Shop, cy: Shop, ann_actor: Actor) -> None:
    salon = salon_of(bo)
    booked(salon, ann_actor, worker=salon.people[0])
    path = f"/merchants/bo/people/{salon.people[0].pk}/days"
    theirs = f"/merchants/bo/people/{worker_of(cy, '别家的', salon.variant).pk}/days"
    with time_machine.travel(NOW, tick=False):
        assert bo_api("PUT", path, {"day": "2026-11-12", "windows": [[600, 720]]}).json() == {"booked": 1}
        assert bo_api.get(path).json() == [{"day": "2026-11-12", "windows": [[600, 720]]}]
        for body, field in (
            ({"day": "2026-11-12", "windows": [[601, 720]]}, "windows"),
            ({"day": "2026-11-01", "windows": []}, "day"),
        ):
            assert_problem(bo_api("PUT", path, body), 422, "bad_value", field)
        assert_problem(bo_api.get(theirs), 404, "not_found")
        assert_problem(bo_api("PUT", theirs, {"day": "2026-11-12", "windows": []}), 404, "not_found")
        assert SpecialDay.objects.get().windows == [[600, 720]]
        assert bo_api("PUT", path, {"day": "2026-11-12", "windows": None}).status_code == 200
        assert bo_api.get(path).json() == []


def test_where_a_shop_comes_to(bo_api: Api, ann_api: Api, bo: Shop) -> None:
    path, body = "/merchants/bo/areas", {"areas": [{"city": "杭州", "district": "西湖区", "fee": 2000}]}
    assert bo_api("PUT", path, body).json() == body
    assert bo_api.get(path).json() == body
    twice = {"areas": body["areas"] * 2}
    assert_problem(bo_api("PUT", path, twice), 422, "bad_value", "areas.1.district")
    assert_problem(ann_api("PUT", path, {"areas": []}), 404, "not_found")
    assert bo_api.get(path).json() == body
