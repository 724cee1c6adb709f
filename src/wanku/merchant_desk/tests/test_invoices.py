"""Invoices at a shop's desk."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.bought import paid
from tests.cast import NOW, Shop, product_of
from tests.clerk import Clerk
from wanku.access.actor import Actor
from wanku.flows.invoicing.request_invoice import request_invoice
from wanku.invoices.models import Document, Invoice, Issuer
from wanku.invoices.provider import ProviderRefused
from wanku.invoices.titles import Wanted
from wanku.merchants.models import Staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clerk(clerk: Clerk) -> None:
    """Every shop has it."""


@pytest.fixture
def asked(ann_actor: Actor, bo: Shop) -> Invoice:
    """What Ann wants."""
    order = paid(ann_actor, (product_of(bo.merchant), 1))[0]
    return request_invoice(order.pk, Wanted("company", "玩酷", "91350100M000100Y43"), actor=ann_actor, now=NOW)


@pytest.fixture
def browser(bo: Shop, client: Client) -> Client:
    """The owner's."""
    client.force_login(bo.owner)
    return client


def text(answer: Any) -> str:
    """The page."""
    return str(answer.content.decode())


def test_issuing_downloading_and_taking_back(browser: Client, asked: Invoice) -> None:
    assert f"/desk/bo/invoices/{asked.number}/issue/" in text(browser.get("/desk/bo/invoices/"))
    assert browser.post(f"/desk/bo/invoices/{asked.number}/issue/").status_code == 303
    asked.refresh_from_db()
    assert asked.state == "issued"
    assert "玩酷" in text(browser.get("/desk/bo/invoices/?tab=done"))
    assert browser.get(f"/desk/bo/invoices/{asked.number}.pdf").content == Clerk.paper(asked.number)
    refused = browser.post(f"/desk/bo/invoices/{asked.number}/reverse/", {"because": ""})
    assert refused.status_code == 422 and Invoice.objects.count() == 1
    assert browser.post(f"/desk/bo/invoices/{asked.number}/reverse/", {"because": "抬头错误"}).status_code == 303
    assert Invoice.objects.get(original=asked).state == "issued"
    assert "抬头错误" in text(browser.get("/desk/bo/invoices/?tab=red"))


def test_a_refusal_is_said_and_stays_beside_it(browser: Client, asked: Invoice, clerk: Clerk) -> None:
    clerk.answer = ProviderRefused("no_quota", "本月额度不足")
    answer = browser.post(f"/desk/bo/invoices/{asked.number}/issue/", follow=True)
    assert text(answer).count("本月额度不足") >= 2 and not Document.objects.exists()


def test_how_the_shop_issues(browser: Client, bo: Shop) -> None:
    assert browser.post("/desk/bo/invoices/issuer/", {"tax_bp": "600"}).status_code == 303
    issuer = Issuer.objects.get(pk=bo.merchant.pk)
    assert (issuer.tax_bp, issuer.automatic) == (600, False)
    assert browser.post("/desk/bo/invoices/issuer/", {"tax_bp": "1700", "automatic": "1"}).status_code == 422


def test_the_number_of_queries_does_not_grow(
    browser: Client, asked: Invoice, ann_actor: Actor, bo: Shop, django_assert_num_queries: Callable[[int], Any]
) -> None:
    browser.get("/desk/bo/invoices/")
    for count in (1, 4):
        while Invoice.objects.count() < count:
            order = paid(ann_actor, (product_of(bo.merchant), 1))[0]
            request_invoice(order.pk, Wanted("personal", "安"), actor=ann_actor, now=NOW)
        with django_assert_num_queries(11):
            browser.get("/desk/bo/invoices/")


def test_other_shops_and_other_seats(client: Client, asked: Invoice, bo: Shop, cy: Shop) -> None:
    client.force_login(cy.owner)
    assert client.get("/desk/bo/invoices/").status_code == 404
    assert client.post(f"/desk/cy/invoices/{asked.number}/issue/").status_code == 404
    assert client.get(f"/desk/cy/invoices/{asked.number}.pdf").status_code == 404
    Staff.objects.create(merchant=bo.merchant, person=cy.owner, role="clerk", since=NOW)
    assert client.get("/desk/bo/invoices/").status_code == 403
    assert Invoice.objects.get().state == "requested"
