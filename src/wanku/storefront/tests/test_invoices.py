"""A buyer's invoices: asking, changing, downloading, the titles, and the check of a paper."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from tests.bought import paid
from tests.cast import NOW, Shop, product_of
from tests.clerk import Clerk
from wanku.access.actor import Actor
from wanku.flows.invoicing.issue_invoice import issue_invoice
from wanku.flows.invoicing.request_invoice import request_invoice
from wanku.flows.invoicing.reverse_invoice import reverse_invoice
from wanku.invoices.models import Invoice, Title
from wanku.invoices.titles import Wanted
from wanku.orders.models import Order
from wanku.people.models import Person
from wanku.ui.actor import GUEST_KEY

pytestmark = pytest.mark.django_db
FIRM = {"kind": "company", "title": "玩酷科技", "tax_number": "91350100M000100Y43", "email": "tax@example.com"}


@pytest.fixture(autouse=True)
def _clerk(clerk: Clerk) -> None:
    """Every shop has it."""


@pytest.fixture
def order(ann_actor: Actor, bo: Shop) -> Order:
    """A pot."""
    return paid(ann_actor, (product_of(bo.merchant), 1))[0]


@pytest.fixture
def browser(ann: Person, client: Client) -> Client:
    """Ann's."""
    client.force_login(ann)
    return client


def issued(order: Order, actor: Actor, bo: Shop) -> Invoice:
    """Made out to Ann."""
    asked = request_invoice(order.pk, Wanted("personal", "安小姐"), actor=actor, now=NOW)
    return issue_invoice(asked.pk, actor=bo.actor, now=NOW)


def text(answer: Any) -> str:
    """The page."""
    return str(answer.content.decode())


def test_asking_changing_and_taking_back(browser: Client, order: Order) -> None:
    page, form = f"/orders/{order.number}/", f"/orders/{order.number}/invoice/"
    assert form in text(browser.get(page))
    assert 'value="安小姐"' in text(browser.get(form))
    assert browser.post(form, {**FIRM, "keep": "on"})["Location"] == f"{page}#invoice"
    invoice = Invoice.objects.get()
    assert (invoice.title, invoice.tax_number) == ("玩酷科技", "91350100M000100Y43")
    assert "玩酷科技" in text(browser.get(page))
    assert "玩酷科技" in text(browser.get(form)) and Title.objects.count() == 1
    browser.post(form, {"kind": "personal", "title": "安"})
    invoice.refresh_from_db()
    assert (invoice.kind, invoice.title, invoice.tax_number) == ("personal", "安", "")
    browser.post(f"{form}cancel/")
    invoice.refresh_from_db()
    assert invoice.state == "cancelled" and form in text(browser.get(page))


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({**FIRM, "tax_number": "91350100M000100Y44"}, "tax_number"),
        ({**FIRM, "title": " "}, "title"),
        ({**FIRM, "kind": "firm"}, "kind"),
        ({**FIRM, "email": "nobody"}, "email"),
    ],
)
def test_what_is_wrong_is_kept_and_named(browser: Client, order: Order, typed: dict[str, str], field: str) -> None:
    answer = browser.post(f"/orders/{order.number}/invoice/", typed)
    assert answer.status_code == 422 and answer.context["form"].errors.keys() == {field}
    assert not Invoice.objects.exists()
    if field != "title":
        assert 'value="玩酷科技"' in text(answer)


def test_the_document_is_a_download_and_nothing_else(browser: Client, order: Order, ann_actor: Actor, bo: Shop) -> None:
    invoice = issued(order, ann_actor, bo)
    link = f"/orders/{order.number}/invoices/{invoice.number}.pdf"
    assert link in text(browser.get(f"/orders/{order.number}/"))
    answer = browser.get(link)
    assert answer.content == Clerk.paper(invoice.number)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="invoice-{invoice.number}.pdf"'
    assert answer["Cache-Control"] == "private, no-store" and answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]


def test_strangers_get_nothing(client: Client, order: Order, ann_actor: Actor, other_actor: Actor, bo: Shop) -> None:
    invoice = issued(order, ann_actor, bo)
    addresses = (f"/orders/{order.number}/invoice/", f"/orders/{order.number}/invoices/{invoice.number}.pdf")
    assert [client.get(address).status_code for address in addresses] == [404, 404]
    client.force_login(Person.objects.get(email="eve@example.com"))
    assert [client.get(address).status_code for address in addresses] == [404, 404]
    # An order of one's own does not open somebody else's invoice.
    mine = paid(other_actor, (product_of(bo.merchant), 1))[0]
    assert client.get(f"/orders/{mine.number}/invoices/{invoice.number}.pdf").status_code == 404
    assert client.post(addresses[0], FIRM).status_code == 404 and Invoice.objects.count() == 1


def test_a_guest_asks_and_downloads(client: Client, bo: Shop) -> None:
    guest = Actor(guest_key=UUID(int=7))
    order = paid(guest, (product_of(bo.merchant), 1))[0]
    session = client.session
    session[GUEST_KEY] = str(guest.guest_key)
    session.save()
    assert client.post(f"/orders/{order.number}/invoice/", FIRM).status_code == 302
    invoice = issue_invoice(Invoice.objects.get().pk, actor=bo.actor, now=NOW)
    assert client.get(f"/orders/{order.number}/invoices/{invoice.number}.pdf").status_code == 200
    assert not Title.objects.exists()


def test_mine_with_the_book_of_titles(
    browser: Client, order: Order, ann_actor: Actor, bo: Shop, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for _ in range(3):
        issued(paid(ann_actor, (product_of(bo.merchant), 1))[0], ann_actor, bo)
    assert browser.post("/me/titles/new/", {**FIRM, "keep": "on"})["Location"] == "/me/invoices/"
    browser.get("/me/invoices/")
    with django_assert_num_queries(9):
        page = text(browser.get("/me/invoices/"))
    assert page.count(".pdf") == 3 and "玩酷科技" in page
    title = Title.objects.get()
    assert browser.post(f"/me/titles/{title.pk}/usual/").status_code == 302
    assert browser.post(f"/me/titles/{title.pk}/drop/").status_code == 302 and not Title.objects.exists()
    assert browser.post("/me/titles/new/", {**FIRM, "tax_number": "1"}).status_code == 422


def test_one_query_more_for_an_order_with_many(browser: Client, order: Order, ann_actor: Actor, bo: Shop) -> None:
    invoice = issued(order, ann_actor, bo)
    reverse_invoice(invoice.pk, because="抬头错误", actor=bo.actor, now=NOW)
    page = text(browser.get(f"/orders/{order.number}/"))
    assert page.count(".pdf") == 2 and f"/orders/{order.number}/invoice/" in page


def test_a_paper_is_proven_by_its_code_and_no_other(client: Client, order: Order, ann_actor: Actor, bo: Shop) -> None:
    invoice = issued(order, ann_actor, bo)
    asked = {"number": invoice.number, "code": invoice.code}
    page = text(client.get("/invoice/", asked))
    assert "Bo 茶行有限公司" in page and "安***姐" in page and "安小姐" not in page
    assert bytes(invoice.document.sha256).hex() in page
    spaced = {"number": str(invoice), "code": " ".join(invoice.code.lower()[i : i + 4] for i in range(0, 20, 4))}
    assert "Bo 茶行有限公司" in text(client.get("/invoice/", spaced))
    for wrong in (
        {"number": invoice.number, "code": "0" * 20},
        {"number": invoice.number},
        {"number": order.number, "code": invoice.code},
        {"number": "x", "code": ""},
    ):
        assert "Bo 茶行有限公司" not in text(client.get("/invoice/", wrong))
    reverse_invoice(invoice.pk, because="抬头错误", actor=bo.actor, now=NOW)
    assert client.get("/invoice/", asked).context["found"].row.state == "reversed"
