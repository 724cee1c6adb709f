"""Tracking and claiming by number and contact, with a bound on guessing."""

from datetime import timedelta

import pytest
from django.test import Client

from tests.bought import placed
from tests.cast import NOW, Shop, product_of
from wanku.access.actor import Actor
from wanku.access.models import GuessCount
from wanku.flows.buying import _guest_trade
from wanku.orders.models import Order, Trade
from wanku.people.models import Person
from wanku.storefront.tests.shopping import guest_browser, member_browser


@pytest.fixture
def trade(bo: Shop, guest_actor: Actor) -> Trade:
    """A guest's trade."""
    return placed(guest_actor, (product_of(bo.merchant, "龙井茶"), 1))


@pytest.mark.parametrize("contact", ["13800138000", "+86 138-0013-8000", "ANN@example.com"])
@pytest.mark.parametrize("which", ["trade", "order"])
def test_number_and_contact_show_the_order(trade: Trade, client: Client, contact: str, which: str) -> None:
    order = Order.objects.get()
    number = trade.number if which == "trade" else order.number
    typed = f"{number[:6]}-{number[6:11]} {number[11:]}"
    response = client.post("/track/", {"number": typed, "contact": contact})
    assert response["Location"] == f"/orders/{order.number}/"
    assert "龙井茶" in client.get(response["Location"]).content.decode()
    assert client.get(f"/pay/{trade.number}/").status_code == 200


def test_a_wrong_number_and_a_wrong_contact_get_the_same_answer(trade: Trade, client: Client) -> None:
    wrong = f"{'0' * 16}0"
    answers = [
        client.post("/track/", {"number": number, "contact": contact})
        for number, contact in [
            (trade.number, "13900139000"),
            (wrong, "13800138000"),
            (trade.number, "bob@example.com"),
            ("123", "13800138000"),
        ]
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({str(answer.context["form"].non_field_errors()) for answer in answers}) == 1
    assert client.get(f"/orders/{Order.objects.get().number}/").status_code == 302


@pytest.mark.parametrize(
    "form", [{}, {"number": "", "contact": ""}, {"number": "1" * 500, "contact": "x" * 5000}, {"number": "\x00"}]
)
def test_nonsense_is_named(db: None, client: Client, form: dict[str, str]) -> None:
    response = client.post("/track/", form)
    assert response.status_code == 422
    assert response.context["form"].errors


def test_what_a_member_bought_stays_behind_the_sign_in(bo: Shop, ann_actor: Actor, client: Client) -> None:
    trade = placed(ann_actor, (product_of(bo.merchant), 1))
    assert client.post("/track/", {"number": trade.number, "contact": "13800138000"}).status_code == 404


def test_guessing_ends(trade: Trade, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_guest_trade, "PER_NUMBER", 3)
    for _ in range(3):
        assert client.post("/track/", {"number": trade.number, "contact": "13900139000"}).status_code == 404
    # Even the right contact has to wait now, else it would tell a guesser that it is right.
    assert client.post("/track/", {"number": trade.number, "contact": "13800138000"}).status_code == 429
    assert trade.number.encode() not in b"".join(bytes(row.subject) for row in GuessCount.objects.all())


def test_one_address_cannot_try_many_numbers(db: None, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_guest_trade, "PER_SOURCE", 2)
    codes = [client.post("/track/", {"number": "1", "contact": "13800138000"}).status_code for _ in range(3)]
    assert codes == [404, 404, 429]
    other = Client(REMOTE_ADDR="10.9.8.7")
    assert other.post("/track/", {"number": "1", "contact": "13800138000"}).status_code == 404


def test_a_member_claims_a_guests_order(trade: Trade, ann: Person, guest_actor: Actor) -> None:
    browser = member_browser(ann)
    assert browser.post("/claim/", {"number": trade.number, "contact": "13900139000"}).status_code == 404
    assert browser.post("/claim/", {"number": trade.number, "contact": "13800138000"}).status_code == 302
    trade.refresh_from_db()
    assert trade.buyer == ann
    assert "龙井茶" in browser.get("/orders/").content.decode()
    assert "龙井茶" not in guest_browser(guest_actor).get("/orders/").content.decode()
    assert browser.post("/claim/", {"number": trade.number, "contact": "13800138000"}).status_code == 404


def test_claiming_needs_an_account(client: Client, db: None) -> None:
    assert client.get("/claim/")["Location"].startswith("/account/login/")


def test_old_counts_are_swept(trade: Trade, client: Client) -> None:
    old = GuessCount.objects.create(scope="x", subject=b"y", since=NOW - timedelta(days=30), count=1)
    client.post("/track/", {"number": trade.number, "contact": "1"})
    assert not GuessCount.objects.filter(pk=old.pk).exists()
