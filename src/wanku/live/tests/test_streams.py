"""The streams over sockets: who may look, what is told, and what a reader gets who was away."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from uuid import uuid4

import httpx
import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from tests.architecture.access_world import guest_session, signed_in
from tests.bought import paid, pay, placed
from tests.cast import NOW, Shop, open_shop, product_of
from tests.served import FRONT, Served, served
from tests.sse import listen
from wanku.access.actor import Actor
from wanku.api.callers import new_token
from wanku.audit.models import Move
from wanku.flows.fulfilling.ship_order import ship_order
from wanku.flows.integrating.create_key import create_key
from wanku.live.hub import STREAMS_PER_CALLER_MAX
from wanku.merchants.models import Merchant, Staff, StaffRole
from wanku.orders.models import Order
from wanku.people.models import Person
from wanku.ui.actor import GRANTED

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.server, pytest.mark.slow]
QUIET = 1.5
"""Seconds without an event that count as silence; longer than the net's two looks would be too patient to be fun."""


@pytest.fixture(scope="module")
def server(django_db_setup: None) -> Iterator[Served]:
    """One server for all; the streams keep nothing that a later test could see."""
    with served(FRONT) as running:
        yield running


@pytest.fixture
def order(ann: Person, ann_actor: Actor, bo: Shop) -> Order:
    """Ann's paid order at Bo's."""
    return paid(ann_actor, (product_of(bo.merchant), 1))[0]


def ship(order: Order, shop: Shop) -> None:
    ship_order(order.pk, pieces=None, carrier="sf", tracking=f"SF{order.number[-13:]}", actor=shop.actor, now=NOW)


def newest() -> int:
    return Move.objects.latest("pk").pk


def test_the_buyer_hears_of_each_step(server: Served, ann: Person, order: Order, bo: Shop) -> None:
    url = f"{server.url}/live/trades/{order.trade.number}"
    with listen(url, signed_in(ann)) as reader:
        headers = reader.answer.headers
        assert reader.answer.status_code == 200 and headers["Content-Type"].startswith("text/event-stream")
        assert (headers["Cache-Control"], headers["X-Accel-Buffering"]) == ("no-store", "no")
        before = reader.known()
        ship(order, bo)
        event = reader.next()
    assert (event.name, json.loads(event.data)) == ("moved", {"move": newest()})
    assert event.id != before and event.id.startswith(f"{newest()}.")
    assert str(order.number) not in event.data


def test_who_was_away_gets_what_was_missed_and_no_more(server: Served, ann: Person, order: Order, bo: Shop) -> None:
    url, cookie = f"{server.url}/live/trades/{order.trade.number}", signed_in(ann)
    with listen(url, cookie) as reader:
        known = reader.known()
    ship(order, bo)
    with listen(url, cookie, last_id=known) as reader:
        reader.known()
        event = reader.next()
        assert event.id.startswith(f"{newest()}.")
    with listen(url, cookie, last_id=event.id, patience=QUIET) as reader:
        assert reader.known() == event.id
        with pytest.raises(httpx.ReadTimeout):
            reader.next()
    # Whatever another server once called it: an id that is not the newest is one that missed something.
    with listen(url, cookie, last_id="nonsense") as reader:
        reader.known()
        assert reader.next().id == event.id


def test_paying_is_told_on_the_pay_page_and_at_the_desk(
    server: Served, ann: Person, ann_actor: Actor, bo: Shop, cy: Shop
) -> None:
    trade = placed(ann_actor, (product_of(bo.merchant), 1))
    with (
        listen(f"{server.url}/live/pay/{trade.number}", signed_in(ann)) as buyer,
        listen(f"{server.url}/live/desk/bo", signed_in(bo.owner)) as desk,
        listen(f"{server.url}/live/desk/cy", signed_in(cy.owner), patience=QUIET) as other,
    ):
        for reader in (buyer, desk, other):
            reader.known()
        pay(trade)
        assert buyer.next().name == desk.next().name == "moved"
        with pytest.raises(httpx.ReadTimeout):
            other.next()


def test_placing_tells_no_desk(server: Served, ann_actor: Actor, bo: Shop) -> None:
    with listen(f"{server.url}/live/desk/bo", signed_in(bo.owner), patience=2 * QUIET) as desk:
        desk.known()
        placed(ann_actor, (product_of(bo.merchant), 1))
        with pytest.raises(httpx.ReadTimeout):
            desk.next()


def test_guests_look_at_their_own_and_at_what_they_were_shown(server: Served, guest_actor: Actor, bo: Shop) -> None:
    order = paid(guest_actor, (product_of(bo.merchant), 1))[0]
    url = f"{server.url}/live/trades/{order.trade.number}"
    elsewhere = guest_session(Actor(guest_key=uuid4()))
    assert status(url, elsewhere) == 404
    shown = SessionStore(elsewhere)
    shown[GRANTED] = [str(order.trade_id)]
    shown.save()
    for cookie in (guest_session(guest_actor), elsewhere):
        with listen(url, cookie) as reader:
            assert reader.known()


def test_what_is_not_theirs_is_not_there(
    server: Served, ann: Person, order: Order, bo: Shop, other_actor: Actor, guest_actor: Actor
) -> None:
    cy = open_shop("cy", "Cy 箱包")
    eve = Person.objects.get(email="eve@example.com")
    number = order.trade.number
    strangers = {"": 401, "no-such-session": 401}
    others = {signed_in(eve): 404, guest_session(guest_actor): 404, signed_in(bo.owner): 404}
    for path in (f"/live/trades/{number}", f"/live/pay/{number}"):
        for cookie, expected in (strangers | others).items():
            assert status(server.url + path, cookie) == expected, (path, expected)
    for cookie, expected in (strangers | {signed_in(ann): 404, signed_in(cy.owner): 404}).items():
        assert status(f"{server.url}/live/desk/bo", cookie) == expected
    for wrong in (number[::-1], order.number, "1", "%00", "a%2Fb"):
        assert status(f"{server.url}/live/trades/{wrong}", signed_in(ann)) == 404, wrong
    for wrong in ("nobody", "%00", "%FF", "x" * 5000):
        assert status(f"{server.url}/live/desk/{wrong}", signed_in(bo.owner)) == 404, wrong


def test_programs_listen_with_key_or_token(
    server: Served, ann: Person, order: Order, bo: Shop, guest_actor: Actor
) -> None:
    bought = paid(guest_actor, (product_of(bo.merchant), 1))[0]
    assert guest_actor.guest_key is not None
    buyer = key_of(ann, None, "trades.see")
    desk, weak = key_of(bo.owner, bo.merchant, "orders.see"), key_of(bo.owner, bo.merchant, "money.see")
    mine, theirs = f"/live/trades/{order.trade.number}", f"/live/trades/{bought.trade.number}"
    for path, header, expected in [
        (mine, {"Authorization": f"Bearer {buyer}"}, 200),
        (theirs, {"Authorization": f"Bearer {buyer}"}, 404),
        (theirs, {"X-Guest-Token": new_token(guest_actor.guest_key)}, 200),
        (mine, {"X-Guest-Token": new_token(guest_actor.guest_key)}, 404),
        (mine, {"X-Guest-Token": "nonsense"}, 401),
        (mine, {"Authorization": "Bearer wk_nonsense"}, 401),
        # A shop's key acts at its desk and as nobody's buyer.
        (mine, {"Authorization": f"Bearer {desk}"}, 403),
        ("/live/desk/bo", {"Authorization": f"Bearer {desk}"}, 200),
        ("/live/desk/bo", {"Authorization": f"Bearer {weak}"}, 403),
        ("/live/desk/bo", {"Authorization": f"Bearer {buyer}"}, 404),
    ]:
        with listen(server.url + path, "", more=header) as reader:
            assert reader.answer.status_code == expected, (path, header)


def key_of(person: Person, merchant: Merchant | None, scope: str) -> str:
    """An API key with one scope."""
    actor = Actor(person_id=person.pk, seats={merchant.pk: "owner"} if merchant else {})
    merchant_id = merchant.pk if merchant else None
    return create_key(name="k", scopes=[scope], merchant_id=merchant_id, actor=actor, now=NOW)[1]


def test_a_problem_is_told_as_the_api_tells_it(server: Served, order: Order) -> None:
    answer = httpx.get(f"{server.url}/live/trades/{order.trade.number}", headers={"Accept-Language": "en"})
    assert answer.status_code == 401 and answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert (answer.json()["code"], answer.json()["detail"]) == ("sign_in", "Please sign in first.")


def test_asking_for_the_head_opens_nothing(server: Served, ann: Person, order: Order) -> None:
    url = f"{server.url}/live/trades/{order.trade.number}"
    answer = httpx.head(url, cookies={"sessionid": signed_in(ann)})
    assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/event-stream")
    assert httpx.post(url, cookies={"sessionid": signed_in(ann)}).status_code == 405


def test_a_caller_has_so_many_streams_and_no_more(server: Served, ann: Person, order: Order) -> None:
    url, cookie = f"{server.url}/live/trades/{order.trade.number}", signed_in(ann)
    with ExitStack() as stack:
        readers = [stack.enter_context(listen(url, cookie)) for _ in range(STREAMS_PER_CALLER_MAX)]
        assert all(reader.known() for reader in readers)
        with listen(url, cookie) as refused:
            assert refused.answer.status_code == 429 and refused.answer.headers["Retry-After"] == "60"
            assert refused.answer.json()["code"] == "too_many_streams"


def test_when_access_ends_the_stream_ends(ann: Person, order: Order, bo: Shop) -> None:
    clerk = Person.objects.create_user(email="clerk@example.com", name="Clerk")
    seat = Staff.objects.create(merchant=bo.merchant, person=clerk, role=StaffRole.CLERK, since=NOW)
    mine, theirs = signed_in(ann), signed_in(clerk)
    with (
        served("wanku.live.tests.impatient_asgi:application") as server,
        listen(f"{server.url}/live/trades/{order.trade.number}", mine) as buyer,
        listen(f"{server.url}/live/desk/bo", theirs) as desk,
    ):
        for reader in (buyer, desk):
            reader.known()
        ship(order, bo)
        # Both are asked many times meanwhile, and stay.
        assert buyer.next().name == desk.next().name == "moved"
        Session.objects.filter(session_key=mine).delete()
        seat.delete()
        buyer.ends()
        desk.ends()


def test_a_restart_is_survived(ann: Person, order: Order, bo: Shop) -> None:
    cookie = signed_in(ann)
    with served(FRONT) as server:
        url = f"{server.url}/live/trades/{order.trade.number}"
        with listen(url, cookie) as reader:
            known = reader.known()
            server.kill()
            with pytest.raises(httpx.HTTPError):
                reader.ends()
        ship(order, bo)
        server.start()
        with listen(url, cookie, last_id=known) as reader:
            reader.known()
            assert reader.next().id.startswith(f"{newest()}.")


def test_a_polite_stop_ends_the_streams_politely(ann: Person, order: Order) -> None:
    with served(FRONT) as server, listen(f"{server.url}/live/trades/{order.trade.number}", signed_in(ann)) as reader:
        reader.known()
        server.ask_to_end()
        reader.ends()


def status(url: str, cookie: str) -> int:
    with listen(url, cookie) as reader:
        return int(reader.answer.status_code)
