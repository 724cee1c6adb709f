"""The door: headers, zone, time, and refusals as pages, toasts and ways to sign in."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import path
from django.utils import timezone

from wanku.kernel.refusal import BUSY, NOT_ALLOWED, NOT_FOUND, SIGN_IN, TOO_OFTEN, Code, Refusal
from wanku.project import urls
from wanku.ui import errors
from wanku.ui.middleware import reader_zone

REFUSALS = {code.name: code for code in (BUSY, NOT_ALLOWED, NOT_FOUND, SIGN_IN, TOO_OFTEN)}
REFUSALS["odd"] = Code("odd", "Odd.", 418)


def refuse(request: HttpRequest, name: str) -> HttpResponse:
    raise Refusal(REFUSALS[name], because="<b>no</b>", at=datetime(2031, 1, 2, tzinfo=UTC))


def tell(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{timezone.get_current_timezone_name()} {request.now.tzinfo}")  # type: ignore[attr-defined]


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("broken on purpose")


urlpatterns = [*urls.urlpatterns, path("refuse/<name>", refuse), path("tell", tell), path("broken", broken)]
handler500 = "wanku.ui.errors.failed"
handler404 = "wanku.ui.errors.not_found"

pytestmark = pytest.mark.urls(__name__)
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def client() -> Client:
    """One that sees error pages, not exceptions."""
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("name", [n for n in REFUSALS if n != "sign_in"])
def test_a_refusal_becomes_a_page_of_its_status(client: Client, name: str) -> None:
    response = client.get(f"/refuse/{name}", headers=ENGLISH)
    assert response.status_code == REFUSALS[name].status
    assert b"<b>no</b>" not in response.content
    assert b"<h1" in response.content


def test_a_refusal_speaks_the_readers_language(client: Client) -> None:
    text = client.get("/refuse/busy", headers={"Accept-Language": "zh-hans"}).content.decode()
    assert 'lang="zh-Hans"' in text
    assert "玩酷" in text


def test_htmx_gets_a_toast(client: Client) -> None:
    response = client.get("/refuse/not_found", headers={**ENGLISH, "HX-Request": "true"})
    assert response.status_code == 404
    assert response["HX-Retarget"] == "#toasts"
    assert b"<html" not in response.content
    assert b"There is nothing here that you can see." in response.content


def test_who_must_sign_in_is_led_there_and_back(client: Client) -> None:
    response = client.get("/refuse/sign_in?a=1")
    assert response.status_code == 302
    assert response["Location"].endswith("?next=%2Frefuse%2Fsign_in%3Fa%3D1")


def test_an_error_shows_its_page_and_no_details(client: Client) -> None:
    with override_settings(DEBUG=False):
        response = client.get("/broken", headers=ENGLISH)
    assert response.status_code == 500
    assert b"broken on purpose" not in response.content
    assert b"Something broke on our side" in response.content


def test_a_missing_page_has_a_page(client: Client) -> None:
    with override_settings(DEBUG=False):
        response = client.get("/nowhere/at/all", headers=ENGLISH)
    assert response.status_code == 404
    assert b"There is nothing here" in response.content


@pytest.mark.parametrize("status", errors.PAGES)
def test_every_status_has_a_page(status: int) -> None:
    request = RequestFactory().get("/")
    assert errors.show(request, status).status_code == status


def test_headers(client: Client) -> None:
    headers = client.get("/tell").headers
    policy = headers["Content-Security-Policy"]
    for part in ("default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"):
        assert part in policy
    assert "unsafe" not in policy
    assert "camera=(self)" in headers["Permissions-Policy"]
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize(
    ("cookie", "zone"),
    [("America/New_York", "America/New_York"), ("../../etc/passwd", "Asia/Shanghai"), ("", "Asia/Shanghai")],
)
def test_the_zone_follows_the_cookie(client: Client, cookie: str, zone: str) -> None:
    client.cookies["wanku_zone"] = cookie
    assert client.get("/tell").content.decode() == f"{zone} UTC"


def test_the_persons_zone_wins() -> None:
    class Somebody:
        is_authenticated = True
        zone = "Europe/Paris"

    request: Any = RequestFactory().get("/")
    request.COOKIES = {"sessionid": "x", "wanku_zone": "America/New_York"}
    request.user = Somebody()
    assert reader_zone(request).key == "Europe/Paris"
