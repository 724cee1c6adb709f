"""Every page opens, shows what is there, and costs a fixed number of queries."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from wanku.audit.models import Move
from wanku.inventory.models import Supply
from wanku.platform_desk.tests.conftest import Market

Count = Callable[[int], AbstractContextManager[object]]
# Session, person, seats, roles; and seven counts beside the places.
FRAME = 12


def text_of(client: Client, url: str) -> str:
    """The page as text."""
    response = client.get(url)
    assert response.status_code == 200, url
    return response.content.decode()


def test_overview(desk: Client, market: Market, django_assert_num_queries: Count) -> None:
    with django_assert_num_queries(FRAME + 10):
        page = text_of(desk, "/platform/")
    assert "新店" in page
    assert str(market.late) in page
    assert "¥120.00" in page


PAGES = {
    "merchants": 5,
    "orders": 3,
    "clocks": 10,
    "ledger": 3,
    "accounts": 6,
    "proof": 42,
    "people": 4,
    "staff": 1,
    "categories": 2,
    "places": 1,
    "rules": 1,
    "refunds": 3,
    "transfers": 4,
    "channels": 1,
    "reviews": 5,
    "audit": 3,
}


def test_lists(desk: Client, market: Market) -> None:
    found = {}
    for name in PAGES:
        with CaptureQueriesContext(connection) as queries:
            text_of(desk, reverse(f"platform_desk:{name}"))
        found[name] = len(queries) - FRAME
    assert found == PAGES


def test_merchant(desk: Client, market: Market, django_assert_num_queries: Count) -> None:
    with django_assert_num_queries(FRAME + 8):
        page = text_of(desk, f"/platform/merchants/{market.bo.merchant.pk}/")
    assert "有限公司" in page
    assert "¥192.06" in page  # 2 × ¥99.00 less 3 % commission
    assert 'name="step"' in page
    page = text_of(desk, f"/platform/merchants/{market.applicant.pk}/")
    assert f"/platform/merchants/{market.applicant.pk}/approve/" in page
    assert 'name="step"' not in page


def test_trade(desk: Client, market: Market, django_assert_num_queries: Count) -> None:
    with django_assert_num_queries(FRAME + 12):
        page = text_of(desk, f"/platform/trades/{market.received.trade_id}/")
    assert "SF1234567890123" in page
    assert f"capture:{market.received.trade.attempts.get().pk}" in page
    assert f"release:{market.received.pk}" in page
    assert "ann@example.com" not in page
    assert "13800138000" not in page


def test_person(desk: Client, market: Market, django_assert_num_queries: Count) -> None:
    with django_assert_num_queries(FRAME + 7):
        page = text_of(desk, f"/platform/people/{market.ann.pk}/")
    assert "a***@example.com" in page
    assert "ann@example.com" not in page


def test_rule(desk: Client, django_assert_num_queries: Count) -> None:
    with django_assert_num_queries(FRAME + 2):
        text_of(desk, "/platform/rules/ship/")


def test_nothing_there(desk: Client) -> None:
    for name in PAGES:
        text_of(desk, reverse(f"platform_desk:{name}"))
    for url in ("merchants/999999/", "people/999999/", "categories/999999/", "rules/none/"):
        assert desk.get(f"/platform/{url}").status_code == 404
    assert desk.get("/platform/trades/00000000-0000-4000-8000-000000000000/").status_code == 404


STRANGE = [
    "orders/?state=zzz&page=-1&merchant=none",
    "orders/?q=%F0%9F%98%80'%22%3B--&late=2",
    "ledger/?since=yesterday&until=2026-13-45&account=%25%27",
    "ledger/?order=1&reason=x&page=99999999999999999999",
    "audit/?person=99999999999999999999&before=abc&trail=x&actor=y",
    "audit/?before=999999999999999999&trail=acts&what=none",
    "clocks/?kind=nothing&view=past&before=-1",
    "people/?q=%25%25&page=x",
    "reviews/?view=x&q=%5C",
    "refunds/?state=x",
    "merchants/?state=x&q=" + "x" * 5000,
    "audit/export.csv?trail=x&since=never",
]


def test_strange_addresses(desk: Client, market: Market) -> None:
    for url in STRANGE:
        assert desk.get(f"/platform/{url}").status_code == 200, url


def test_finding_orders(desk: Client, market: Market) -> None:
    def found(query: str) -> set[str]:
        page = text_of(desk, f"/platform/orders/?{query}")
        every = (market.received, market.late, market.unpaid.orders.get())
        return {order.number for order in every if f"#{order.number}" in page}

    assert found(f"q={market.received.number}") == {market.received.number}
    assert found(f"q={market.received.trade}") == {market.received.number}
    assert found("q=ANN@example.com") >= {market.received.number}
    assert found("q=13800138000") >= {market.received.number, market.late.number}
    assert found("late=1") == {market.late.number}
    assert found("state=completed") == {market.received.number}
    assert found("merchant=cy") == {market.late.number}
    assert found("q=nobody@example.com") == set()


def test_finding_people(desk: Client, market: Market) -> None:
    link = f"/platform/people/{market.ann.pk}/"
    assert link in text_of(desk, "/platform/people/?q=ann@example.com")
    assert link in text_of(desk, "/platform/people/?q=Ann")
    assert link not in text_of(desk, "/platform/people/?q=@example.com")


def test_ledger_by_order_account_and_day(desk: Client, market: Market) -> None:
    release = f"release:{market.received.pk}"
    assert release in text_of(desk, f"/platform/ledger/?order={market.received}")
    assert release in text_of(desk, f"/platform/ledger/?account=merchant:{market.bo.merchant.pk}:available")
    assert release not in text_of(desk, f"/platform/ledger/?account=merchant:{market.cy.merchant.pk}:")
    assert release not in text_of(desk, "/platform/ledger/?since=2026-11-11")
    assert release not in text_of(desk, "/platform/ledger/?reason=capture")


def test_clocks(desk: Client, market: Market) -> None:
    assert str(market.unpaid) in text_of(desk, "/platform/clocks/?kind=trade")
    past = text_of(desk, "/platform/clocks/?view=past")
    assert f"/platform/trades/{market.late.trade_id}/" in past


def test_proof_shows_what_is_wrong(desk: Client, market: Market) -> None:
    assert "state-error" not in text_of(desk, "/platform/ledger/proof/")
    Supply.objects.filter(merchant=market.bo.merchant).update(free=0, put_in=0, held=0, sold=0)
    page = text_of(desk, "/platform/ledger/proof/")
    assert "state-error" in page
    assert "held_by_orders" in page


def test_export(desk: Client, market: Market) -> None:
    response = desk.get("/platform/audit/export.csv?subject=order&what=pay")
    body = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    head, *rows = body.strip().split("\r\n")
    assert head.startswith("id,at,subject_type")
    assert len(rows) == 4
    assert all(",order," in row and ",pay," in row for row in rows)
    assert 'filename="wanku-moves-20261111-0200.csv"' in response["Content-Disposition"]


def test_cells_are_no_formulas(desk: Client, market: Market) -> None:
    market.bo.merchant.refresh_from_db()
    desk.post(
        f"/platform/merchants/{market.bo.merchant.pk}/standing/",
        {"step": "restrict", "because": "=HYPERLINK(1)"},
    )
    response = desk.get("/platform/audit/export.csv?trail=acts")
    body = b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]
    assert "'=HYPERLINK(1)" in body


def test_audit_goes_on_below(desk: Client, market: Market) -> None:
    last = Move.objects.order_by("-id")[1].pk
    page = text_of(desk, f"/platform/audit/?before={last}")
    assert page.count("<tr>") > 5


def test_every_language(desk: Client, market: Market) -> None:
    for language in ("en", "zh-hans", "zh-hant"):
        desk.cookies["django_language"] = language
        for name in PAGES:
            text_of(desk, reverse(f"platform_desk:{name}"))
