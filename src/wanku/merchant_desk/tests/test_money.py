"""The statement of a shop: movements, days, sheets, and what is frozen."""

import csv
import io
from datetime import datetime, timedelta

import pytest
from django.test import Client
from openpyxl import load_workbook

from tests.banks import Banks
from tests.bought import paid
from tests.cast import ADDRESS, NOW, Shop, product_of
from tests.payouts import account, made, settled
from tests.statements import statements
from wanku.access.actor import Actor
from wanku.flows.fulfilling.confirm_receipt import confirm_receipt
from wanku.flows.fulfilling.ship_order import ship_order
from wanku.flows.settling.freeze_money import Freezing, freeze_money
from wanku.flows.settling.release_order import release_order
from wanku.ledger.post import Booking, Line, clearing, held, post_all
from wanku.orders.models import Order

QUERIES = 10
"""Of the page, however long the statement is: session, person, seats, counts of the desk, and four of its own."""


def test_statement_runs_down_from_the_balance(owner: Client, bo: Shop, ann_actor: Actor) -> None:
    orders = [
        paid(ann_actor, (product_of(bo.merchant), 1), now=NOW + timedelta(days=n), address=ADDRESS)[0] for n in range(3)
    ]
    ship_order(
        orders[0].pk, pieces=None, carrier="sf", tracking="SF1234567890123", actor=bo.actor, now=NOW + timedelta(days=3)
    )
    confirm_receipt(orders[0].pk, actor=ann_actor, now=NOW + timedelta(days=4))
    release_order(Order.objects.get(pk=orders[0].pk), now=NOW + timedelta(days=14))
    page = owner.get("/desk/bo/money/")
    rows = [(line.row.movement.amount, line.row.after) for line in page.context["statement"].lines]
    commission = orders[0].commission
    assert sorted(rows) == sorted(
        [
            (-commission, 9900 - commission),
            (9900, 9900),
            (-9900, 19800),
            (9900, 29700),
            (9900, 19800),
            (9900, 9900),
        ]
    )
    assert page.context["balances"] == {"held": 19800, "available": 9900 - commission, "frozen": 0}
    assert page.context["statement"].lines[0].row.total == 29700 - commission
    assert f"/desk/bo/orders/{orders[0].number}/" in page.content.decode()
    # Days that are not shown still count in the balance behind each row.
    second = owner.get("/desk/bo/money/", {"account": "held", "first": "2026-11-12", "last": "2026-11-12"})
    shown = [(line.row.movement.amount, line.row.after) for line in second.context["statement"].lines]
    assert shown == [(9900, 19800)]


def test_statement_page_by_page(owner: Client, bo: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wanku.ui.statements.PAGE", 20)
    _book(bo, 90)
    seen: list[int] = []
    owner.get("/desk/bo/money/")
    with statements() as first_page:
        page = owner.get("/desk/bo/money/")
    while True:
        seen += [line.row.after for line in page.context["statement"].lines]
        older = page.context["statement"].older
        if not older:
            break
        with statements() as sent:
            page = owner.get("/desk/bo/money/", {"before": older})
        assert len(sent) == len(first_page) == QUERIES
    assert seen == list(range(90, 0, -1))
    for strange in ("-", "x-1", "1", "99999999999999999999-99999999999999999999", "1-1-1"):
        assert owner.get("/desk/bo/money/", {"before": strange, "first": "0001-01-01"}).status_code == 200


def test_statement_by_day(owner: Client, bo: Shop) -> None:
    _book(bo, 3)
    _book(bo, 2, now=NOW + timedelta(days=2))
    found = owner.get("/desk/bo/money/days/", {"until": "2026-12-01"}).context["days"]
    assert [(str(row.day), row.gained, row.closing["held"], row.total) for row in found] == [
        ("2026-11-13", 2, 5, 5),
        ("2026-11-11", 3, 3, 3),
    ]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_sheets_of_the_statement(owner: Client, bo: Shop, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wanku.catalog.sheets.stream.LINES", 7)
    _book(bo, 40)
    query = {"first": "2026-11-11", "last": "2026-11-11"}
    answer = owner.get(f"/desk/bo/money/statement.{form}", query)
    data = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert answer["Content-Disposition"].endswith(f'.{form}"')
    if form == "csv":
        lines = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
        assert len(lines) == 41
        assert lines[40][0] == "2026-11-11 10:00:00" and lines[40][4:7] == ["0.01", "0.40", "0.40"]
    else:
        rows = list(load_workbook(io.BytesIO(data)).worksheets[0].iter_rows(values_only=True))
        assert len(rows) == 41
        assert rows[40][4:7] == (0.01, 0.4, 0.4)


def test_frozen_money_is_explained(owner: Client, bo: Shop, order: Order, di_actor: Actor) -> None:
    asked = Freezing(bo.merchant.pk, 4_000, order.number)
    freeze_money(asked, because="消费者投诉假货", actor=di_actor, now=NOW)
    page = owner.get("/desk/bo/money/")
    text = page.content.decode()
    assert page.context["balances"]["frozen"] == 4_000
    assert "消费者投诉假货" in text and order.number in text


def test_a_payout_leads_to_its_settlement(
    banks: Banks, owner: Client, bo: Shop, ann_actor: Actor, maker: Actor
) -> None:
    account(bo)
    settlement = settled(ann_actor, bo)
    made(settlement, maker)
    text = owner.get("/desk/bo/money/").content.decode()
    assert f'href="/desk/bo/settlements/{settlement.number}/"' in text


def _book(shop: Shop, count: int, *, now: datetime = NOW) -> None:
    """So many entries of one fen each."""
    mine = held(shop.merchant.pk)
    lines = [Line(clearing("sandbox"), -1), Line(mine, 1, shop.merchant.pk)]
    post_all([Booking(f"{now}:{n}", "capture", "attempt", n, "CNY", lines) for n in range(count)], now=now)
