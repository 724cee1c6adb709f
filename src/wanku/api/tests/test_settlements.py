"""A shop's programs read its settlements."""

import pytest

from tests.banks import Banks
from tests.cast import Shop
from tests.payouts import account, approved, settled
from wanku.access.actor import Actor
from wanku.access.can import Permission
from wanku.access.scopes import MERCHANT_SCOPES
from wanku.api.tests.caller import Api, assert_problem, key_of, pages
from wanku.flows.settling.send_due_payouts import send_due_payouts
from wanku.settlement.models import Settlement

pytestmark = pytest.mark.django_db


@pytest.fixture
def settlement(ann_actor: Actor, bo: Shop, maker: Actor, checker: Actor, banks: Banks) -> Settlement:
    """Paid."""
    banks.introduce("payout")
    account(bo)
    found = settled(ann_actor, bo)
    approved(found, maker, checker)
    send_due_payouts(now=found.drawn_at, limit=5)
    return found


def test_settlements_with_their_payouts_and_lines(bo_api: Api, settlement: Settlement) -> None:
    (shown,) = pages(bo_api, "/merchants/bo/settlements?limit=1")
    assert (shown["number"], shown["state"], shown["payable"]) == (settlement.number, "paid", 97_000)
    assert shown["closing"] == sum(
        shown[name] for name in ("opening", "orders", "refunds", "commission", "fees", "payouts", "other")
    )
    (payout,) = shown["paid_by"]
    assert (payout["state"], payout["amount"], payout["account"]) == ("paid", 97_000, "5702")
    lines = pages(bo_api, f"/merchants/bo/settlements/{settlement.number}/lines?limit=1")
    assert [(line["kind"], line["amount"]) for line in lines] == [("commission", -3_000), ("order", 100_000)]
    assert all(line["order_number"] for line in lines)


def test_only_ones_own_with_the_scope(bo_api: Api, settlement: Settlement, bo: Shop, cy: Shop) -> None:
    cy_api = key_of(cy.owner, *MERCHANT_SCOPES, merchant_id=cy.merchant.pk)
    assert cy_api.get("/merchants/cy/settlements").json()["items"] == []
    assert_problem(cy_api.get("/merchants/bo/settlements"), 404, "not_found")
    assert_problem(cy_api.get(f"/merchants/cy/settlements/{settlement.number}/lines"), 404, "not_found")
    looker = key_of(bo.owner, Permission.ORDERS_SEE, merchant_id=bo.merchant.pk)
    assert_problem(looker.get("/merchants/bo/settlements"), 403, "not_allowed")
