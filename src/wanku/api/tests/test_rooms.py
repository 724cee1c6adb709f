"""Queueing by program: the room, one's place, the pass, and the order that needs it."""

import pytest

from tests.cast import Shop, product_of, supply_of, variant_of
from wanku.access.actor import Actor
from wanku.api.tests.caller import Api, assert_problem
from wanku.api.tests.shopping import place, wish
from wanku.catalog.models import Product
from wanku.flows.queueing.tests.line import people, queued
from wanku.orders.models import Trade
from wanku.waiting_room.models import Ticket
from wanku.waiting_room.queries import forget

pytestmark = pytest.mark.django_db


@pytest.fixture
def tea(bo: Shop) -> Product:
    """One piece, sold by queue."""
    return queued(bo, stock=1)


def test_a_queue_from_place_to_order(tea: Product, ann_api: Api) -> None:
    path = f"/rooms/{tea.pk}"
    assert_problem(place(ann_api, wish(tea)), 409, "waiting_room")
    assert Trade.objects.count() == 0
    joined = ann_api.post(f"{path}/tickets", {"variant_id": variant_of(tea).pk})
    assert joined.status_code == 201
    assert (joined.json()["state"], joined.json()["ahead"]) == ("admitted", 0)
    assert place(ann_api, wish(tea)).status_code == 201
    assert ann_api.get(f"{path}/ticket").json()["state"] == "used"


def test_the_refusal_of_an_order_says_which_room(tea: Product, ann_api: Api) -> None:
    facts = place(ann_api, wish(tea)).json()["facts"]
    assert (facts["product_id"], facts["shop"], facts["slug"]) == (tea.pk, "bo", tea.slug)


def test_the_line_and_the_room(tea: Product, ann_api: Api, anybody: Api) -> None:
    people(tea, 3)
    forget()
    told = ann_api.post(f"/rooms/{tea.pk}/tickets", {}).json()
    assert (told["state"], told["ahead"]) == ("waiting", 2)
    again = ann_api.post(f"/rooms/{tea.pk}/tickets", {}).json()
    assert again["id"] == told["id"]
    forget()
    room = anybody.get(f"/rooms/{tea.pk}").json()
    assert (room["free"], room["held"], room["passes"], room["waiting"], room["is_gone"]) == (1, 0, 1, 3, False)


def test_leaving(tea: Product, ann_api: Api) -> None:
    ann_api.post(f"/rooms/{tea.pk}/tickets", {})
    assert ann_api("DELETE", f"/rooms/{tea.pk}/ticket").json()["state"] == "left"
    assert_problem(ann_api("DELETE", f"/rooms/{tea.pk}/ticket"), 409, "wrong_state")


def test_who_may_not(tea: Product, bo: Shop, ann_api: Api, bo_api: Api, guest_api: Api, anybody: Api) -> None:
    ann_api.post(f"/rooms/{tea.pk}/tickets", {})
    assert_problem(bo_api.get(f"/rooms/{tea.pk}/ticket"), 403, "not_allowed")
    assert_problem(guest_api.get(f"/rooms/{tea.pk}/ticket"), 404, "not_found")
    assert_problem(anybody.post(f"/rooms/{tea.pk}/tickets", {}), 401, "sign_in")
    assert_problem(anybody.get(f"/rooms/{product_of(bo.merchant).pk}"), 404, "not_found")
    assert Ticket.objects.count() == 1


def test_what_cannot_be_joined(tea: Product, bo: Shop, ann_api: Api, ann_actor: Actor) -> None:
    other = product_of(bo.merchant)
    assert_problem(ann_api.post(f"/rooms/{other.pk}/tickets", {}), 409, "no_waiting_room")
    no = ann_api.post(f"/rooms/{tea.pk}/tickets", {"variant_id": variant_of(other).pk})
    assert_problem(no, 409, "unavailable")
    assert no.json()["errors"][0]["field"] == "variant_id"
    supply = supply_of(variant_of(tea))
    supply.free, supply.put_in = 0, 0
    supply.save()
    forget()
    assert_problem(ann_api.post(f"/rooms/{tea.pk}/tickets", {}), 409, "sold_out")
    assert Ticket.objects.count() == 0
