"""Finance pays shops on screen: two people, each at a browser of their own."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.banks import Banks
from tests.cast import Shop
from tests.payouts import account, made, settled
from wanku.access.actor import Actor
from wanku.flows.settling.send_due_payouts import send_due_payouts
from wanku.settlement.models import Payout, Settlement

Seated = Callable[..., Client]


@pytest.fixture
def settlement(ann_actor: Actor, bo: Shop, banks: Banks) -> Settlement:
    """To be paid."""
    banks.introduce("payout")
    account(bo)
    return settled(ann_actor, bo)


@pytest.fixture(autouse=True)
def _clock(_clock: object, settlement: Settlement) -> None:
    """Pages tell the time at which it was drawn."""
    _clock.move_to(settlement.drawn_at)  # type: ignore[attr-defined]


def queries(client: Client, url: str) -> tuple[str, int]:
    """The page, and what it costs beside its frame, which is that of a page with one query of its own."""
    client.get("/platform/rules/")
    with CaptureQueriesContext(connection) as frame:
        client.get("/platform/rules/")
    with CaptureQueriesContext(connection) as counted:
        response = client.get(url)
    assert response.status_code == 200, url
    return response.content.decode(), len(counted) - len(frame) + 1


def test_from_the_settlement_to_the_bank(settlement: Settlement, seated: Seated, bo: Shop) -> None:
    one, two = seated("finance"), seated("finance", "arbitrator")
    page, cost = queries(one, "/platform/payouts/")
    assert cost == 5
    assert f"/platform/payouts/{settlement.pk}/make/" in page and "**** 5702" in page and "¥970.00" in page
    assert one.post(f"/platform/payouts/{settlement.pk}/make/").status_code == 303
    payout = Payout.objects.get()
    page, cost = queries(one, "/platform/payouts/?view=to_approve")
    assert cost == 5
    assert f"/platform/payouts/{payout.pk}/approve/" not in page, "not offered to who made it"
    response = one.post(f"/platform/payouts/{payout.pk}/approve/")
    assert response.status_code == 403 and "state-error" not in response.content.decode()
    assert Payout.objects.get().state == "created"
    assert f"/platform/payouts/{payout.pk}/approve/" in queries(two, "/platform/payouts/?view=to_approve")[0]
    assert two.post(f"/platform/payouts/{payout.pk}/approve/").status_code == 303
    assert "¥970.00" in queries(one, "/platform/payouts/?view=under_way")[0]
    send_due_payouts(now=settlement.drawn_at, limit=5)
    assert "¥970.00" in queries(one, "/platform/payouts/?view=paid")[0]
    page, cost = queries(one, f"/platform/merchants/{bo.merchant.pk}/payouts/")
    assert cost == 7
    assert "**** 5702" in page and "6222021001116245702" not in page
    page, cost = queries(one, "/platform/settlements/")
    assert cost == 2
    assert "¥970.00" in page
    assert "¥970.00" not in queries(one, "/platform/settlements/?state=payable")[0]
    assert "¥970.00" in queries(one, "/platform/settlements/?merchant=bo")[0]


def test_called_off_with_a_reason(settlement: Settlement, seated: Seated, maker: Actor, bo: Shop) -> None:
    payout = made(settlement, maker)
    browser = seated("finance")
    assert browser.post(f"/platform/payouts/{payout.pk}/decline/", {"because": ""}).status_code == 422
    assert Payout.objects.get().state == "created"
    assert browser.post(f"/platform/payouts/{payout.pk}/decline/", {"because": "金额有误"}).status_code == 303
    assert Payout.objects.get().state == "failed"
    settle = f"/platform/merchants/{bo.merchant.pk}/settle/"
    assert browser.post(settle, {"because": ""}).status_code == 422
    assert browser.post(settle, {"because": "重新结算"}).status_code == 303
    assert browser.post(settle, {"because": "再结一次"}).status_code == 409
    assert Settlement.objects.filter(state="payable").count() == 1


def test_what_cannot_be_paid_says_why(settlement: Settlement, seated: Seated, bo: Shop) -> None:
    bo.merchant.state = "suspended"
    bo.merchant.save()
    page, _ = queries(seated("finance"), "/platform/payouts/")
    assert f"/platform/payouts/{settlement.pk}/make/" not in page
    assert seated("admin").post(f"/platform/payouts/{settlement.pk}/make/").status_code == 409
    assert not Payout.objects.exists()


def test_only_finance(settlement: Settlement, seated: Seated, bo: Shop) -> None:
    for browser in (seated("operations"), seated("senior"), Client()):
        for url in ("payouts/", "settlements/", f"merchants/{bo.merchant.pk}/payouts/"):
            assert browser.get(f"/platform/{url}").status_code in (302, 403)
        assert browser.post(f"/platform/payouts/{settlement.pk}/make/").status_code in (302, 403)
    assert not Payout.objects.exists()


def test_strange_addresses_and_every_language(settlement: Settlement, seated: Seated) -> None:
    browser = seated("finance")
    for url in (
        "payouts/?view=x&page=-1",
        "settlements/?state=x&merchant=%F0%9F%98%80&page=99",
        "payouts/?view=failed",
    ):
        assert browser.get(f"/platform/{url}").status_code == 200
    assert browser.get("/platform/merchants/999999/payouts/").status_code == 404
    for language in ("en", "zh-hans", "zh-hant"):
        browser.cookies["django_language"] = language
        for url in ("payouts/", "settlements/"):
            assert browser.get(f"/platform/{url}").status_code == 200
