"""Periods end: every movement is in one settlement, and what is there may be paid out."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.at_once import Meeting, at_once, locks_off
from tests.cast import NOW, Shop
from tests.payouts import DAY, account, made, released, settled
from wanku.access.actor import Actor
from wanku.audit.models import Move
from wanku.flows.settling.settle_due import settle_due
from wanku.ledger.models import Balance, Posting
from wanku.ledger.post import COMMISSION, REFUNDS_DUE, Line, available, frozen, post
from wanku.merchants.models import Merchant
from wanku.settlement import draw
from wanku.settlement.models import Period, Plan, Settlement, SettlementLine

pytestmark = pytest.mark.django_db
MIDNIGHT = datetime(2026, 11, 19, 16, 0, tzinfo=UTC)


def book(shop: Shop, amount: int, reason: str, against: str = REFUNDS_DUE, now: datetime = NOW) -> None:
    """Something happens to the shop's available balance."""
    mine = shop.merchant.pk
    lines = [Line(available(mine), amount, mine), Line(against, -amount)]
    key = f"t:{reason}:{Posting.objects.count()}"
    post(key=key, reason=reason, ref_type="t", ref_id="t", currency="CNY", lines=lines, now=now)


def begin(shop: Shop, period: str = Period.DAILY) -> Plan:
    """A plan whose period ends at midnight."""
    return Plan.objects.create(merchant=shop.merchant, period=period, since=NOW, due_at=MIDNIGHT)


def test_a_snapshot_with_its_lines(ann_actor: Actor, bo: Shop) -> None:
    order = released(ann_actor, bo)
    book(bo, -7_000, "refund_due")
    book(bo, 210, "commission_back", COMMISSION)
    plan = Plan.objects.get()
    assert settle_due(now=plan.due_at - timedelta(seconds=1), limit=10) == 0
    assert settle_due(now=MIDNIGHT, limit=10) == 1
    found = Settlement.objects.get()
    figures = (found.opening, found.orders, found.refunds, found.commission, found.fees, found.payouts, found.other)
    assert figures == (0, 100_000, -7_000, -3_000 + 210, 0, 0, 0)
    assert (found.closing, found.payable, found.frozen, found.state) == (90_210, 90_210, 0, "payable")
    assert (found.since, found.until, found.drawn_at) == (NOW, MIDNIGHT, MIDNIGHT), "after an outage all of it"
    lines = SettlementLine.objects.order_by("posting_id").values_list("kind", "order_id", "amount")
    assert list(lines) == [
        ("order", order.pk, 100_000),
        ("commission", order.pk, -3_000),
        ("refund", None, -7_000),
        ("commission", None, 210),
    ]
    plan.refresh_from_db()
    assert (plan.since, plan.due_at) == (found.until, datetime(2026, 11, 20, 16, 0, tzinfo=UTC))


def test_the_next_one_takes_up_where_the_last_one_ended(ann_actor: Actor, bo: Shop) -> None:
    first = settled(ann_actor, bo)
    assert settle_due(now=first.drawn_at + DAY, limit=10) == 1
    assert Settlement.objects.count() == 1, "nothing moved, nothing is drawn"
    book(bo, -5_000, "refund_due")
    settle_due(now=first.drawn_at + 2 * DAY, limit=10)
    first.refresh_from_db()
    second = Settlement.objects.latest("drawn_at")
    assert (first.state, second.state) == ("carried", "payable")
    assert (second.opening, second.refunds, second.closing, second.payable) == (97_000, -5_000, 92_000, 92_000)
    assert SettlementLine.objects.count() == 3
    assert Move.objects.get(event="carry").because == "next_settlement"


@pytest.mark.parametrize(("balance", "because"), [(-4_000, "debt"), (999, "below_minimum"), (1, "below_minimum")])
def test_what_cannot_be_paid_is_carried_and_netted(bo: Shop, balance: int, because: str) -> None:
    begin(bo)
    book(bo, balance, "release")
    settle_due(now=MIDNIGHT, limit=10)
    first = Settlement.objects.get()
    assert (first.state, first.closing, first.payable) == ("carried", balance, 0)
    assert Move.objects.get(event="carry").because == because
    book(bo, 10_000, "release")
    settle_due(now=MIDNIGHT + DAY, limit=10)
    assert Settlement.objects.latest("drawn_at").payable == 10_000 + balance


def test_frozen_money_stays(bo: Shop) -> None:
    begin(bo)
    book(bo, 10_000, "release")
    book(bo, -4_000, "freeze", frozen(bo.merchant.pk))
    settle_due(now=MIDNIGHT, limit=10)
    found = Settlement.objects.get()
    assert (found.orders, found.other, found.closing, found.payable, found.frozen) == (
        10_000,
        -4_000,
        6_000,
        6_000,
        4_000,
    )


def test_a_shop_whose_standing_forbids_it_is_not_settled(bo: Shop) -> None:
    begin(bo)
    book(bo, 10_000, "release")
    Merchant.objects.filter(pk=bo.merchant.pk).update(state="suspended")
    assert settle_due(now=MIDNIGHT, limit=10) == 1
    assert not Settlement.objects.exists()
    Merchant.objects.filter(pk=bo.merchant.pk).update(state="restricted")
    settle_due(now=MIDNIGHT + DAY, limit=10)
    found = Settlement.objects.get()
    assert (found.since, found.closing) == (NOW, 10_000), "it covers the time that was left out"


def test_weekly_shops_on_monday(bo: Shop, cy: Shop) -> None:
    begin(bo, Period.WEEKLY)
    begin(cy)
    settle_due(now=MIDNIGHT, limit=10)
    # The 20th of November 2026 has begun in Shanghai, a Friday.
    assert Plan.objects.get(merchant=bo.merchant).due_at == datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
    assert Plan.objects.get(merchant=cy.merchant).due_at == datetime(2026, 11, 20, 16, 0, tzinfo=UTC)


def test_after_an_outage_one_settlement_covers_all(bo: Shop) -> None:
    begin(bo)
    book(bo, 10_000, "release")
    assert settle_due(now=MIDNIGHT + 9 * DAY, limit=10) == 1
    assert settle_due(now=MIDNIGHT + 9 * DAY, limit=10) == 0
    assert Settlement.objects.get().until == MIDNIGHT + 9 * DAY


def test_a_payout_alone_makes_no_settlement(ann_actor: Actor, bo: Shop, maker: Actor, banks: object) -> None:
    account(bo)
    first = settled(ann_actor, bo)
    made(first, maker)
    assert settle_due(now=first.drawn_at + DAY, limit=10) == 1
    assert Settlement.objects.count() == 1


def test_a_movement_that_was_committed_late_is_not_lost(bo: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ids are given before a commit: one with a lower id may appear after the settlement that a higher one is in."""
    monkeypatch.setattr(draw, "OVERLAP", 1)
    begin(bo)
    for amount in (5_000, 300, 20):
        book(bo, amount, "release")
    settle_due(now=MIDNIGHT, limit=10)
    late = Settlement.objects.get().lines.order_by("posting_id")[0]
    late.delete()
    Settlement.objects.update(closing=320, orders=320, payable=0)
    book(bo, 4_000, "release")
    settle_due(now=MIDNIGHT + DAY, limit=10)
    second = Settlement.objects.latest("drawn_at")
    assert (second.opening, second.orders, second.closing) == (320, 9_000, 9_320)


def test_unsound_books_are_not_settled(bo: Shop, cy: Shop, caplog: pytest.LogCaptureFixture) -> None:
    for shop in (bo, cy):
        begin(shop)
        book(shop, 10_000, "release")
    Balance.objects.filter(account=available(bo.merchant.pk)).update(amount=99_999)
    assert settle_due(now=MIDNIGHT, limit=10) == 2
    assert Settlement.objects.get().merchant == cy.merchant, "the neighbour is settled"
    assert "cannot be settled" in caplog.text
    assert settle_due(now=MIDNIGHT, limit=10) == 0, "put off, not again at once"


def test_what_is_on_its_way_is_no_part_of_the_next_one(ann_actor: Actor, bo: Shop, maker: Actor, banks: object) -> None:
    account(bo)
    first = settled(ann_actor, bo)
    made(first, maker)
    book(bo, 2_000, "release")
    settle_due(now=first.drawn_at + DAY, limit=10)
    first.refresh_from_db()
    second = Settlement.objects.latest("drawn_at")
    assert (first.state, second.opening, second.payouts, second.closing) == ("paying", 97_000, -97_000, 2_000)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("locked", [True, False], ids=["locked", "control: locks off"])
def test_two_sweepers_settle_once(locked: bool, bo: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without locks both draw the same money; then only the database keeps the second one from being stored."""
    begin(bo)
    book(bo, 10_000, "release")
    meeting = Meeting()
    meeting.before(monkeypatch, "wanku.settlement.draw._sums")
    if not locked:
        locks_off(monkeypatch)
    answers = at_once(*[lambda: settle_due(now=MIDNIGHT, limit=1)] * 2)
    assert meeting.met is not locked, "nobody raced, so nothing is proven"
    assert Settlement.objects.count() == 1
    if locked:
        assert sorted(str(answer) for answer in answers) == ["0", "1"]
        assert Plan.objects.get().due_at == MIDNIGHT + DAY
