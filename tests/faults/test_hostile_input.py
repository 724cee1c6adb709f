"""Every page and form, sent what no browser would send: a clear answer each time, and a refusal changes nothing.

The walk finds pages and forms by itself, as a guest, a member, a shop's owner and an operator, so that a page that is
added later is attacked too. The REST API has the same corpus in `wanku.api.tests.test_conformance`.
"""

import logging
from collections.abc import Callable, Iterator
from functools import partial
from itertools import cycle
from typing import Any, Final
from urllib.parse import quote, urlsplit

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client

from tests.bank import Bank
from tests.bought import paid, placed
from tests.cast import NOW, PASSWORD, Shop, product_of
from tests.faults.pages import Form, Site, match_of, walk
from wanku.access.actor import Actor
from wanku.catalog.models import Question
from wanku.flows.buying.fill_cart import fill_cart
from wanku.flows.fulfilling.confirm_receipt import confirm_receipt
from wanku.flows.fulfilling.ship_order import ship_order
from wanku.flows.reviewing.write_review import write_review
from wanku.people.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.fault, pytest.mark.slow]

SCRIPT: Final = "<script>alert(1)</script>"
CORPUS: Final = (
    "",
    " ",
    "\x00",
    "a\x00b",
    "\ud800",
    "'; DROP TABLE orders_trade; --",
    f'"><img src=x onerror=alert(1)>{SCRIPT}',
    "{{ 7|add:7 }}{% debug %}",
    "../../../../etc/passwd",
    "%s%s%s%n%(x)s",
    "x" * 30_000,
    "-1",
    "0",
    "9223372036854775808",
    "1" * 400,
    "1e309",
    "NaN",
    "１２３",
    "a\u202eb\u0007c",
    "a\r\nSet-Cookie: evil=1",
    "[]",
    '{"a": {"b": [1]}}',
    "2026-13-45T99:99",
    "00000000-0000-0000-0000-000000000000",
    "🙃" * 300,
    "//evil.example/x",
)
SEGMENTS: Final = (
    "%00",
    "%ff%fe",
    "..%2f..%2fetc%2fpasswd",
    "9" * 40,
    "-1",
    "%27%20OR%201=1--",
    "x" * 3000,
    "🙃",
    "%3Cscript%3E",
)
# What a refusal may change: sessions, and counts of guesses.
UNCOUNTED: Final = ("django_session", "access_guesscount", "usersessions_usersession")
# Who walks, on which side they attack (others attack the rest), and where they begin.
ROLES: Final = {
    "guest": (None, "/", ["/", "/cart/", "/track/", "/compare", "/account/login/", "/account/signup/", "/api/docs"]),
    "ann": ("ann@example.com", "/", ["/me/", "/cart/", "/orders/", "/messages/", "/claim/", "/api/keys/", "/"]),
    "bo": ("bo@example.com", "/desk/", ["/desk/", "/desk/bo/", "/desk/bo/orders/", "/desk/bo/products/"]),
    "di": ("di@example.com", "/platform/", ["/platform/"]),
}


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.WARNING)
    with time_machine.travel(NOW, tick=True):
        yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def world(ann: Person, ann_actor: Actor, bo: Shop, cy: Shop, di: Person, bank: Bank) -> None:
    """Something in every state, named as an attacker would name it."""
    extras = [(SCRIPT, 5)]
    tea = product_of(bo.merchant, f"茶{SCRIPT}", prices=(100, 200), stock=1000, add_ons=extras, description=SCRIPT)
    bag = product_of(cy.merchant, stock=1000)
    Person.objects.filter(pk=ann.pk).update(name=SCRIPT)
    Question.objects.create(product=tea, merchant=bo.merchant, text=SCRIPT, asked_at=NOW, due_at=NOW)
    placed(ann_actor, (tea, 1), (bag, 1), notes={bo.merchant.pk: SCRIPT})
    paid(ann_actor, (tea, 2))
    shipped, done = paid(ann_actor, (tea, 1))[0], paid(ann_actor, (tea, 1))[0]
    for order, tracking in ((shipped, "SF1234567890123"), (done, "SF1234567890124")):
        ship_order(order.pk, pieces=None, carrier="sf", tracking=tracking, actor=bo.actor, now=NOW)
    confirm_receipt(done.pk, actor=ann_actor, now=NOW)
    scores = {"goods": 5, "service": 5, "delivery": 5}
    write_review(done.lines.get().pk, **scores, text=SCRIPT, picture_ids=[], actor=ann_actor, now=NOW)
    fill_cart(tea.variants.all()[0].pk, 1, (), actor=ann_actor, now=NOW)


def browser(email: str | None) -> Client:
    """A browser, signed in or not, in which a crash shows as the visitor would see it."""
    client = Client(raise_request_exception=False)
    if email:
        assert client.login(email=email, password=PASSWORD)
    return client


def counts() -> dict[str, int]:
    """Rows by table."""
    with connection.cursor() as cursor:
        tables = [t for t in connection.introspection.table_names(cursor) if t not in UNCOUNTED]
        parts = (f"SELECT '{name}', count(*) FROM \"{name}\"" for name in tables)  # noqa: S608 - our own tables
        cursor.execute(" UNION ALL ".join(parts))
        return dict(cursor.fetchall())


def check(what: str, answer: Any) -> None:
    """No crash, no script of ours that came from outside, no header of theirs."""
    assert answer.status_code < 500, f"{what}: {answer.status_code}"
    assert "evil" not in answer.cookies, what
    if not answer.streaming and answer.get("Content-Type", "").startswith("text/html"):
        assert SCRIPT.encode() not in answer.content, f"{what}: unescaped"
    location = answer.get("Location", "")
    assert urlsplit(location).netloc in ("", "testserver"), f"{what}: leads to {location}"


def undone(client: Client, act: Callable[[], Any]) -> Any:
    """Do something and take it back: the database and the browser are as before."""
    kept = client.cookies.output()
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    with transaction.atomic():
        answer = act()
        transaction.set_rollback(True)
    if client.cookies.output() != kept:
        client.cookies.clear()
        for name, value in cookies.items():
            client.cookies[name] = value
    return answer


def encoded(fields: dict[str, list[str]]) -> bytes:
    """A form's body, half surrogate pairs and all."""
    return "&".join(
        f"{quote(name, safe='')}={quote(value.encode('utf-8', 'surrogatepass'), safe='')}"
        for name, values in fields.items()
        for value in values
    ).encode()


def variants_of(form: Form, values: Iterator[str]) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """What is sent in the place of a form: nothing, one bad field, all fields bad, every field many times."""
    yield "nothing", {}
    names = [*form.fields, *form.files]
    for name in names:
        value = next(values)
        yield f"{name}={value[:40]!r}", {**form.fields, name: [value]}
    for value in CORPUS[2::5]:
        yield f"all={value[:40]!r}", {key: [value] for key in names}
    if "next" in form.fields:
        for value in ("//evil.example/x", "https://evil.example", "javascript:alert(1)", "/\\\\evil.example"):
            yield f"next={value}", {**form.fields, "next": [value]}
    yield "many", {name: list(CORPUS[:12]) for name in names}
    yield "extra", {**form.fields, **{f"extra{i}": ["x"] for i in range(1500)}}


def send(client: Client, form: Form, fields: dict[str, list[str]]) -> Any:
    """Send a form as a browser would."""
    body = encoded(fields)
    if form.method == "post":
        kind = "application/x-www-form-urlencoded"
        return client.post(form.action, data=body, content_type=kind)
    path = urlsplit(form.action).path
    return client.get(f"{path}?{body.decode()[:60_000]}")


def attempt(client: Client, form: Form, fields: dict[str, list[str]]) -> tuple[Any, dict[str, int] | None]:
    """The answer to a form, and the rows after it when it was refused."""
    answer = send(client, form, fields)
    return answer, counts() if answer.status_code >= 400 else None


FILES: Final = (
    ("../../evil.csv", b""),
    ("a.csv", b"\x00\xff" * 500),
    ("a.csv", '\ufeff=cmd|"/C calc"!A0,'.encode() * 2000),
    ("a.xlsx", b"PK\x03\x04" + b"junk" * 100),
    ("a.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 100),
    ("a.svg", f"<svg xmlns='http://www.w3.org/2000/svg'>{SCRIPT}</svg>".encode()),
    ("x" * 300 + ".webp", b"RIFF\xff\xff\xff\xffWEBPVP8 "),
)


def send_files(client: Client, form: Form, name: str, content: bytes) -> tuple[Any, dict[str, int] | None]:
    """Send a form with the same bad file in the place of every file."""
    fields: dict[str, Any] = {key: values[-1] if values else "" for key, values in form.fields.items()}
    for key in form.files:
        fields[key] = SimpleUploadedFile("a", content)
        fields[key].name = name
    answer = client.post(form.action, fields)
    return answer, counts() if answer.status_code >= 400 else None


@pytest.mark.parametrize("role", ["ann", "bo"])
def test_files(world: None, role: str) -> None:
    email, side, seeds = ROLES[role]
    client = browser(email)
    forms = [form for form in walk(client, seeds, check).forms.values() if form.files and form.action.startswith(side)]
    assert forms
    before = counts()
    for form in forms:
        for name, content in FILES:
            answer, after = undone(client, partial(send_files, client, form, name, content))
            check(f"{form.action} {name[:20]}", answer)
            assert after in (None, before), f"{form.action} {name[:20]}: refused, yet rows changed"


@pytest.mark.parametrize("role", list(ROLES))
def test_forms(world: None, role: str) -> None:
    email, side, seeds = ROLES[role]
    client = browser(email)
    site = walk(client, seeds, check)
    assert len(site.forms) > 15
    values = cycle(CORPUS)
    before = counts()
    for form in (form for form in site.forms.values() if form.action.startswith(side)):
        for name, fields in variants_of(form, values):
            answer, after = undone(client, partial(attempt, client, form, fields))
            check(f"{form.method} {form.action} {name}", answer)
            assert after in (None, before), f"{form.action} {name}: refused, yet rows changed"


@pytest.mark.parametrize("role", list(ROLES))
def test_addresses(world: None, role: str) -> None:
    email, side, seeds = ROLES[role]
    client = browser(email)
    site = walk(client, seeds, check)
    assert len(site.pages) > 15
    for address in {found[0] for found in site.pages.values() if found[0].startswith(side)}:
        path = urlsplit(address).path
        for hostile in hostile_addresses(path, site):
            check(hostile[:200], undone(client, partial(client.get, hostile)))


def hostile_addresses(path: str, site: Site) -> Iterator[str]:
    """A page's address with each of its parts, and each of its parameters, made hostile."""
    match = match_of(path)
    if match is None:
        return
    for value in match.kwargs.values():
        for segment in SEGMENTS:
            yield path.replace(quote(str(value)), segment, 1)
    names = sorted({"page", "q", "sort", "next", "state"} | site.parameters.get(match.route, set()))
    for value in CORPUS[2::3]:
        hostile = quote(value.encode("utf-8", "surrogatepass"), safe="")[:4000]
        yield f"{path}?" + "&".join(f"{quote(name)}={hostile}" for name in names)


HEADERS: Final = (
    {"Accept-Language": "x" * 10_000},
    {"Accept-Language": "zh-Hans;q=abc,*;q=-1"},
    {"Cookie": "sessionid=\x00; csrftoken=" + "x" * 5000},
    {"Cookie": "wanku_zone=../../etc/passwd; django_language=../../x"},
    {"Cookie": "sessionid=' OR 1=1--; messages=junk"},
    {"X-Forwarded-For": "x" * 5000, "X-Forwarded-Proto": "gopher"},
    {"HX-Request": "true", "HX-Target": SCRIPT, "HX-Current-URL": "javascript:alert(1)"},
    {"Referer": "javascript:alert(1)", "Origin": "null"},
    {"Content-Type": "multipart/form-data"},
    {"Accept": "application/" + "x" * 5000},
)


def test_headers(world: None) -> None:
    for path in ("/", "/cart/", "/account/login/", "/api/v1/categories", "/api/docs", "/me/"):
        for headers in HEADERS:
            check(f"{path} {next(iter(headers))}", browser(None).get(path, headers=headers))


def test_bodies_of_a_wrong_kind(world: None) -> None:
    client = browser("ann@example.com")
    bodies = (
        ("application/json", b"{"),
        ("application/json", b"[" * 50_000),
        ("text/xml", b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>"),
        ("multipart/form-data; boundary=x", b"junk"),
        ("multipart/form-data", b"junk"),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a\x00"\r\n\r\nb\r\n--x--'),
        ("application/x-www-form-urlencoded; charset=klingon", b"a=b"),
        ("application/x-www-form-urlencoded", b"a=" + b"x" * 3_000_000),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % i for i in range(3000))),
    )
    before = counts()
    for path in ("/cart/add/", "/account/login/", "/checkout/", "/desk/apply/", "/track/"):
        for kind, body in bodies:
            answer = undone(client, partial(client.generic, "POST", path, body, content_type=kind))
            check(f"{path} {kind} {body[:30]!r}", answer)
    assert counts() == before
