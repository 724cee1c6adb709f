"""The simulated Stripe by itself: what its API refuses, and in which words, and its page for cards."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from wanku.sandbox.banks import faults
from wanku.sandbox.banks.books import Books, Notice, Payment
from wanku.sandbox.banks.deliver import Postman
from wanku.sandbox.banks.serve import BankServer
from wanku.sandbox.banks.stripe import cards
from wanku.sandbox.banks.stripe.bank import StripeBank
from wanku.sandbox.banks.stripe.forms import BadRequest, decoded

START = datetime(2026, 11, 11, 2, 0, tzinfo=UTC)
SESSION = {
    "mode": "payment",
    "line_items[0][quantity]": "1",
    "line_items[0][price_data][currency]": "cny",
    "line_items[0][price_data][unit_amount]": "500",
    "line_items[0][price_data][product_data][name]": "Tea <b>",
    "client_reference_id": "N1",
    "metadata[number]": "N1",
    "payment_intent_data[metadata][number]": "N1",
    "success_url": "http://shop/result",
    "cancel_url": "http://shop/pay",
}


class Wire:
    """The shop at the wire, without any SDK."""

    def __init__(self) -> None:
        self.now = START
        self.books = Books()
        self.bank = StripeBank(self.books, lambda: self.now)
        self.server = BankServer([self.bank], self.books)
        self.server.start()
        self.base = self.server.base(self.bank)
        self.key = self.bank.account(self.base).secret["secret_key"]

    def ask(self, method: str, path: str, key: str | None = None, once: str = "", **form: str) -> httpx.Response:
        """One call."""
        headers = {"Idempotency-Key": once} if once else {}
        if key != "":
            headers["Authorization"] = f"Bearer {key or self.key}"
        body = {"params": form} if method == "GET" else {"data": form}
        return httpx.request(method, f"{self.base}/v1/{path}", headers=headers, trust_env=False, **body)  # type: ignore[arg-type]

    def open(self, once: str = "", **other: str) -> dict[str, Any]:
        """A session."""
        answer = self.ask("POST", "checkout/sessions", once=once, **{**SESSION, **other})
        assert answer.status_code == 200, answer.text
        session: dict[str, Any] = answer.json()
        return session


@pytest.fixture
def wire() -> Iterator[Wire]:
    """A bank at a port."""
    wire = Wire()
    yield wire
    wire.server.stop()
    wire.books.close()


def test_forms() -> None:
    assert decoded("a[b][0][c]=1&a[b][1][c]=2&d=3&e[]=4&e[]=5") == {
        "a": {"b": [{"c": "1"}, {"c": "2"}]}, "d": "3", "e": ["4", "5"]
    }  # fmt: skip
    with pytest.raises(BadRequest):
        decoded("a=1&a[b]=2")


@pytest.mark.parametrize("key", ["", "sk_test_somebody"])
def test_a_key_is_needed(wire: Wire, key: str) -> None:
    refused = wire.ask("POST", "checkout/sessions", key, **SESSION)
    assert (refused.status_code, refused.json()["error"]["type"]) == (401, "invalid_request_error")
    assert not wire.books.all(Payment)


@pytest.mark.parametrize(
    ("change", "code", "param"),
    [
        ({"mode": ""}, "parameter_missing", "mode"),
        ({"colour": "red"}, "parameter_unknown", "colour"),
        ({"line_items[0][price_data][unit_amount]": "5.5"}, "parameter_invalid_integer", ""),
        ({"line_items[0][price_data][unit_amount]": "-5"}, "parameter_invalid_integer", ""),
        ({"success_url": ""}, "parameter_missing", "success_url"),
    ],
)
def test_what_is_wrong_is_named(wire: Wire, change: dict[str, str], code: str, param: str) -> None:
    refused = wire.ask("POST", "checkout/sessions", once="K1", **{**SESSION, **change})
    error = refused.json()["error"]
    assert (refused.status_code, error["type"], error["code"]) == (400, "invalid_request_error", code)
    assert not param or error["param"] == param
    assert not wire.books.all(Payment)
    wire.open(once="K1")  # what never began may be asked again


def test_a_key_gives_the_same_answer_for_a_day(wire: Wire) -> None:
    first = wire.open(once="K1")
    wire.ask("POST", f"checkout/sessions/{first['id']}/expire")
    again = wire.ask("POST", "checkout/sessions", once="K1", **SESSION)
    assert again.json() == first and again.headers["Idempotent-Replayed"] == "true", "as it was then"
    other = wire.ask("POST", "checkout/sessions", once="K1", **{**SESSION, "client_reference_id": "N2"})
    assert (other.status_code, other.json()["error"]["type"]) == (400, "idempotency_error")
    wire.now += timedelta(days=1)
    assert wire.open(once="K1")["id"] != first["id"]
    assert len(wire.books.all(Payment)) == 2


def test_what_is_not_there(wire: Wire) -> None:
    for path in ("checkout/sessions/cs_no", "payment_intents/pi_no", "refunds/re_no"):
        missing = wire.ask("GET", path)
        assert (missing.status_code, missing.json()["error"]["code"]) == (404, "resource_missing")
    assert wire.ask("GET", "customers").status_code == 404


def test_a_session_lives_a_day(wire: Wire) -> None:
    session = wire.open()
    wire.now += timedelta(days=1)
    wire.bank.tick(wire.now)
    gone = wire.ask("GET", f"checkout/sessions/{session['id']}").json()
    assert (gone["status"], gone["url"], gone["payment_status"]) == ("expired", None, "unpaid")
    refused = wire.ask("POST", f"checkout/sessions/{session['id']}/expire")
    assert refused.status_code == 400 and "expired" in refused.json()["error"]["message"]
    assert [notice.kind for notice in wire.books.all(Notice)] == ["checkout.session.expired"]


@pytest.mark.parametrize("late", [False, True])
def test_what_is_paid_or_under_way_cannot_be_cancelled(wire: Wire, late: bool) -> None:
    session = wire.open()
    if late:
        faults.set_fault(wire.books, "stripe", "pay", "late", seconds=60)
    cards.try_card(wire.bank, wire.books.all(Payment)[0], "4242424242424242")
    intent = wire.ask("GET", f"checkout/sessions/{session['id']}").json()["payment_intent"]
    refused = wire.ask("POST", f"payment_intents/{intent}/cancel")
    assert refused.json()["error"]["code"] == "payment_intent_unexpected_state"
    assert wire.ask("GET", f"payment_intents/{intent}").json()["status"] == ("processing" if late else "succeeded")


def test_lists_come_in_pages(wire: Wire) -> None:
    ids = [wire.open(client_reference_id=f"N{n}")["id"] for n in range(5)][::-1]
    first = wire.ask("GET", "checkout/sessions", limit="3").json()
    rest = wire.ask("GET", "checkout/sessions", limit="3", starting_after=first["data"][-1]["id"]).json()
    assert [row["id"] for row in first["data"] + rest["data"]] == ids
    assert (first["has_more"], rest["has_more"]) == (True, False)


@pytest.mark.parametrize(
    ("number", "code", "decline"),
    [
        ("4242424242424242", None, None),
        ("4000000000009995", "card_declined", "insufficient_funds"),
        ("4242424242424241", "incorrect_number", None),
        ("1", "incorrect_number", None),
        ("4111111111111111", "card_declined", "test_mode_live_card"),
    ],
)
def test_cards(number: str, code: str | None, decline: str | None) -> None:
    found = cards.decline_of(number)
    error = found.error() if found else {}
    assert (error.get("code"), error.get("decline_code")) == (code, decline)


def test_the_page(wire: Wire) -> None:
    session = wire.open()
    with httpx.Client(trust_env=False, headers={"Accept-Language": "zh-CN"}) as browser:
        page = browser.get(session["url"])
        assert "¥5.00" in page.text and "Tea &lt;b&gt;" in page.text and page.headers["Cache-Control"] == "no-store"
        assert browser.get(f"{wire.base}/c/pay/nobody").status_code == 404
        declined = browser.post(session["url"], data={"choice": "card", "card": "4000 0000 0000 9995"})
        assert declined.status_code == 200 and "余额不足" in declined.text
        asked = browser.post(session["url"], data={"choice": "card", "card": "4000 0025 0000 3155"})
        assert 'value="confirm"' in asked.text
        done = browser.post(session["url"], data={"choice": "confirm"})
        assert (done.status_code, done.headers["Location"]) == (303, "http://shop/result")
        again = browser.post(session["url"], data={"choice": "card", "card": "4242 4242 4242 4242"})
        assert again.status_code == 303
    assert [payment.state for payment in wire.books.all(Payment)] == ["paid"]
    assert "4242" not in str(wire.books.all(Payment)[0].facts), "no card number is kept"


def test_told_again_for_three_days(wire: Wire) -> None:
    wire.open()
    told: list[str] = []

    def deaf(url: str, headers: Any, body: bytes) -> tuple[int, bytes]:
        told.append(headers["Stripe-Signature"])
        return 503, b""

    postman = Postman([wire.bank], wire.books, post=deaf)
    cards.try_card(wire.bank, wire.books.all(Payment)[0], "4242424242424242")
    for _ in range(100):
        postman.deliver(wire.now)
        wire.now += timedelta(hours=1)
    assert len(told) == 1 + len(StripeBank.ladder) == len(set(told)), "signed anew each time"
    notice = wire.books.all(Notice)[0]
    assert notice.next_at is None and notice.heard_at is None
    assert timedelta(days=2) < timedelta(seconds=sum(StripeBank.ladder)) < timedelta(days=3)
