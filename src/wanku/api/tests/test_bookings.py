"""Bookings by program: the buyer's side and the shop's."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from tests.cast import Shop
from tests.seats import seated, wish
from tests.slots import SlotKind, book, choice_of, hour_of, open_hours
from wanku.access.actor import Actor
from wanku.access.scopes import MERCHANT_SCOPES
from wanku.api.tests.caller import Api, assert_problem, key_of
from wanku.fulfilment.models import Booking
from wanku.kinds.seat.tests.world import departure_of, seat_product, seats_left
from wanku.orders.models import Order

NOW = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
STARTS = (NOW + timedelta(days=4)).replace(hour=3)


@pytest.fixture
def order(slots: SlotKind, ann_actor: Actor, bo: Shop) -> Order:
    """Ann's hour in four days."""
    return book(ann_actor, bo, STARTS, now=NOW)


def state(order: Order) -> str:
    return Booking.objects.get(order=order).state


def test_accepted_and_kept(ann_api: Api, bo_api: Api, order: Order) -> None:
    mine = ann_api.get(f"/orders/{order.number}").json()["booking"]
    assert (mine["state"], mine["word"], len(mine["code"])) == ("to_accept", "waits for the shop", 12)
    desk = f"/merchants/bo/orders/{order.number}"
    assert bo_api.get(desk).json()["booking"]["code"] is None, "it is the buyer's to show"
    assert [row["number"] for row in bo_api.get("/merchants/bo/bookings?state=to_accept").json()["items"]] == [
        order.number
    ]
    accepted = bo_api.post(f"{desk}/accept", {}).json()
    assert (accepted["state"], accepted["booking"]["state"]) == ("fulfilling", "accepted")
    assert bo_api.get("/merchants/bo/bookings?state=to_accept").json()["items"] == []
    with time_machine.travel(STARTS):
        entered = bo_api.post("/merchants/bo/check-in", {"code": mine["code"]}).json()
        assert entered["booking"]["state"] == "started"
        assert_problem(bo_api.post("/merchants/bo/check-in", {"code": "123456789012"}), 422, "wrong_code")
        done = bo_api.post(f"{desk}/advance", {"event": "finish", "note": "一切正常"}).json()
    assert (done["state"], done["booking"]["proof"][0]["note"]) == ("fulfilled", "一切正常")


def test_declined(bo_api: Api, order: Order) -> None:
    path = f"/merchants/bo/orders/{order.number}/reject"
    assert bo_api.post(path, {"because": ""}).status_code == 422
    assert state(order) == "to_accept"
    assert bo_api.post(path, {"because": "师傅生病了"}).json()["booking"]["state"] == "rejected"
    assert_problem(bo_api.post(path, {"because": "师傅生病了"}), 409, "wrong_state")


def test_cancelled_at_a_fee(ann_api: Api, order: Order) -> None:
    path = f"/orders/{order.number}"
    assert ann_api.get(f"{path}/cancellation").json()["fee"] == 0
    with time_machine.travel(STARTS - timedelta(hours=10)):
        told = ann_api.get(f"{path}/cancellation").json()
        assert (told["allowed"], told["fee"], told["back"]) == (True, 5_000, 5_000)
        assert_problem(ann_api.post(f"{path}/cancel", {}), 409, "cancellation_fee")
        assert state(order) == "to_accept"
        assert ann_api.post(f"{path}/cancel", {"agreed_fee": 5_000}).json()["state"] == "completed"


def test_moved(ann_api: Api, ann_actor: Actor, bo: Shop, slots: SlotKind) -> None:
    variant, later = hour_of(bo), STARTS + timedelta(days=1)
    order = book(ann_actor, bo, STARTS, variant=variant, now=NOW)
    path = f"/orders/{order.number}/reschedule"
    body: dict[str, Any] = {"choice": json.loads(choice_of(later))}
    assert_problem(ann_api.post(path, body), 409, "not_free")
    open_hours(variant, later)
    assert ann_api.post(path, body).json()["booking"]["rescheduled"] == 1


def test_seats_of_two_cabins_go_to_another_departure(ann_api: Api, ann_actor: Actor, bo: Shop) -> None:
    product = seat_product(bo)
    days = (30, 33, 36)
    old, new, full = (departure_of(product, starts_at=STARTS + timedelta(days=each), seats=3) for each in days)
    seated(ann_actor, wish(full, 3, index=1), now=NOW)
    order = seated(ann_actor, wish(old, 2), wish(old, index=1), now=NOW)
    path = f"/orders/{order.number}/reschedule"
    assert_problem(ann_api.post(path, {"choice": {"departure": full.pk}}), 409, "not_free")
    assert [seats_left(old, cabin) for cabin in (0, 1)] == [1, 2]
    told = ann_api.post(path, {"choice": {"departure": new.pk}}).json()
    assert {line["choice"]["departure"] for line in told["lines"]} == {new.pk}
    assert [seats_left(row, cabin) for row in (old, new) for cabin in (0, 1)] == [3, 3, 1, 2]


def test_others(ann_api: Api, order: Order, cy: Shop) -> None:
    cy_api = key_of(cy.owner, *MERCHANT_SCOPES, merchant_id=cy.merchant.pk)
    for path, body in (("accept", {}), ("reject", {"because": "不想做"}), ("advance", {"event": "finish"})):
        assert cy_api.post(f"/merchants/bo/orders/{order.number}/{path}", body).status_code in (403, 404)
    for path in ("cancel", "done"):
        assert cy_api.post(f"/orders/{order.number}/{path}", {}).status_code in (403, 404)
    assert state(order) == "to_accept"
    assert_problem(ann_api.post(f"/orders/{order.number}/done", {}), 409, "booking_too_early")
