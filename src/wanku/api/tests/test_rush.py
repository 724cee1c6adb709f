"""The rush door says what `POST /api/v1/orders` says, which says the same on the event loop and in Django."""

import asyncio
import json
from typing import Any
from uuid import uuid4

import pytest

from tests.architecture.access_world import guest_session, signed_in
from tests.asgi import ask, scope_of
from tests.cast import ADDRESS, Shop, product_of, supply_of, variant_of
from wanku.access.actor import Actor
from wanku.access.scopes import MERCHANT_SCOPES, PERSON_SCOPES, Scope
from wanku.api import problems, rush
from wanku.api.door import BODY_MAX
from wanku.api.limits import BUCKETS, Rate
from wanku.api.tests.caller import key_of
from wanku.api.tests.doors import DOORS, JSON, Case, at_rest, at_rush, at_whole
from wanku.api.tests.shopping import body_of
from wanku.catalog.models import Product
from wanku.orders.models import Order, Trade
from wanku.people.models import Person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("gathered")]
CSRF = "a" * 32


def without(body: dict[str, Any], name: str) -> dict[str, Any]:
    return {each: value for each, value in body.items() if each != name}


def test_bodies_that_do_not_fit(tea: Product, guest: dict[str, str]) -> None:
    good = body_of(tea)
    line = good["lines"][0]
    wrong: dict[str, tuple[Any, int, str]] = {
        "unknown field": ({**good, "coupon": "x"}, 422, "invalid"),
        "unknown field inside": ({**good, "address": {**ADDRESS, "planet": "x"}}, 422, "invalid"),
        # Not of the body but of what is ordered: a night needs none, goods do.
        "no address": (without(good, "address"), 422, "missing"),
        "nothing at all": ({}, 422, "invalid"),
        "no lines": ({**good, "lines": []}, 422, "invalid"),
        "too many lines": ({**good, "lines": [line] * 500}, 422, "invalid"),
        "a text for a number": ({**good, "agreed_total": "9900"}, 422, "invalid"),
        "a fraction": ({**good, "agreed_total": 9900.5}, 422, "invalid"),
        "a whole fraction": ({**good, "agreed_total": 9900.0}, 422, "invalid"),
        "true for a number": ({**good, "agreed_total": True}, 422, "invalid"),
        "null for a number": ({**good, "agreed_total": None}, 422, "invalid"),
        "below zero": ({**good, "agreed_total": -1}, 422, "invalid"),
        "beyond all money": ({**good, "agreed_total": 10**14}, 422, "invalid"),
        "beyond 64 bits": ({**good, "agreed_total": 10**30}, 422, "invalid"),
        "no pieces": ({**good, "lines": [{**line, "quantity": 0}]}, 422, "invalid"),
        "a number for a text": ({**good, "contact": {"name": 7, "phone": "13800138000"}}, 422, "invalid"),
        "an empty name": ({**good, "contact": {"name": " ", "phone": "13800138000"}}, 422, "invalid"),
        "a list for an object": ({**good, "contact": []}, 422, "invalid"),
        "an object for a list": ({**good, "lines": {}}, 422, "invalid"),
        "no e-mail": ({**good, "contact": {"name": "A", "email": "a@b"}}, 422, "invalid"),
        "several at once": ({**good, "agreed_total": -1, "lines": [{"quantity": "x"}], "x": 1}, 422, "invalid"),
        "a control character": ({**good, "contact": {"name": "A\x07", "phone": "13800138000"}}, 422, "invalid"),
        "a slug of nobody": ({**good, "notes": [{"merchant": "nobody", "text": "x"}]}, 404, "not_found"),
        "no slug": ({**good, "notes": [{"merchant": "a b", "text": "x"}]}, 422, "invalid"),
        "a list": ([good], 422, "invalid"),
        "a text": ("x", 422, "invalid"),
        "null": (None, 422, "invalid"),
        "not JSON": (b"{", 400, "unreadable_body"),
        "two values": (b"{} {}", 400, "unreadable_body"),
        "a comma too many": (b'{"lines": [],}', 400, "unreadable_body"),
        "not UTF-8": (b'{"contact": {"name": "\xff"}}', 400, "unreadable_body"),
        "NaN": (json.dumps(good).replace("9900", "NaN").encode(), 400, "unreadable_body"),
        "Infinity": (json.dumps(good).replace("9900", "-Infinity").encode(), 400, "unreadable_body"),
        "NUL": ({**good, "contact": {"name": "A\x00", "phone": "13800138000"}}, 400, "unreadable_body"),
        "half a pair": ({**good, "contact": {"name": "\ud800", "phone": "13800138000"}}, 400, "unreadable_body"),
        "deep": ({**good, "x": json.loads("[" * 20 + "]" * 20)}, 400, "unreadable_body"),
        "very deep": (b"[" * 5_000 + b"]" * 5_000, 400, "unreadable_body"),
        "twice a wrong name": (b'{"x": 1, "x": 2}', 400, "unreadable_body"),
        "nothing": (b"", 422, "invalid"),
        "white space": (b"  ", 400, "unreadable_body"),
    }
    for name, (body, status, code) in wrong.items():
        answer = Case(body, guest).at_all()
        assert (answer.status, answer.code) == (status, code), (name, answer)
    assert not Trade.objects.exists() and supply_of(variant_of(tea)).held == 0


def test_what_the_flow_refuses(tea: Product, bo: Shop, cy: Shop, guest: dict[str, str]) -> None:
    few, none = product_of(bo.merchant, stock=2), product_of(bo.merchant, stock=0)
    limited = product_of(bo.merchant, limit_per_person=2)
    hidden = product_of(cy.merchant, state="draft")
    good = body_of(tea)
    wrong: dict[str, tuple[Any, int, str]] = {
        "another price": ({**good, "agreed_total": 1}, 409, "price_changed"),
        "more than there is": (body_of(few, 3), 409, "stock_short"),
        "sold out": (body_of(none), 409, "sold_out"),
        "over the limit": (body_of(limited, 3), 409, "limit_per_person"),
        "unknown": ({**good, "lines": [{"variant_id": 10**9, "quantity": 1}]}, 409, "unavailable"),
        "not on sale": (body_of(hidden), 409, "unavailable"),
        "no way to reach": ({**good, "contact": {"name": "A"}}, 422, "no_contact"),
        "no phone": ({**good, "contact": {"name": "A", "phone": "99999999999999999"}}, 422, "bad_phone"),
    }
    for name, (body, status, code) in wrong.items():
        answer = Case(body, guest).at_all()
        assert (answer.status, answer.code) == (status, code), (name, answer)
    assert not Trade.objects.exists()


def test_request_keys(tea: Product, guest: dict[str, str]) -> None:
    for key in ("-", "", "short", "x" * 81, "with space", "a.b.c.d.e", "ключ".encode().decode("latin-1") * 3):
        answer = Case(body_of(tea), {**guest, "Idempotency-Key": key}).at_all()
        assert (answer.status, answer.code) == (422, "invalid"), key
        assert [each["field"] for each in answer.errors] == ["Idempotency-Key"]
    both = Case({**body_of(tea), "agreed_total": -1}, {**guest, "Idempotency-Key": "-"}).at_all()
    assert [each["field"] for each in both.errors] == ["Idempotency-Key", "agreed_total"]
    assert not Trade.objects.exists()


def test_types_and_sizes(tea: Product, guest: dict[str, str]) -> None:
    good = body_of(tea)
    for kind in (JSON, "Application/JSON", f"{JSON}; charset=utf-8", f'{JSON};charset="UTF-8"'):
        assert Case(good, {**guest, "Content-Type": kind}).at_all().status == 201, kind
    for kind in ("-", "", "text/plain", "application/x-www-form-urlencoded", f"{JSON}; charset=utf-16", "x" * 500):
        answer = Case(good, {**guest, "Content-Type": kind}).at_all()
        assert (answer.status, answer.code) == (415, "unsupported_media_type"), kind
    large = json.dumps(good).encode() + b" " * BODY_MAX
    assert Case(large, guest).at_all().code == "too_large"
    assert Case(large, {**guest, "Content-Type": "text/plain"}).at_all().code == "too_large"
    assert Case(json.dumps(good).encode() + b" " * (BODY_MAX - 2_000), guest).at_all().status == 201
    assert Trade.objects.count() == 5 * DOORS


def test_a_body_without_a_length_is_bounded_too(tea: Product, guest: dict[str, str]) -> None:
    headers = {**guest, "Content-Type": JSON, "Idempotency-Key": "key-00000001"}
    raw = json.dumps(body_of(tea)).encode()
    good = asyncio.run(ask(rush.rush, scope_of("POST", rush.PATH, headers), [raw[:9], raw[9:]]))
    assert good.status == 201, good.body
    asked = iter(range(1_000))
    endless = (b" " * 65_536 for _ in asked)
    large = asyncio.run(ask(rush.rush, scope_of("POST", rush.PATH, headers), [next(endless) for _ in range(20)]))
    assert (large.status, large.json()["code"]) == (413, "too_large")
    cut = asyncio.run(ask(rush.rush, scope_of("POST", rush.PATH, headers), [raw[:9]], stays=False))
    assert (cut.status, cut.json()["code"]) == (400, "unreadable_body")
    assert Trade.objects.count() == 1


def test_callers(tea: Product, guest: dict[str, str], ann: Person, guest_actor: Actor, bo: Shop) -> None:
    good = body_of(tea)
    member = key_of(ann, *PERSON_SCOPES).headers
    reader = key_of(ann, Scope.TRADES_SEE).headers
    shop = key_of(bo.owner, *MERCHANT_SCOPES, merchant_id=bo.merchant.pk).headers
    token = {"X-CSRFToken": CSRF}
    mine, theirs = {"sessionid": signed_in(ann)}, {"sessionid": guest_session(guest_actor)}
    cookie = {"csrftoken": CSRF}
    cases: dict[str, tuple[Case, int, str]] = {
        "nobody": (Case(good, {}), 401, "sign_in"),
        "a guest": (Case(good, guest), 201, ""),
        "a bad token": (Case(good, {"X-Guest-Token": "x"}), 401, "bad_guest_token"),
        "an empty token": (Case(good, {"X-Guest-Token": ""}), 401, "bad_guest_token"),
        "a key": (Case(good, member), 201, ""),
        "a key without the scope": (Case(good, reader), 403, "not_allowed"),
        "a shop's key": (Case(good, shop), 403, "not_allowed"),
        "a bad key": (Case(good, {"Authorization": "Bearer wk_nonsense"}), 401, "bad_key"),
        "no key": (Case(good, {"Authorization": "Basic eDp5"}), 401, "bad_key"),
        "a bad key and a good token": (Case(good, {**guest, "Authorization": "Bearer x"}), 401, "bad_key"),
        "a key and a bad token": (Case(good, {**member, "X-Guest-Token": "x"}), 201, ""),
        "a session": (Case(good, token, {**mine, **cookie}), 201, ""),
        "a guest's session": (Case(good, token, {**theirs, **cookie}), 201, ""),
        "a session without CSRF": (Case(good, {}, mine), 403, "csrf"),
        "a session without a header": (Case(good, {}, {**mine, **cookie}), 403, "csrf"),
        "a session with another token": (Case(good, {"X-CSRFToken": "b" * 32}, {**mine, **cookie}), 403, "csrf"),
        "a foreign page": (Case(good, {**token, "Origin": "http://evil.test"}, {**mine, **cookie}), 403, "csrf"),
        "our own page": (Case(good, {**token, "Origin": "http://testserver"}, {**mine, **cookie}), 201, ""),
        "no such session": (Case(good, token, {"sessionid": "x" * 32, **cookie}), 401, "sign_in"),
        "a token and a session without CSRF": (Case(good, guest, mine), 201, ""),
        "a bad body of nobody": (Case({}, {}), 401, "sign_in"),
        "no JSON of nobody": (Case(b"{", {}), 401, "sign_in"),
    }
    placed = 0
    for name, (case, status, code) in cases.items():
        answer = case.at_all()
        assert (answer.status, answer.code) == (status, code), (name, answer)
        placed += DOORS if status == 201 else 0
    assert Trade.objects.count() == placed
    assert Trade.objects.filter(buyer=ann).count() == 4 * DOORS
    assert Trade.objects.filter(guest_key=guest_actor.guest_key).count() == placed - 4 * DOORS


def test_languages(tea: Product, guest: dict[str, str]) -> None:
    wrong = {**body_of(tea), "agreed_total": 1}
    for language in ("zh-CN,zh;q=0.9", "zh-TW", "en-US,en;q=0.5", "fr", "", "x" * 600, "*"):
        assert Case(wrong, {**guest, "Accept-Language": language}).at_all().code == "price_changed"
    Case(wrong, guest, {"django_language": "zh-hant"}).at_all()
    for language, kept in (("zh-TW", "zh-hant"), ("en", "en"), ("fr", "zh-hans")):
        for door in (at_rest, at_rush, at_whole):
            headers = {**guest, "Content-Type": JSON, "Accept-Language": language, "Idempotency-Key": uuid4().hex}
            assert door(json.dumps(body_of(tea)).encode(), headers, {}).status == 201
            assert Trade.objects.latest("placed_at").language == kept


def test_both_doors_know_the_same_keys(tea: Product, guest: dict[str, str]) -> None:
    """An order that was placed at one door is found again at the other; another body under its key is refused."""
    same = {**guest, "Idempotency-Key": "key-00000001"}
    assert Case(body_of(tea), same).at_all().status == 201
    other = Case(body_of(tea, 2), same).at_all()
    assert (other.status, other.code, [e["field"] for e in other.errors]) == (
        422,
        "request_key_reused",
        ["Idempotency-Key"],
    )
    assert Trade.objects.count() == 1 == supply_of(variant_of(tea)).held


def test_the_whole_order_is_the_same(tea: Product, bo: Shop, cy: Shop, guest: dict[str, str]) -> None:
    gift = product_of(bo.merchant, add_ons=[("gift", 500)], stock=50)
    bag = product_of(cy.merchant, prices=(12_000,), stock=50)
    body = body_of(
        tea,
        lines=[
            {"variant_id": variant_of(gift).pk, "quantity": 2, "add_ons": [gift.add_ons.get().pk]},
            {"variant_id": variant_of(bag).pk, "quantity": 1},
        ],
        agreed_total=2 * 10_400 + 12_000,
        notes=[{"merchant": "bo", "text": " 请 轻放 "}],
        agreed_no_return=[variant_of(bag).pk],
    )
    assert Case(body, guest).at_all().status == 201
    names = ("buyer_id", "guest_key", "contact_name", "contact_phone", "contact_email", "amount", "currency", "state")
    trades = list(Trade.objects.values_list(*names))
    assert trades == DOORS * trades[:1]
    parts = [
        list(
            Order.objects.filter(trade=trade)
            .order_by("merchant_id")
            .values_list("merchant_id", "note", "address", "goods", "freight", "lines__title", "lines__amount")
        )
        for trade in Trade.objects.all()
    ]
    assert parts == DOORS * parts[:1] and len(parts[0]) == 2


def test_what_is_answered_to_an_order(tea: Product, guest: dict[str, str]) -> None:
    headers = {**guest, "Content-Type": JSON, "Idempotency-Key": "key-00000001"}
    raw = json.dumps(body_of(tea)).encode()
    first, again = (asyncio.run(ask(rush.rush, scope_of("POST", rush.PATH, headers), [raw])) for _ in range(2))
    trade = Trade.objects.get()
    found = first.json()
    assert (found.pop("repeated"), found["number"], found["amount"], found["currency"]) == (
        False,
        trade.number,
        9900,
        "CNY",
    )
    assert found["pay_url"].endswith(f"/pay/{trade.number}/")
    assert again.json() == {**found, "repeated": True}


def test_of_a_name_that_stands_twice_the_last_counts(tea: Product, guest: dict[str, str]) -> None:
    """The one documented difference: the REST API refuses such a body."""
    raw = json.dumps(body_of(tea)).encode().replace(b"{", b'{"agreed_total": 1, ', 1)
    headers = {**guest, "Content-Type": JSON, "Idempotency-Key": "key-00000001"}
    assert at_rush(raw, headers, {}).status == 201
    assert at_rest(raw, {**headers, "Idempotency-Key": "key-00000002"}, {}).code == "unreadable_body"


def test_rates(tea: Product, guest: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CALLER", "ADDRESS"):
        monkeypatch.setattr(f"wanku.api.limits.{name}", Rate(name, burst=2, per_second=0.001))
        headers = {**guest, "Content-Type": JSON, "Accept-Language": "en"}
        outcomes = []
        for door in (at_rest, at_rush, at_whole):
            BUCKETS.clear()
            outcomes.append([door(b"{", headers, {}) for _ in range(3)])
        assert outcomes[0] == outcomes[1]
        assert [each.code for each in outcomes[1]] == ["unreadable_body", "unreadable_body", "rate_limited"]
        assert int(outcomes[1][2].headers["Retry-After"] or 0) > 100
        monkeypatch.undo()


def test_other_addresses_and_methods(guest: dict[str, str]) -> None:
    for path in ("/rush/", "/rush/orders/", "/rush/orders/1", "/rush/%00"):
        answer = asyncio.run(ask(rush.rush, scope_of("POST", path, guest)))
        assert (answer.status, answer.json()["code"]) == (404, "not_found"), path
    for method in ("GET", "PUT", "DELETE", "OPTIONS", "X" * 40):
        answer = asyncio.run(ask(rush.rush, scope_of(method, rush.PATH, guest)))
        assert (answer.status, answer.json()["code"], answer.header("Allow")) == (405, "method_not_allowed", "POST")


def test_what_nobody_expected_is_one_problem_and_logged(
    tea: Product, guest: dict[str, str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*args: Any) -> None:
        raise ZeroDivisionError("broken")

    monkeypatch.setattr("wanku.api.rush.wishes_of", broken)
    monkeypatch.setattr("wanku.api.resources.trades.wishes_of", broken)
    answer = Case(body_of(tea), guest).at_all()
    assert (answer.status, answer.code) == (500, problems.FAILED.name)
    assert sum("failed POST" in record.message for record in caplog.records) == DOORS
    assert "broken" not in answer.detail
    assert not Trade.objects.exists()
