"""Profile, address book and keys."""

from typing import Any

import pytest
from django.test import Client

from tests.cast import ADDRESS, PASSWORD, Shop
from wanku.access.models import ApiKey
from wanku.access.scopes import PERSON_SCOPES, Scope
from wanku.api.tests.caller import Api, assert_problem, key_of
from wanku.audit.models import Act
from wanku.people.models import Address, Person


def browser(person: Person) -> Api:
    """A browser in which a person is signed in."""
    client = Client(raise_request_exception=False)
    assert client.login(email=person.email, password=PASSWORD)
    return Api({}, client)


def test_me(ann_api: Api, guest_api: Api, ann: Person) -> None:
    me = ann_api.get("/me").json()
    assert (me["email"], me["scopes"]) == ("ann@example.com", sorted(PERSON_SCOPES))
    changed = ann_api("PATCH", "/me", {"name": "安", "language": "en"}).json()
    assert (changed["name"], changed["language"], changed["zone"]) == ("安", "en", "Asia/Shanghai")
    assert_problem(ann_api("PATCH", "/me", {"zone": "Mars/Base"}), 422, "bad_value", "zone")
    assert_problem(ann_api("PATCH", "/me", {"language": "xx"}), 422, "invalid", "language")
    assert_problem(ann_api("PATCH", "/me", {"email": "eve@example.com"}), 422, "invalid", "email")
    assert_problem(guest_api.get("/me"), 401, "sign_in")
    assert_problem(key_of(ann, Scope.TRADES_SEE).get("/me"), 403, "not_allowed")
    ann.refresh_from_db()
    assert (ann.name, ann.email) == ("安", "ann@example.com")


def test_addresses(ann_api: Api, guest_api: Api, other_actor: Any) -> None:
    made = ann_api.post("/me/addresses", {**ADDRESS, "is_default": True}, Idempotency_Key="key-00000001")
    assert made.status_code == 201, made.content
    again = ann_api.post("/me/addresses", {**ADDRESS, "is_default": True}, Idempotency_Key="key-00000001")
    assert made.json() == again.json()
    path = f"/me/addresses/{made.json()['id']}"
    assert ann_api("PUT", path, {**ADDRESS, "line": "文三路 2 号"}).json()["line"] == "文三路 2 号"
    assert [a["line"] for a in ann_api.get("/me/addresses").json()["items"]] == ["文三路 2 号"]
    eve = key_of(Person.objects.get(pk=other_actor.person_id), *PERSON_SCOPES)
    assert_problem(eve("PUT", path, ADDRESS), 404, "not_found")
    assert_problem(eve("DELETE", path), 404, "not_found")
    assert_problem(guest_api.post("/me/addresses", ADDRESS), 401, "sign_in")
    assert_problem(ann_api.post("/me/addresses", {**ADDRESS, "phone": "9" * 18}), 422, "bad_phone", "phone")
    assert Address.objects.get().line == "文三路 2 号"
    assert ann_api("DELETE", path).status_code == 204
    assert not Address.objects.exists()


def test_a_key_is_made_used_and_revoked(ann: Person) -> None:
    page = browser(ann)
    made = page.post("/me/keys", {"name": "books", "scopes": ["trades.see"]})
    assert made.status_code == 201, made.content
    secret = made.json()["key"]
    assert secret.startswith(made.json()["prefix"])
    program = Api({"Authorization": f"Bearer {secret}"})
    assert program.get("/trades").status_code == 200
    assert secret not in page.get("/me/keys").content.decode()
    assert page("DELETE", f"/me/keys/{made.json()['id']}").status_code == 204
    assert page("DELETE", f"/me/keys/{made.json()['id']}").status_code == 204
    assert_problem(program.get("/trades"), 401, "bad_key")
    assert list(Act.objects.order_by("pk").values_list("verb", flat=True)) == ["key.create", "key.revoke"]


def test_keys_that_are_refused(ann: Person, ann_api: Api, bo: Shop, other_actor: Any) -> None:
    page = browser(ann)
    before = ApiKey.objects.count()
    good = {"name": "books", "scopes": ["trades.see"]}
    assert_problem(ann_api.post("/me/keys", good), 403, "not_allowed")
    assert_problem(ann_api.get("/me/keys"), 403, "not_allowed")
    assert_problem(page.post("/me/keys", {**good, "merchant": "bo"}), 404, "not_found", "merchant")
    assert_problem(page.post("/me/keys", {**good, "scopes": ["orders.see"]}), 422, "bad_value", "scopes")
    assert_problem(page.post("/me/keys", {**good, "scopes": ["everything"]}), 422, "invalid", "scopes.0")
    assert_problem(page.post("/me/keys", {**good, "name": ""}), 422, "invalid", "name")
    eve = browser(Person.objects.get(pk=other_actor.person_id))
    key = ApiKey.objects.filter(person=ann).latest("pk")
    assert_problem(eve("DELETE", f"/me/keys/{key.pk}"), 404, "not_found")
    assert ApiKey.objects.filter(revoked_at=None).count() == before


def test_a_shop_s_key(bo: Shop) -> None:
    page = browser(bo.owner)
    made = page.post("/me/keys", {"name": "erp", "merchant": "bo", "scopes": ["orders.see", "orders.fulfil"]}).json()
    program = Api({"Authorization": f"Bearer {made['key']}"})
    assert program.get("/merchants/bo/orders").status_code == 200
    assert_problem(program.get("/merchants/bo/statement"), 403, "not_allowed")
    assert_problem(program.get("/trades"), 403, "not_allowed")


def test_twenty_keys_are_the_most(ann: Person) -> None:
    page = browser(ann)
    body = {"name": "books", "scopes": ["trades.see"]}
    assert {page.post("/me/keys", body).status_code for _ in range(20)} == {201}
    assert_problem(page.post("/me/keys", body), 409, "too_many_keys")
    assert ApiKey.objects.count() == 20


@pytest.mark.parametrize("path", ["/me", "/me/addresses", "/me/keys", "/trades", "/orders", "/merchants/bo/orders"])
def test_strangers(anybody: Api, path: str) -> None:
    assert_problem(anybody.get(path), 401, "sign_in")
