"""Every way to knock wrongly, and the problem that answers it."""

import json
from typing import Any

import pytest
from django.test import Client

from tests.cast import PASSWORD, Shop, product_of
from wanku.access.models import ApiKey
from wanku.api import limits, v1
from wanku.api.tests.caller import Api, assert_problem, key_of
from wanku.people.models import Person

pytestmark = pytest.mark.django_db


def test_nowhere(anybody: Api) -> None:
    for path in ("", "/", "/nothing", "/products/", "/products/1/2/3"):
        assert_problem(anybody.get(path), 404, "not_found")


def test_a_method_that_is_not_answered(anybody: Api) -> None:
    answer = anybody("DELETE", "/categories")
    assert_problem(answer, 405, "method_not_allowed")
    assert answer["Allow"] == "GET"


def test_texts_follow_the_reader(anybody: Api) -> None:
    english = assert_problem(anybody.get("/products/9"), 404, "not_found")
    chinese = assert_problem(anybody.get("/products/9", Accept_Language="zh-CN"), 404, "not_found")
    assert english["detail"] == "There is nothing here that you can see."
    assert english["type"] == "/api/docs#problem-not_found"
    assert chinese["code"] == english["code"]


@pytest.mark.parametrize("junk", ["x", "0", "-1", "1.5", "9223372036854775808", "1_0", "１", "%00", "1%00"])
def test_a_number_that_is_none(anybody: Api, junk: str) -> None:
    answer = anybody.get(f"/products/{junk}")
    assert answer.status_code in (404, 422)
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=101",
        "limit=x",
        "cursor=x",
        "cursor=%00",
        "cursor=W10",
        "cursor=WzEsMl0",
        "cursor=" + "a" * 300,
    ],
)
def test_a_page_that_is_none(anybody: Api, bo: Shop, query: str) -> None:
    product = product_of(bo.merchant)
    problem = anybody.get(f"/products/{product.pk}/reviews?{query}")
    assert problem.status_code == 422
    assert problem.json()["errors"][0]["field"] == query.split("=", maxsplit=1)[0]


def test_wrong_keys(anybody: Api, ann: Person) -> None:
    for header in (
        "Bearer wk_nothing",
        "Bearer ",
        "Basic YTpi",
        "wk_x",
        "Bearer wk_" + "é" * 10,
        "Bearer wk_" + "a" * 999,
    ):
        answer = anybody.get("/categories", Authorization=header)
        assert_problem(answer, 401, "bad_key")
        assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_revoked_key_and_a_closed_account(ann: Person) -> None:
    api = key_of(ann, "trades.see")
    assert api.get("/categories").status_code == 200
    ApiKey.objects.update(revoked_at="2026-01-01T00:00Z")
    assert_problem(api.get("/categories"), 401, "bad_key")
    ApiKey.objects.update(revoked_at=None)
    Person.objects.update(is_active=False)
    assert_problem(api.get("/categories"), 401, "bad_key")


def test_the_use_of_a_key_is_noted_now_and_then(ann: Person, django_assert_num_queries: Any) -> None:
    api = key_of(ann, "trades.see")
    api.get("/categories")
    noted = ApiKey.objects.get().last_used_at
    assert noted is not None
    with django_assert_num_queries(2):
        api.get("/categories")
    assert ApiKey.objects.get().last_used_at == noted


def test_wrong_guest_tokens(anybody: Api) -> None:
    token = anybody.post("/guests").json()["token"]
    assert anybody.get("/categories", X_Guest_Token=token).status_code == 200
    for bad in ("", "x", token[:-1], token + "x", "a:b:c"):
        assert_problem(anybody.get("/categories", X_Guest_Token=bad), 401, "bad_guest_token")


def test_a_session_needs_the_csrf_token(ann: Person) -> None:
    browser = Client(enforce_csrf_checks=True)
    assert browser.login(email=ann.email, password=PASSWORD)
    assert browser.get("/api/v1/categories").status_code == 200
    assert_problem(browser.post("/api/v1/guests", content_type="application/json"), 403, "csrf")
    browser.get("/account/login/")
    headers = {"X-CSRFToken": browser.cookies["csrftoken"].value}
    answer = browser.post("/api/v1/guests", content_type="application/json", headers=headers)
    assert answer.status_code == 201


def test_bodies_of_a_wrong_kind(anybody: Api) -> None:
    client = anybody.client
    path = "/api/v1/guests"
    for kind in (
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
    ):
        assert_problem(client.post(path, data=b"{}", content_type=kind), 415, "unsupported_media_type")
    answer = client.post(path, data=b"{}", content_type="application/json; charset=utf-16")
    assert_problem(answer, 415, "unsupported_media_type")
    answer = client.post(path, data=b" " * 300_000, content_type="application/json")
    assert_problem(answer, 413, "too_large")


def test_a_caller_who_asks_too_often(anybody: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ADDRESS", limits.Rate("address", burst=3, per_second=0.5))
    for _ in range(3):
        assert anybody.get("/categories").status_code == 200
    answer = anybody.get("/categories")
    assert_problem(answer, 429, "rate_limited")
    assert answer["Retry-After"] == "2"


def test_something_breaks(anybody: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("wanku.api.read.catalog.categories", broken)
    answer = anybody.get("/categories")
    assert_problem(answer, 500, "internal")
    assert b"secret" not in answer.content


def test_the_document(anybody: Api) -> None:
    document = anybody.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    for path, item in document["paths"].items():
        for method, operation in item.items():
            name = f"{method} {path}"
            assert operation["summary"], name
            assert operation.get("description"), name
            assert "application/problem+json" in operation["responses"]["422"]["content"], name
    json.dumps(v1.build().get_openapi_schema(path_prefix=""))


def test_answers_are_not_kept_by_caches(anybody: Api) -> None:
    answer = anybody.get("/categories")
    assert answer["Cache-Control"] == "no-store"
    assert "Authorization" in answer["Vary"]
