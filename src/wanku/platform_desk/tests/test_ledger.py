"""The ledger at the platform's desk: accounts, their days, entries; at a fixed cost."""

import csv
import io
from datetime import timedelta

import pytest
from django.db.models import Sum
from django.test import Client
from openpyxl import load_workbook

from tests.cast import NOW, Shop
from tests.statements import statements
from wanku.flows.settling.close_days import close_days
from wanku.ledger.models import Entry, Posting
from wanku.ledger.post import Booking, Line, clearing, held, post_all
from wanku.platform_desk.pages.ledger import BOOKED
from wanku.platform_desk.tests.conftest import Market
from wanku.platform_desk.words import REASONS, TOTALS

DAY = timedelta(days=1)
BANK = "bank:main"
DAYS = f"/platform/ledger/accounts/{BANK}/"


def book(shop: Shop, name: str, count: int, *, days: int = 1) -> None:
    """So many entries of a fen on each of the last days, from the bank to what is held for a shop."""
    lines = [Line(BANK, -1), Line(held(shop.merchant.pk), 1, shop.merchant.pk)]
    for day in range(days):
        rows = [Booking(f"{name}:{day}:{n}", "capture", "attempt", n, "CNY", lines) for n in range(count)]
        post_all(rows, now=NOW - day * DAY)


@pytest.mark.parametrize(
    ("url", "reading"),
    [
        ("", 2),
        ("?account=merchant", 4),
        ("?account=bank:main&since=2026-11-10&until=2026-11-11&reason=capture", 4),
        ("accounts/", 5),
        ("accounts/bank:main/", 3),
    ],
)
def test_a_page_costs_the_same_however_long_the_books_are(desk: Client, market: Market, url: str, reading: int) -> None:
    costs = []
    for count in (40, 80):
        book(market.cy, f"{url}{count}", count, days=4)
        close_days(now=NOW)
        with statements() as sent:
            assert desk.get(f"/platform/ledger/{url}").status_code == 200
        costs.append((len(sent), sum("ledger_" in each for each in sent)))
    assert costs == [costs[0]] * 2 and costs[0][1] == reading


def test_the_start_of_finance_as_well(desk: Client, market: Market) -> None:
    desk.get("/platform/finance/")
    costs = []
    for count in (40, 80):
        book(market.cy, str(count), count, days=4)
        close_days(now=NOW)
        with statements() as sent:
            page = desk.get("/platform/finance/")
        costs.append(len(sent))
        summed = Posting.objects.filter(account__startswith="bank:").aggregate(amount=Sum("amount"))["amount"]
        assert dict(page.context["totals"][0]["parts"])[TOTALS["there"]] > -summed > 0
    assert costs == [costs[0]] * 2


def test_totals_agree_with_the_postings(desk: Client, market: Market) -> None:
    book(market.cy, "a", 3, days=3)
    close_days(now=NOW)
    page = desk.get("/platform/ledger/accounts/")
    summed = {
        (row["account"], row["currency"]): row["amount"]
        for row in Posting.objects.values("account", "currency").annotate(amount=Sum("amount"))
    }
    assert {(row.account, row.currency): row.amount for row in page.context["page"]} == summed
    assert all(row.cached in (None, row.amount) for row in page.context["page"])
    (total,) = page.context["totals"]
    there, *owed = (amount for _, amount in total["parts"])
    assert there == sum(owed) != 0
    assert held(market.cy.merchant.pk) in page.content.decode()
    only = desk.get("/platform/ledger/accounts/?q=bank").context["page"]
    assert [row.account for row in only] == [BANK]


def test_days_of_an_account(desk: Client, market: Market) -> None:
    book(market.cy, "a", 2, days=3)
    close_days(now=NOW)
    post_all([Booking("back", "payout_came_back", "payout", 1, "CNY",
                      [Line(BANK, 1), Line(clearing("sandbox"), -1)])], now=NOW)  # fmt: skip
    page = desk.get(DAYS)
    assert [(str(row.day), row.opening, row.incoming, row.outgoing, row.closing) for row in page.context["days"]] == [
        ("2026-11-11", -4, 1, 2, -5),
        ("2026-11-10", -2, 0, 2, -4),
        ("2026-11-09", 0, 0, 2, -2),
    ]
    link = f"/platform/ledger/?account={BANK}&since=2026-11-10&until=2026-11-10"
    assert link.replace("&", "&amp;").replace("k:m", "k%3Am") in page.content.decode()
    listed = desk.get(link)
    assert sorted(row["entry"].key for row in listed.context["rows"]) == ["a:1:0", "a:1:1"]
    assert [str(row.day) for row in desk.get(f"{DAYS}?until=2026-11-09").context["days"]] == ["2026-11-09"]
    for strange in ("accounts/bank:mai/", "accounts/x/days.csv", f"accounts/{BANK}/days.pdf"):
        assert desk.get(f"/platform/ledger/{strange}").status_code == 404


def test_older_days(desk: Client, market: Market) -> None:
    book(market.cy, "a", 1, days=40)
    close_days(now=NOW)
    first = desk.get(DAYS)
    second = desk.get(f"{DAYS}?until={first.context['older']:%Y-%m-%d}")
    shown = [*first.context["days"], *second.context["days"]]
    assert (len(first.context["days"]), len(shown), second.context["older"]) == (31, 40, None)
    assert [row.closing for row in shown] == [n - 40 for n in range(40)]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_sheet_of_days(desk: Client, market: Market, form: str) -> None:
    book(market.cy, "a", 2, days=3)
    answer = desk.get(f"{DAYS}days.{form}?until=2026-11-10")
    assert answer["Content-Disposition"] == f'attachment; filename="bank-main-days-20261110.{form}"'
    data = answer.getvalue()
    if form == "csv":
        _, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig")))
        assert rows == [
            ["2026-11-09", "0.00", "0.00", "0.02", "-0.02", "2", "CNY"],
            ["2026-11-10", "-0.02", "0.00", "0.02", "-0.04", "2", "CNY"],
        ]
    else:
        cells = list(load_workbook(io.BytesIO(data)).worksheets[0].iter_rows(min_row=2, values_only=True))
        assert cells == [
            ("2026-11-09", 0, 0, 0.02, -0.02, 2, "CNY"),
            ("2026-11-10", -0.02, 0, 0.02, -0.04, 2, "CNY"),
        ]


@pytest.mark.parametrize("query", ["", "account=bank:main", "account=ba", "reason=capture", "few"])
def test_entries_go_on_behind_the_last_one(
    desk: Client, market: Market, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    if query == "few":
        monkeypatch.setattr("wanku.platform_desk.read.ledger.FEW", 0)
        query = "account=bank:main"
    book(market.cy, "a", 40, days=2)
    seen: list[str] = []
    after: str | None = ""
    while after is not None:
        page = desk.get(f"/platform/ledger/?{query}&after={after}")
        seen += [row["entry"].key for row in page.context["rows"]]
        after = page.context["older"]
    rows = Entry.objects.order_by("-at", "-pk")
    if query.startswith("account"):
        rows = rows.filter(postings__account=BANK)
    elif query:
        rows = rows.filter(reason="capture")
    assert seen == list(rows.values_list("key", flat=True))


def test_one_account_is_not_taken_for_another_that_begins_alike(desk: Client, market: Market) -> None:
    lines = [Line(BANK, -1), Line("bank:main2", 1)]
    post_all([Booking("both", "payout", "payout", 1, "CNY", [Line("bank:main2", -2), Line(clearing("x"), 2)]),
              Booking("one", "payout", "payout", 2, "CNY", lines)], now=NOW)  # fmt: skip
    keys = [row["entry"].key for row in desk.get(f"/platform/ledger/?account={BANK}").context["rows"]]
    assert keys == ["one"]
    assert len(desk.get("/platform/ledger/?account=bank").context["rows"]) == 2


def test_every_reason_has_words(desk: Client, market: Market) -> None:
    assert set(Entry.objects.values_list("reason", flat=True)) <= set(BOOKED) <= set(REASONS)
