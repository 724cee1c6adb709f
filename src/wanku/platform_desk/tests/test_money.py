"""A merchant's money at the platform's desk: statement, freeze, thaw."""

import pytest
from django.test import Client

from tests.cast import NOW, Shop
from tests.statements import statements
from wanku.flows.proving.run_proof import run_proof
from wanku.ledger.models import Freeze, Proof
from wanku.ledger.post import Booking, Line, clearing, held, post_all
from wanku.platform_desk.tests.conftest import Market


def address(shop: Shop, rest: str = "") -> str:
    """A page of a shop's money."""
    return f"/platform/merchants/{shop.merchant.pk}/money/{rest}"


def test_the_statement_at_a_fixed_cost(desk: Client, market: Market) -> None:
    page = desk.get(address(market.cy))
    assert f"/platform/trades/{market.late.trade_id}/#{market.late.number}" in page.content.decode()
    mine = market.cy.merchant.pk
    lines = [Line(clearing("sandbox"), -1), Line(held(mine), 1, mine)]
    costs = []
    for count in (60, 200):
        post_all([Booking(f"{count}:{n}", "capture", "attempt", n, "CNY", lines) for n in range(count)], now=NOW)
        with statements() as sent:
            page = desk.get(address(market.cy))
        costs.append((len(sent), sum("ledger_" in each for each in sent)))
    assert costs == [costs[0]] * 2 and costs[0][1] == 4
    assert desk.get(address(market.cy, "days/")).context["days"]
    assert b"".join(desk.get(address(market.cy, "statement.csv")).streaming_content)  # type: ignore[attr-defined]
    assert desk.get(address(market.cy, "statement.pdf")).status_code == 404
    assert desk.get("/platform/merchants/999999/money/").status_code == 404


def test_freezing_and_thawing(desk: Client, market: Market) -> None:
    typed = {"order": market.late.number, "amount": "20.50", "because": "消费者投诉假货"}
    for strange, field in (({"amount": "a lot"}, "amount"), ({"order": "1"}, "order"), ({"because": ""}, "because")):
        refused = desk.post(address(market.cy, "freeze/"), {**typed, **strange})
        assert refused.status_code == 422 and refused.context["errors"].keys() == {field}
        assert refused.context["typed"]["because"] == {**typed, **strange}["because"]
    assert not Freeze.objects.exists()
    assert desk.post(address(market.cy, "freeze/"), typed).status_code == 303
    freeze = Freeze.objects.get()
    page = desk.get(address(market.cy))
    assert page.context["balances"]["frozen"] == 2_050 and "消费者投诉假货" in page.content.decode()
    assert f"#freeze-{freeze.pk}" in page.content.decode() or market.late.number in page.content.decode()
    done = {"freeze": str(freeze.pk), "because": "已核实"}
    assert desk.post(address(market.cy, "thaw/"), {**done, "freeze": "x"}).status_code == 422
    assert desk.post(address(market.cy, "thaw/"), done).status_code == 303
    assert desk.get(address(market.cy)).context["balances"]["frozen"] == 0
    assert desk.post(address(market.cy, "thaw/"), done).status_code == 409


def test_long_books_are_proven_by_a_worker(desk: Client, market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wanku.platform_desk.read.ledger.PROVEN_AT_ONCE", 0)
    page = desk.get("/platform/ledger/proof/")
    assert (page.context["checks"], page.context["last"]) == ([], None)
    for _ in range(2):
        assert desk.post("/platform/ledger/proof/ask/").status_code == 303
    proof = Proof.objects.get()
    assert "every 3s" in desk.get("/platform/ledger/proof/").content.decode()
    run_proof(proof.pk, now=NOW)
    page = desk.get("/platform/ledger/proof/")
    assert page.context["sound"] and len(page.context["checks"]) == len(proof_of(proof))
    assert "every 3s" not in page.content.decode()


def proof_of(proof: Proof) -> list[object]:
    """What it kept."""
    proof.refresh_from_db()
    return list(proof.checks)
