"""The access matrix: every way in × every role × own and other things, as `access.txt` says; nothing is left out."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from tests.architecture import access_world
from tests.architecture.access_front import front_status
from tests.architecture.access_routes import Route, routes
from tests.architecture.access_table import BODIES, EVERYBODY, Row, table
from tests.architecture.access_world import World
from tests.cast import NOW
from wanku.access.actor import Actor
from wanku.api.limits import BUCKETS

ROWS = table(Path(__file__).with_name("access.txt"))
DOORS = sorted({row.name.partition(":")[0] if ":" in row.name else "root" for row in ROWS})
REFUSED = (401, 403, 404)
BOOKED = ("api:accept", "api:reject", "api:advance", "api:call_off", "merchant_desk:booking_step")
"""Ways that are about what is booked, and not sent."""
LEADS_ON = {
    "merchant_desk:bank_account": 302,  # the password again
    "merchant_desk:choose": 302,  # one's only desk
    "merchant_desk:invitation": 410,  # one that is not there
}
"""Pages of a desk that answer otherwise than by showing themselves."""
# Where one is sent who must first say who they are: to sign in, or to show number and contact.
SENT_AWAY = ("/account/login/?next=", "/track/?")


@pytest.fixture
def world(db: None, guest_actor: Actor) -> Iterator[World]:
    """Everything, at the moment of the cast."""
    with time_machine.travel(NOW, tick=True):
        yield access_world.build(guest_actor)


@pytest.mark.django_db
def test_every_way_in_is_listed() -> None:
    listed = {row.name for row in ROWS}
    real = set(routes())
    assert real - listed == set(), "nobody has said who may use these; add them to access.txt"
    assert listed - real == set(), "these are in access.txt and nowhere else"


def test_every_row_is_there_once() -> None:
    names = [str(row) for row in ROWS]
    assert sorted(names) == sorted(set(names))


@pytest.mark.slow
@pytest.mark.parametrize("door", DOORS)
def test_access(world: World, door: str) -> None:
    """Each row with each role: let in exactly where the table says so, and never an error of ours."""
    known = routes()
    rows = [row for row in ROWS if (row.name.partition(":")[0] if ":" in row.name else "root") == door]
    wrong = []
    for row in rows:
        for role in EVERYBODY:
            status, entered = attempt(world, known[row.name], row, role)
            if status >= 500 or status == 405 or entered != (role in row.may) or not _opens(row, status, entered):
                wrong.append(f"{row} as {role}: {status}, {'may' if role in row.may else 'may not'}")
    assert wrong == []


def _opens(row: Row, status: int, entered: bool) -> bool:
    """Whoever may read a page of a desk is shown it, and no refusal of another sort."""
    if not entered or row.method != "GET" or not row.name.startswith("merchant_desk:"):
        return True
    return status in (200, LEADS_ON.get(row.name))


@pytest.mark.slow
def test_no_other_method(world: World) -> None:
    """A page takes the methods of its rows and no other."""
    known, listed = routes(), {(row.name, row.method) for row in ROWS}
    wrong = []
    for row in ROWS:
        other = "POST" if row.method == "GET" else "GET"
        ours = row.name.startswith(("storefront:", "merchant_desk:", "platform_desk:", "hooks:"))
        if ours and row.may and (row.name, other) not in listed:
            asked = Row(row.name, other, row.whose, row.may)
            status, _ = attempt(world, known[row.name], asked, min(row.may))
            if status != 405:
                wrong.append(f"{asked}: {status}")
    assert wrong == []


def attempt(world: World, route: Route, row: Row, role: str) -> tuple[int, bool]:
    """Use a way in, undo whatever it did, and tell the status and whether one was let in."""
    browser = Client(raise_request_exception=False)
    if world.cookies[role]:
        browser.cookies["sessionid"] = world.cookies[role]
    BUCKETS.clear()
    cache.clear()
    address = route.filled(values(route, row.whose, world))
    if route.is_front:
        status = front_status(row.method, address, world.cookies[role], b"{}")
        return status, status not in REFUSED
    with transaction.atomic():
        answer = send(browser, route, row, address, world)
        transaction.set_rollback(True)
    sent_away = answer.status_code in (302, 303) and answer["Location"].startswith(SENT_AWAY)
    return answer.status_code, answer.status_code not in REFUSED and not sent_away


def send(browser: Client, route: Route, row: Row, address: str, world: World) -> Any:
    """One request; API operations get a body that fits."""
    if not route.method:
        return browser.generic(row.method, address)
    name = route.name.removeprefix("api:")
    if name in {"add_picture", "add_desk_picture"}:
        return browser.post(address, {"file": SimpleUploadedFile("a.png", b"no picture", "image/png")})
    body = BODIES.get(name, {})
    if name == "change_stock":
        body = {**dict(BODIES[name]), "variant_id": world.things[row.whose]["variant"]}  # type: ignore[call-overload]
    text = "" if row.method == "GET" else json.dumps(body)
    return browser.generic(row.method, address, data=text, content_type="application/json")


def values(route: Route, whose: str, world: World) -> dict[str, Any]:
    """What stands in the address: things of ``whose``; in ``bo@cy`` the desk itself is Cy's."""
    owner, _, desk = whose.partition("@")
    things = world.things.get(owner, {})
    at = world.things.get(desk or owner, {})
    named = {f"{name}_id": value for name, value in things.items()} | things
    return {
        **named,
        "slug": things.get("product_slug") if "<slug:merchant>" in route.path else at.get("slug"),
        "merchant": at.get("slug"),
        "number": number(route, things),
        "line": things.get("line"),
        "line_id": things.get("cart_line") if "/cart/" in route.path else things.get("line"),
        "key": _key(route, things),
        "attempt_number": things.get("attempt"),
        "category_id": world.things["all"]["category"],
        "path": "home",
        "width": 160,
        "form": "csv",
        "sheet": "menu",
        "account": "gateway:sandbox:clearing",
        "token": "no-such-token",
        "name": "ship",
        "gateway": "sandbox",
        "carrier": "sandbox",
        "what": "query",
        **_licence(route, things),
    }


def _licence(route: Route, things: dict[str, Any]) -> dict[str, Any]:
    """Products of licences, their variants and files of codes, on the ways that are about these."""
    if "/licences" not in route.path and "/plans" not in route.path:
        return {}
    return {f"{name}_id": things.get(f"licence_{name}") for name in ("product", "variant", "file")}


def _key(route: Route, things: dict[str, Any]) -> object:
    """A picture's, a title's or an address's."""
    name = "picture" if "media" in route.path else "title" if "/titles/" in route.path else "address"
    return things.get(name)


def number(route: Route, things: dict[str, Any]) -> object:
    """A trade's number or an order's, whichever the address wants."""
    if "/settlements/" in route.path:
        return things.get("settlement_number")
    if "/licences" in route.path:
        return things.get("licence_order")
    if route.name in BOOKED:
        return things.get("visit_number")
    if "attempt_number" in route.parameters():
        return things.get("paid_trade")
    if "/invoices/" in route.path and "/orders/" not in route.path:
        return things.get("invoice")
    if "/pay/" in route.path or "/trades/" in route.path:
        return things.get("trade")
    return things.get("received") if "/review/" in route.path else things.get("order")
