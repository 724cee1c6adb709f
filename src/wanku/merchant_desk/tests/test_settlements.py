"""A shop sees what it is paid, and an owner says where to."""

import re
from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.banks import Banks
from tests.cast import NOW, PASSWORD, Shop
from tests.payouts import CARD_NUMBER, account, approved, settled
from wanku.access.actor import Actor
from wanku.flows.settling.send_due_payouts import send_due_payouts
from wanku.merchants.models import Staff
from wanku.people.models import Person
from wanku.settlement.bank_accounts import current_account, opened
from wanku.settlement.models import BankAccount, Plan, Settlement

pytestmark = pytest.mark.django_db
FORM = {"kind": "card", "holder": "安小姐", "bank": "中国银行", "number": CARD_NUMBER}


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def settlement(ann_actor: Actor, bo: Shop, maker: Actor, checker: Actor, banks: Banks) -> Settlement:
    """Paid."""
    banks.introduce("payout")
    account(bo)
    found = settled(ann_actor, bo)
    approved(found, maker, checker)
    send_due_payouts(now=found.drawn_at, limit=5)
    return found


def seat(shop: Shop, role: str) -> Client:
    """A browser of somebody of the shop."""
    person = shop.owner
    if role != "owner":
        person = Person.objects.create_user(email=f"{role}-seat@example.com", password=PASSWORD, name=role)
        Staff.objects.create(merchant=shop.merchant, person=person, role=role, since=NOW)
    browser = Client()
    browser.force_login(person)
    browser.get(f"/desk/{shop.merchant.slug}/")
    return browser


def test_settlements_and_lines(settlement: Settlement, bo: Shop) -> None:
    browser = seat(bo, "finance")
    with CaptureQueriesContext(connection) as counted:
        response = browser.get("/desk/bo/settlements/")
    page = response.content.decode()
    assert response.status_code == 200
    assert len(counted) == PAGE, "pinned"
    assert str(settlement) in page and "¥970.00" in page and "**** 5702" in page
    assert "/desk/bo/bank-account/" not in page, "an owner's matter"
    assert CARD_NUMBER not in page
    with CaptureQueriesContext(connection) as counted:
        page = browser.get(f"/desk/bo/settlements/{settlement.number}/").content.decode()
    assert len(counted) == DETAIL, "pinned"
    assert "+¥1,000.00" in page and re.search(r"[-−]¥30\.00", page)


PAGE, DETAIL = 15, 12


def test_not_the_neighbours(settlement: Settlement, bo: Shop, cy: Shop) -> None:
    browser = seat(cy, "owner")
    assert browser.get(f"/desk/cy/settlements/{settlement.number}/").status_code == 404
    assert browser.get("/desk/bo/settlements/").status_code == 404
    assert settlement.number not in browser.get("/desk/cy/settlements/").content.decode()
    assert seat(bo, "clerk").get("/desk/bo/settlements/").status_code == 403


def test_nothing_yet(bo: Shop) -> None:
    browser = seat(bo, "owner")
    for language in ("en", "zh-hans", "zh-hant"):
        browser.cookies["django_language"] = language
        assert "/desk/bo/bank-account/" in browser.get("/desk/bo/settlements/").content.decode()


def test_how_often(bo: Shop) -> None:
    assert seat(bo, "manager").post("/desk/bo/settlements/period/", {"period": "weekly"}).status_code == 403
    assert not Plan.objects.exists()
    assert seat(bo, "owner").post("/desk/bo/settlements/period/", {"period": "weekly"}).status_code == 303
    assert Plan.objects.get().period == "weekly"


def test_an_account_only_after_proving_oneself(bo: Shop) -> None:
    browser = seat(bo, "owner")
    response = browser.get("/desk/bo/bank-account/")
    assert response.status_code == 302 and response["Location"].startswith("/account/reauthenticate/?next=")
    response = browser.post("/desk/bo/bank-account/", FORM)
    assert (response.status_code, response["Location"]) == (303, "/desk/bo/bank-account/")
    assert not BankAccount.objects.exists()
    assert CARD_NUMBER not in str(dict(browser.session)), "what was typed is kept nowhere"
    assert browser.post("/account/reauthenticate/", {"password": "wrong"}).status_code == 200
    assert browser.get("/desk/bo/bank-account/").status_code == 302
    browser.post("/account/reauthenticate/", {"password": PASSWORD})
    response = browser.get("/desk/bo/bank-account/")
    assert response.status_code == 200 and response["Cache-Control"] == "no-store"
    response = browser.post("/desk/bo/bank-account/", {**FORM, "number": "6222021001116245703"})
    assert response.status_code == 422 and 'value="6222021001116245703"' in response.content.decode()
    assert not BankAccount.objects.exists()
    assert browser.post("/desk/bo/bank-account/", FORM).status_code == 303
    row = current_account(bo.merchant.pk)
    assert row is not None and opened(row).number == CARD_NUMBER
    page = browser.get("/desk/bo/settlements/").content.decode()
    assert "**** 5702" in page and "安***姐" in page and CARD_NUMBER not in page


@pytest.mark.parametrize("role", ["manager", "finance", "clerk", "service"])
def test_nobody_but_an_owner(role: str, bo: Shop) -> None:
    browser = seat(bo, role)
    assert browser.get("/desk/bo/bank-account/").status_code == 403
    assert browser.post("/desk/bo/bank-account/", FORM).status_code == 403
    assert not BankAccount.objects.exists()
