"""Kept pages of orders: their reader's alone, and anew whenever something happened."""

import re
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from tests.bought import paid, placed
from tests.cast import PASSWORD, Shop, product_of
from wanku.access.actor import Actor
from wanku.audit.move import By, note
from wanku.carts.queries import count_pieces
from wanku.flows.buying.fill_cart import fill_cart
from wanku.flows.fulfilling.ship_order import ship_order
from wanku.flows.talking.read_notices import read_notices
from wanku.flows.talking.tell_moves import tell_moves
from wanku.fulfilment.models import Parcel, TrackingEvent
from wanku.kernel.ids import new_number
from wanku.notices.queries import unread_count
from wanku.orders.models import Order
from wanku.people.models import Person
from wanku.reviews.models import Review
from wanku.storefront.kept import PAGES
from wanku.storefront.read.order import read_order as real
from wanku.storefront.read.reader import Reader, reader_of
from wanku.storefront.read.stamp import stamp_of
from wanku.storefront.tests.shopping import guest_browser, member_browser
from wanku.ui.actor import GRANTED
from wanku.ui.kept import answer

NOW = datetime(2026, 11, 11, 2, 0, 30, tzinfo=UTC)
KEEPERS = [Actor(), Actor(person_id=0), Actor(guest_key=uuid.UUID(int=5)), Actor(granted=frozenset({uuid.UUID(int=6)}))]


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> Iterator[time_machine.Traveller]:
    """Time stands, so that no minute ends within a test; each begins with the clock's."""
    monkeypatch.setattr(answer, "second_of", lambda key: 0)
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def order(bo: Shop, ann_actor: Actor) -> Order:
    """A paid order of Ann."""
    return paid(ann_actor, (product_of(bo.merchant, "龙井茶"), 2), now=NOW)[0]


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Addresses of orders' pages that were drawn, in order."""
    found: list[str] = []

    def read_order(order: Order, *, now: datetime) -> Any:
        found.append(order.number)
        return real(order, now=now)

    monkeypatch.setattr("wanku.storefront.pages.order.read_order", read_order)
    return found


def page_of(order: Order) -> str:
    return f"/orders/{order.number}/"


def test_a_second_look_draws_nothing(order: Order, ann: Person, drawn: list[str]) -> None:
    browser = member_browser(ann)
    first, second = browser.get(page_of(order)), browser.get(page_of(order))
    assert drawn == [order.number]
    tokens = [re.findall(r'value="(\w{64})"', page.text) for page in (first, second)]
    assert tokens[0] and tokens[0] != tokens[1]
    assert re.sub(r"\w{64}", "", first.text) == re.sub(r"\w{64}", "", second.text)
    assert "龙井茶" in second.text and ">Ann<" in second.text


def test_a_kept_page_meets_nobody_else(order: Order, ann: Person, bo: Shop, guest_actor: Actor, client: Client) -> None:
    eve = Person.objects.create_user(email="eve@example.com", password=PASSWORD, name="Eve")
    assert member_browser(ann).get(page_of(order)).status_code == 200
    for browser in (member_browser(eve), member_browser(bo.owner)):
        assert browser.get(page_of(order)).status_code == 404
        assert browser.get(f"{page_of(order)}live/").status_code == 404
    for browser in (client, guest_browser(guest_actor)):
        response = browser.get(page_of(order))
        assert (response.status_code, response.url) == (302, f"/track/?number={order.number}")  # type: ignore[attr-defined]
        assert "龙井茶" not in response.text


def test_who_was_shown_it_by_number_and_contact_keeps_a_copy_of_their_own(
    order: Order, ann: Person, client: Client, drawn: list[str]
) -> None:
    member_browser(ann).get(page_of(order))
    session = client.session
    session[GRANTED] = [str(order.trade_id)]
    session.save()
    page = client.get(page_of(order))
    assert page.status_code == 200
    assert "Ann" not in page.text
    assert "/account/logout/" not in page.text
    assert len(drawn) == 2
    # The right ends with the session.
    client.cookies.clear()
    assert client.get(page_of(order)).status_code == 302


def test_a_right_that_is_gone_ends_a_kept_page(order: Order, ann: Person) -> None:
    browser = member_browser(ann)
    assert browser.get(page_of(order)).status_code == 200
    type(order.trade).objects.filter(pk=order.trade_id).update(buyer=None)
    assert browser.get(page_of(order)).status_code == 404


@pytest.mark.parametrize("mine", ["buyer", "guest", "granted"])
def test_the_stamp_asks_whose_it_is_as_the_tables_do(
    bo: Shop, ann: Person, ann_actor: Actor, guest_actor: Actor, mine: str
) -> None:
    of_ann, of_guest = (placed(actor, (product_of(bo.merchant), 1), now=NOW) for actor in (ann_actor, guest_actor))
    asking = {
        "buyer": ann_actor,
        "guest": guest_actor,
        "granted": Actor(granted=frozenset({of_guest.pk})),
    }[mine]
    both = Actor(person_id=ann.pk, guest_key=guest_actor.guest_key)
    for actor in (asking, both, *KEEPERS):
        for trade in (of_ann, of_guest):
            number = Order.objects.get(trade=trade).number
            allowed = Order.objects.bought_by(actor).filter(number=number).exists()
            assert (stamp_of(actor, number) is not None) is allowed, (actor, trade)
    assert stamp_of(ann_actor, new_number(NOW)) is None
    assert stamp_of(ann_actor, "' OR 1=1") is None


HAPPENINGS = ["move", "parcel on its way", "review", "reply", "review hidden", "minute", "language"]


@pytest.mark.parametrize("happening", HAPPENINGS)
def test_whatever_happens_is_drawn_anew(
    order: Order, ann: Person, bo: Shop, drawn: list[str], happening: str, still: time_machine.Traveller
) -> None:
    ship_order(order.pk, pieces=None, carrier="sandbox", tracking="SB0123456789", actor=bo.actor, now=NOW)
    review = Review(
        line=order.lines.get(), order=order, merchant_id=bo.merchant.pk, product_id=1, author_name="A", goods=5,
        service=5, delivery=5, text="好", written_at=NOW,
    )  # fmt: skip
    if happening in ("reply", "review hidden"):
        review.save()
    browser = member_browser(ann)
    browser.get(page_of(order))
    browser.get(page_of(order))
    assert len(drawn) == 1
    match happening:
        case "move":
            note(order, "urge", by=By("buyer", ann.pk), now=NOW)
        case "parcel on its way":
            parcel = Parcel.objects.get(order=order)
            TrackingEvent.objects.create(parcel=parcel, event_id="1", code="moving", at=NOW)
        case "review":
            review.save()
        case "reply":
            Review.objects.update(reply="谢谢", replied_at=NOW)
        case "review hidden":
            Review.objects.update(hidden_because="广告")
        case "minute":
            still.shift(timedelta(seconds=30))
        case "language":
            browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    browser.get(page_of(order))
    assert len(drawn) == 2


def test_clocks_count_from_the_moment_of_the_answer(
    bo: Shop, ann: Person, ann_actor: Actor, drawn: list[str], still: time_machine.Traveller
) -> None:
    trade = placed(ann_actor, (product_of(bo.merchant), 1), now=NOW)
    order = Order.objects.get(trade=trade)
    browser = member_browser(ann)
    first = browser.get(page_of(order))
    still.shift(timedelta(seconds=20))
    second = browser.get(page_of(order), headers={"If-None-Match": first["ETag"]})
    moments = [re.findall(r'data-now="([^"]+)"', page.text) for page in (first, second)]
    assert [set(found) for found in moments] == [
        {"2026-11-11T02:00:30.000+00:00"},
        {"2026-11-11T02:00:50.000+00:00"},
    ]
    assert len(drawn) == 1


def test_an_order_without_a_clock_is_answered_in_a_line(order: Order, ann: Person) -> None:
    Order.objects.filter(pk=order.pk).update(state="completed", due_at=None, ship_by=None, completed_at=NOW)
    browser = member_browser(ann)
    tag = browser.get(page_of(order))["ETag"]
    assert browser.get(page_of(order), headers={"If-None-Match": tag}).status_code == 304
    assert browser.get(page_of(order), headers={"Accept-Encoding": "gzip"})["Content-Encoding"] == "gzip"


def test_the_frame_is_that_of_the_queries_it_stands_for(
    order: Order, ann: Person, ann_actor: Actor, guest_actor: Actor, bo: Shop, di: Person
) -> None:
    tell_moves(now=NOW)
    fill_cart(product_of(bo.merchant).variants.get().pk, 4, (), actor=ann_actor, now=NOW)
    fill_cart(product_of(bo.merchant).variants.get().pk, 2, (), actor=guest_actor, now=NOW)
    assert unread_count(ann_actor) > 0
    for browser, actor, at_desk in (
        (member_browser(ann), ann_actor, False),
        (guest_browser(guest_actor), guest_actor, False),
        (member_browser(bo.owner), Actor(person_id=bo.owner.pk), True),
        (member_browser(di), Actor(person_id=di.pk), True),
        (Client(), Actor(), False),
    ):
        request: Any = browser.get("/rules").wsgi_request
        expected = Reader(actor.is_member, at_desk, count_pieces(actor), unread_count(actor))
        assert reader_of(request) == expected
    read_notices(None, actor=ann_actor, now=NOW)
    assert reader_of(member_browser(ann).get("/rules").wsgi_request).unread_count == 0  # type: ignore[arg-type]


def test_pages_of_orders_stay_within_bounds(order: Order, ann: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PAGES.own, "_bytes_max", 60_000)
    browser = member_browser(ann)
    for number in range(5):
        browser.get(f"{page_of(order)}?x={number}")
    assert PAGES.own.bytes_kept <= 60_000
