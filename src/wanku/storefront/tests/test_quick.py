"""The checkout form on the event loop: what it orders is what the page would order, and the rest is the page's."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connections
from django.test import Client

from tests.architecture.access_world import guest_session, signed_in
from tests.asgi import Answer, ask, scope_of
from tests.cast import Shop, product_of, supply_of, variant_of
from wanku.access.actor import Actor
from wanku.carts.queries import read_cart
from wanku.catalog.models import Product
from wanku.flows.buying.fill_cart import fill_cart
from wanku.flows.buying.place_order import GATHERED
from wanku.orders.models import Line, Order, Trade
from wanku.people.models import Address, Person
from wanku.storefront import quick
from wanku.storefront.tests.shopping import FORM

pytestmark = pytest.mark.django_db(transaction=True)
CSRF = "a" * 32
KEY = "key-00000001"


@pytest.fixture(autouse=True)
def _gathered(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Orders are gathered as in a process that serves, and threads keep no connection to the test database."""
    monkeypatch.setitem(connections["default"].settings_dict, "CONN_MAX_AGE", 0)
    GATHERED.open()
    yield
    GATHERED.close()


@pytest.fixture
def tea(bo: Shop) -> Product:
    return product_of(bo.merchant, stock=100)


@pytest.fixture
def guest(guest_actor: Actor) -> str:
    """Cookies of a guest's browser."""
    return f"sessionid={guest_session(guest_actor)}; csrftoken={CSRF}"


def form_of(product: Product, quantity: int = 1, **changes: Any) -> dict[str, Any]:
    variant = variant_of(product)
    total = variant.price * quantity
    return {**FORM, "wish": f"{variant.pk}-{quantity}", "agreed_total": total, "csrfmiddlewaretoken": CSRF, **changes}


def send(cookies: str, form: dict[str, Any] | bytes, query: str = f"key={KEY}&buy=1", **headers: str) -> Answer:
    """Send a form; the page stands in the background and says what it was given."""
    raw = form if isinstance(form, bytes) else urlencode(form, doseq=True).encode()
    sent = {"Content-Type": quick.FORM, "Content-Length": str(len(raw)), "Cookie": cookies, **headers}
    scope = scope_of("POST", f"{quick.PATH}?{query}", sent, server=("testserver", 80))

    async def page(scope: Any, receive: Any, send: Any) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        await send({"type": "http.response.start", "status": 299, "headers": []})
        await send({"type": "http.response.body", "body": body})

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await quick.quick_checkout(scope, receive, send, page)

    answer = asyncio.run(ask(app, scope, [raw[:50], raw[50:]]))
    if answer.status == 299:
        assert answer.body == raw, "the page must be given the whole form"
    return answer


def bought() -> list[tuple[Any, ...]]:
    """What was ordered, without what differs between any two orders."""
    trade = ("buyer_id", "guest_key", "contact_name", "contact_phone", "contact_email", "amount", "language")
    order = ("merchant_id", "note", "address", "goods", "freight", "terms")
    line = ("title", "quantity", "amount", "returns")
    names = (*(f"order__trade__{name}" for name in trade), *(f"order__{name}" for name in order), *line)
    return list(Line.objects.order_by("order__placed_at", "pk").values_list(*names))


def test_a_guest_orders_what_the_page_would_order(tea: Product, guest: str, guest_actor: Actor, bo: Shop) -> None:
    typed = {"email": "Guest@Example.com", f"note_{bo.merchant.pk}": " 请 轻放 ", "phone": "138 0013 8000"}
    form = form_of(tea, 2, **typed, no_return=variant_of(tea).pk)
    answer = send(guest, form, **{"Accept-Language": "en"})
    trade = Trade.objects.get()
    assert (answer.status, answer.header("Location")) == (302, f"/pay/{trade.number}/")
    assert answer.header("Cache-Control") == "private, no-cache"
    client = Client()
    client.cookies.load({"sessionid": guest_session(guest_actor)})
    page = client.post(f"{quick.PATH}?key=key-00000002&buy=1", form, headers={"Accept-Language": "en"})
    assert page.status_code == 302
    one, two = bought()
    assert one == two
    assert supply_of(variant_of(tea)).held == 4


def test_a_member_is_reached_as_usual(tea: Product, ann: Person) -> None:
    cookies = f"sessionid={signed_in(ann)}; csrftoken={CSRF}"
    answer = send(cookies, form_of(tea, pay_by="sandbox:page"))
    trade = Trade.objects.get()
    assert answer.header("Location") == f"/pay/{trade.number}/?method=sandbox:page"
    assert (trade.buyer, trade.contact_email) == (ann, ann.email or "")


def test_what_was_bought_leaves_the_cart(tea: Product, cy: Shop, guest: str, guest_actor: Actor) -> None:
    other = variant_of(product_of(cy.merchant))
    for variant in (variant_of(tea), other):
        fill_cart(variant.pk, 1, (), actor=guest_actor, now=datetime.now(UTC))
    assert send(guest, form_of(tea), query=f"key={KEY}").status == 302
    assert [item.wish.variant_id for item in read_cart(guest_actor, now=datetime.now(UTC)).items] == [other.pk]


def test_sent_twice_is_one_order(tea: Product, guest: str) -> None:
    first, second = send(guest, form_of(tea)), send(guest, form_of(tea))
    assert first.header("Location") == second.header("Location")
    assert Trade.objects.count() == 1


def test_everything_else_is_the_pages(tea: Product, guest: str, ann: Person, guest_actor: Actor) -> None:
    good = form_of(tea)
    session = f"sessionid={guest_session(guest_actor)}"
    book = Address.objects.create(
        person=ann, name="安", phone="+8613800138000", province="上海市", city="上海", line="1"
    )
    member = f"sessionid={signed_in(ann)}; csrftoken={CSRF}"
    left: dict[str, tuple[str, Any, dict[str, str]]] = {
        "no session": (f"csrftoken={CSRF}", good, {}),
        "a session that is none": (f"sessionid={'x' * 32}; csrftoken={CSRF}", good, {}),
        "no secret": (session, good, {}),
        "another secret": (f"{session}; csrftoken={'b' * 32}", good, {}),
        "no token": (guest, {**good, "csrfmiddlewaretoken": ""}, {}),
        "from elsewhere": (guest, good, {"Origin": "https://elsewhere.example"}),
        "no wishes": (guest, {**good, "wish": []}, {}),
        "a wish that is none": (guest, {**good, "wish": "x"}, {}),
        "no province": (guest, {**good, "province": "Bavaria"}, {}),
        "no street": (guest, {**good, "line": ""}, {}),
        "no phone": (guest, {**good, "phone": "12"}, {}),
        "an old total": (guest, {**good, "agreed_total": 1}, {}),
        "too many pieces": (guest, form_of(tea, 101), {}),
        "a key that is none": (guest, good, {"query": "key=x&buy=1"}),
        "kept in the book": (member, {**good, "keep": "on"}, {}),
        "from the book": (member, {**good, "saved": str(book.pk)}, {}),
        "too many fields": (guest, urlencode([("x", "1")] * 2_000).encode(), {}),
        "too large": (guest, {**good, "note_1": "x" * quick.BODY_MAX}, {}),
        "no text": (guest, "é".encode() + urlencode(good).encode(), {}),
        "another kind": (guest, good, {"Content-Type": "multipart/form-data; boundary=x"}),
    }
    for name, (cookies, form, more) in left.items():
        assert send(cookies, form, **more).status == 299, name
    assert not Order.objects.exists()
    assert supply_of(variant_of(tea)).held == 0


def test_the_order_stands_when_the_cart_cannot_be_cleared(
    tea: Product, guest: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*args: Any, **kwargs: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(quick, "leave_cart", broken)
    assert send(guest, form_of(tea), query=f"key={KEY}").status == 302
    assert Trade.objects.count() == 1
    assert "keeps what was bought" in caplog.text
