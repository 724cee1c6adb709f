"""Bookings at the desk: the list, the code at the door, and every step with its proof."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from PIL import Image

from tests.cast import Shop
from tests.slots import OPEN_DOOR, SlotKind, book, hour_of
from wanku.access.actor import Actor
from wanku.files.models import Picture
from wanku.flows.booking.accept_booking import accept_booking
from wanku.fulfilment.models import Booking
from wanku.orders.models import Order
from wanku.payments.models import Refund
from wanku.people.models import Person
from wanku.storefront.tests.shopping import guest_browser, member_browser

NOW = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
STARTS = NOW + timedelta(hours=4)
if STARTS.hour >= 17 or STARTS.hour < 1:
    STARTS = NOW + timedelta(hours=12)
LIST = "/desk/bo/bookings/"


@pytest.fixture
def order(slots: SlotKind, ann_actor: Actor, bo: Shop) -> Order:
    """Ann's hour, today or tonight."""
    return book(ann_actor, bo, STARTS, now=NOW)


@pytest.fixture(autouse=True)
def _own_media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def booking_of(order: Order) -> Booking:
    return Booking.objects.get(order=order)


def step(client: Client, order: Order, event: str, **fields: Any) -> Any:
    """One step by hand."""
    return client.post(f"/desk/bo/orders/{order.number}/booking/", {"event": event, **fields}, follow=True)


def photo() -> BytesIO:
    """A picture file."""
    file = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(file, "PNG")
    file.seek(0)
    file.name = "after.png"
    return file


def test_the_list_and_the_next_step(order: Order, owner: Client) -> None:
    text = owner.get(LIST).content.decode()
    assert "一小时" in text and "安小姐" in text
    assert "waits for the shop" in text
    assert "Accept</button>" in text
    assert "Bookings" in owner.get("/desk/bo/").content.decode()
    answer = step(owner, order, "accept", **{"from": "list"})
    assert answer.redirect_chain[-1][0] == LIST
    assert booking_of(order).state == "accepted"
    assert "一小时" in answer.content.decode()


def test_filters(order: Order, owner: Client) -> None:
    day = STARTS.astimezone(ZoneInfo("Asia/Shanghai")).date()
    for query, found in [
        ("?kind=slot", True),
        (f"?day={day}", True),
        (f"?day={day + timedelta(days=1)}", False),
        ("?day=nonsense&kind=nonsense", True),
    ]:
        assert (order.number in owner.get(LIST + query).content.decode()) is found, query


def test_who_does_not_serve_sees_no_name_and_no_button(order: Order, seat: Callable[[str], Client]) -> None:
    text = seat("service").get(LIST).content.decode()
    assert "安**" in text and "安小姐" not in text
    assert "Accept</button>" not in text and "check-in" not in text


def test_a_shop_of_goods_has_no_such_place(owner: Client, ann_actor: Actor, bo: Shop) -> None:
    assert LIST not in owner.get("/desk/bo/").content.decode()


def test_other_shops(order: Order, other: Client, bo: Shop) -> None:
    assert step(other, order, "accept").status_code == 404
    assert other.get(LIST).status_code == 404
    assert other.post(f"/desk/cy/orders/{order.number}/booking/", {"event": "accept"}).status_code == 404
    wrong = other.post("/desk/cy/bookings/check-in/", {"code": booking_of(order).code})
    assert (wrong.status_code, booking_of(order).state) == (422, "to_accept")


def test_the_code_at_the_door(
    ann_actor: Actor, bo: Shop, owner: Client, slots: SlotKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SlotKind, "course", OPEN_DOOR)
    order = book(ann_actor, bo, STARTS, now=NOW)
    wrong = owner.post("/desk/bo/bookings/check-in/", {"code": "1234 5678 9012"})
    assert wrong.status_code == 422
    assert "No booking of this shop has this code" in wrong.content.decode()
    assert 'value="1234 5678 9012"' in wrong.content.decode(), "what was typed stays"
    right = owner.post("/desk/bo/bookings/check-in/", {"code": booking_of(order).code}, follow=True)
    assert right.redirect_chain[-1][0] == f"/desk/bo/orders/{order.number}/"
    assert booking_of(order).state == "started"


def test_declined_only_with_a_reason(order: Order, owner: Client) -> None:
    step(owner, order, "reject")
    assert booking_of(order).state == "to_accept"
    step(owner, order, "reject", because="师傅生病了")
    assert booking_of(order).state == "rejected"
    assert Refund.objects.get(order=order).note == "师傅生病了"


def test_proof_is_for_the_shop_and_the_buyer(
    order: Order, owner: Client, other: Client, ann: Person, bo: Shop, guest_actor: Actor
) -> None:
    accept_booking(order.pk, actor=bo.actor, now=NOW)
    answer = step(owner, order, "start", note="开始清洗", pictures=[photo()], happened_at="")
    assert "开始清洗" in answer.content.decode()
    assert booking_of(order).state == "started"
    picture = Picture.objects.get()
    assert (picture.is_public, picture.owner) == (False, f"merchant:{bo.merchant.pk}")
    path = f"/media/{picture.path(160)}"
    assert owner.get(path).status_code == 200
    assert member_browser(ann).get(path).status_code == 200
    for stranger in (other, guest_browser(guest_actor), Client()):
        assert stranger.get(path).status_code == 404


def test_the_true_time(order: Order, owner: Client, bo: Shop) -> None:
    accept_booking(order.pk, actor=bo.actor, now=NOW)
    step(owner, order, "start", happened_at="yesterday")
    assert booking_of(order).state == "accepted"
    step(owner, order, "start", happened_at="2199-01-01T10:00")
    assert booking_of(order).state == "accepted"


def test_strange_steps_change_nothing(order: Order, owner: Client) -> None:
    for event in ("", "nonsense", "finish", "no_show", "depart"):
        step(owner, order, event)
        assert booking_of(order).state == "to_accept"
    step(owner, order, "cancel")
    assert booking_of(order).state == "to_accept", "not without a reason"
    step(owner, order, "cancel", because="停电了")
    assert booking_of(order).state == "cancelled"


def test_the_order_at_the_desk(order: Order, owner: Client) -> None:
    text = owner.get(f"/desk/bo/orders/{order.number}/").content.decode()
    assert "Accept</button>" in text and "Decline" in text
    assert "Ship everything" not in text and "Packing slip" not in text
    assert "waits for the shop" in owner.get("/desk/bo/orders/").content.decode()


def test_queries(slots: SlotKind, ann_actor: Actor, bo: Shop, owner: Client, django_assert_num_queries: Any) -> None:
    variant = hour_of(bo)
    book(ann_actor, bo, STARTS, variant=variant, capacity=20, now=NOW)
    owner.get(LIST)
    for _ in range(2):
        with django_assert_num_queries(QUERIES):
            owner.get(LIST)
        for _each in range(3):
            book(ann_actor, bo, STARTS, variant=variant, now=NOW)


QUERIES = 10
