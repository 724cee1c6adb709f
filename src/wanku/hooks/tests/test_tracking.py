"""Reports of carriers over HTTP: proven, small, readable, and harmless when repeated."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.bought import paid
from tests.cast import Shop, product_of
from wanku.access.actor import Actor
from wanku.flows.fulfilling.ship_order import ship_order
from wanku.fulfilment.models import Parcel, TrackingEvent
from wanku.kernel.signature import sign, verify

SECRET = "a secret of the carrier for tests"
NUMBER = "SF1234567890123"
URL = "/hooks/tracking/sf"


@pytest.fixture
def now(ann_actor: Actor, bo: Shop, settings: Any) -> datetime:
    """The moment, with a parcel under way and a carrier that has a secret."""
    settings.TRACKING_SECRETS = {"sf": SECRET}
    now = timezone.now()
    order = paid(ann_actor, (product_of(bo.merchant), 1), now=now)[0]
    ship_order(order.pk, pieces=None, carrier="sf", tracking=NUMBER, actor=bo.actor, now=now)
    return now


def report(now: datetime, **fields: Any) -> dict[str, Any]:
    """A good report of one delivery."""
    event = {"id": "1", "code": "delivered", "at": now.isoformat(), "place": "杭州", "text": "已签收"}
    return {"tracking": NUMBER, "events": [event], **fields}


def post(client: Client, body: Any, at: datetime, *, secret: str = SECRET, url: str = URL) -> Any:
    """Send it with a signature."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    header = sign(secret, data, at)
    return client.post(url, data, content_type="application/json", headers={"Wanku-Signature": header})


def untouched() -> bool:
    """Whether nothing happened."""
    return not TrackingEvent.objects.exists() and Parcel.objects.get().state == "shipped"


def test_delivered_once(client: Client, now: datetime) -> None:
    first, second = post(client, report(now), now), post(client, report(now), now)
    assert (first.status_code, first.json()) == (200, {"recorded": 1})
    assert (second.status_code, second.json()) == (200, {"recorded": 0})
    assert Parcel.objects.get().state == "delivered"
    assert TrackingEvent.objects.get().place == "杭州"


@pytest.mark.parametrize(
    ("secret", "age", "url"),
    [
        ("another secret of nobody at all", 0, URL),
        (SECRET, 301, URL),
        (SECRET, -360, URL),  # well beyond the window: the clock of the door goes on while a slow machine signs
        (SECRET, 0, "/hooks/tracking/zto"),
        ("", 0, "/hooks/tracking/zto"),
        (SECRET, 0, "/hooks/tracking/nobody"),
    ],
)
def test_what_is_not_proven_changes_nothing(client: Client, now: datetime, secret: str, age: int, url: str) -> None:
    answer = post(client, report(now), now - timedelta(seconds=age), secret=secret, url=url)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_proven")
    assert untouched()


def test_an_altered_body_or_a_broken_header_is_not_proven(client: Client, now: datetime) -> None:
    data = json.dumps(report(now)).encode()
    good = sign(SECRET, data, now)
    for body, header in [
        (data + b" ", good),
        (data, ""),
        (data, "t=,v1="),
        (data, good.replace("v1=", "v2=")),
        (data, "t=١٢٣,v1=x"),
        (data, "t=99999999999999999999,v1=é"),
    ]:
        headers = {"Wanku-Signature": header}
        answer = client.post(URL, body, content_type="application/json", headers=headers)
        assert answer.status_code == 401
    assert untouched()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"[" * 5000,
        b"null",
        b"{}",
        {"tracking": 7, "events": []},
        {"tracking": NUMBER},
        {"tracking": NUMBER, "events": []},
        {"tracking": NUMBER, "events": "x"},
        {"tracking": NUMBER, "events": ["x"]},
        {"tracking": NUMBER, "events": [{"id": 1, "code": "delivered", "at": "2026-01-01T00:00:00Z"}]},
        {"tracking": NUMBER, "events": [{"id": "1", "code": "delivered", "at": "yesterday"}]},
        {"tracking": NUMBER, "events": [{"id": "1", "code": "delivered", "at": "2026-01-01T00:00:00"}]},
        {"tracking": NUMBER, "events": [{"id": "1", "code": "delivered", "at": "0001-01-01T00:00:00+14:00"}]},
        {"tracking": NUMBER, "events": [{"id": "1", "code": "eaten", "at": "2026-01-01T00:00:00Z"}]},
        {"tracking": NUMBER, "events": [{"id": "1", "code": "delivered", "at": "2099-01-01T00:00:00Z"}]},
        {"tracking": NUMBER, "events": [{"id": "\x00", "code": "delivered", "at": "2026-01-01T00:00:00Z"}]},
    ],
)
def test_hostile_bodies(client: Client, now: datetime, body: Any) -> None:
    answer = post(client, body, now)
    assert answer.status_code == 422
    assert answer.json()["errors"]
    assert untouched()


def test_unknown_parcels_sizes_and_methods(client: Client, now: datetime) -> None:
    assert post(client, report(now, tracking="SF9999999999999"), now).status_code == 404
    assert post(client, report(now, tracking="x" * 5000 + "\x00"), now).status_code == 404
    assert post(client, b" " * (64 * 1024 + 1), now).status_code == 413
    assert client.get(URL).status_code == 405
    assert untouched()


def test_signature_window() -> None:
    at = datetime.fromisoformat("2026-11-11T02:00:00+00:00")
    header = sign(SECRET, b"x", at)
    assert verify(SECRET, header, b"x", at + timedelta(seconds=300))
    assert not verify(SECRET, header, b"x", at + timedelta(seconds=301))
    assert not verify(SECRET, header, b"y", at)
