"""Held money becomes available when the after-sales window has closed, and not before."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.at_once import Meeting, at_once, locks_off
from tests.cast import NOW, Shop, category_of
from tests.payouts import DAY, completed
from tests.sale import balance
from tests.statements import statements
from wanku.access.actor import Actor
from wanku.audit.models import Move
from wanku.audit.rules import change
from wanku.flows.proving.prove_books import prove_books
from wanku.flows.settling.release_due import release_due
from wanku.ledger.models import Entry
from wanku.ledger.post import Line, frozen, held, post
from wanku.orders.models import Order
from wanku.settlement.models import Plan, Window

pytestmark = pytest.mark.django_db
CLOSES = datetime(2026, 11, 18, 16, 0, tzinfo=UTC)
"""Received on the 11th in Shanghai, so the 19th begins there."""


def available_of(shop: Shop) -> int:
    """Minor units."""
    return balance(f"merchant:{shop.merchant.pk}:available")


def held_of(shop: Shop) -> int:
    """Minor units."""
    return balance(f"merchant:{shop.merchant.pk}:held")


def freeze(order: Order, amount: int) -> None:
    """Freeze a part of an order's held money, or thaw it with a minus."""
    mine = order.merchant_id
    lines = [Line(held(mine), -amount, mine, order.pk), Line(frozen(mine), amount, mine, order.pk)]
    post(
        key=f"f:{order.pk}:{amount}", reason="freeze", ref_type="order", ref_id=order.pk, currency="CNY", lines=lines,
        now=NOW,
    )  # fmt: skip


def test_the_window_holds_the_money(ann_actor: Actor, bo: Shop) -> None:
    order = completed(ann_actor, bo)
    window = Window.objects.get()
    assert (window.order_id, window.state, window.opened_at, window.due_at) == (order.pk, "open", NOW, CLOSES)
    assert release_due(now=CLOSES - timedelta(seconds=1), limit=10) == 0
    assert (held_of(bo), available_of(bo)) == (100_000, 0)
    assert release_due(now=CLOSES, limit=10) == 1
    assert (held_of(bo), available_of(bo)) == (0, 97_000)
    window.refresh_from_db()
    assert (window.state, window.due_at, window.closed_at) == ("released", None, CLOSES)
    assert release_due(now=CLOSES, limit=10) == 0
    assert Entry.objects.filter(reason="release").count() == 1
    assert Move.objects.filter(subject_type="window", event="release", trade_id=order.trade_id).count() == 1


def test_a_longer_promise_of_returns_holds_longer(ann_actor: Actor, bo: Shop) -> None:
    completed(ann_actor, bo, category=category_of("shoes", return_days=15))
    assert Window.objects.get().due_at == CLOSES + 8 * DAY


def test_goods_that_nobody_may_return_wait_as_long_as_the_platform_says(ann_actor: Actor, bo: Shop) -> None:
    change("settle_after", 60, set_by=None, because="demo", now=NOW)
    completed(ann_actor, bo)
    assert Window.objects.get().due_at == NOW + timedelta(minutes=1)


def test_the_first_release_begins_a_daily_plan(ann_actor: Actor, bo: Shop) -> None:
    completed(ann_actor, bo)
    completed(ann_actor, bo)
    plan = Plan.objects.get()
    assert (plan.period, plan.since, plan.due_at) == ("daily", NOW, datetime(2026, 11, 11, 16, 0, tzinfo=UTC))


def test_what_is_frozen_holds_all_of_it_and_is_looked_at_again(ann_actor: Actor, bo: Shop) -> None:
    order, other = completed(ann_actor, bo), completed(ann_actor, bo, price=5_000)
    freeze(order, 30_000)
    assert release_due(now=CLOSES, limit=10) == 2
    assert (held_of(bo), available_of(bo)) == (70_000, 4_850), "the other order is released"
    window = Window.objects.get(order=order)
    assert (window.state, window.due_at) == ("open", CLOSES + timedelta(hours=1))
    assert release_due(now=CLOSES, limit=10) == 0
    freeze(order, -30_000)
    assert release_due(now=CLOSES + timedelta(hours=1), limit=10) == 1
    assert (held_of(bo), available_of(bo)) == (0, 4_850 + 97_000)
    assert Window.objects.get(order=other).state == "released"


def test_an_order_of_which_nothing_is_left_just_ends(ann_actor: Actor, bo: Shop) -> None:
    order = completed(ann_actor, bo)
    mine = bo.merchant.pk
    lines = [Line(held(mine), -100_000, mine, order.pk), Line("buyer:refunds_due", 100_000, None, order.pk)]
    post(key="r", reason="refund_due", ref_type="refund", ref_id="1", currency="CNY", lines=lines, now=NOW)
    assert release_due(now=CLOSES, limit=10) == 1
    assert Window.objects.get().state == "nothing_left"
    assert available_of(bo) == 0
    assert not Entry.objects.filter(reason__in=("release", "commission")).exists()


def test_as_many_statements_for_ten_as_for_one(ann_actor: Actor, bo: Shop, cy: Shop) -> None:
    sizes = []
    for count in (1, 10):
        for n in range(count):
            completed(ann_actor, bo if n % 2 else cy)
        with statements() as sent:
            assert release_due(now=CLOSES, limit=20) == count
        sizes.append(len(sent))
    assert sizes[0] == sizes[1], sizes


def test_the_books_are_sound_all_along(ann_actor: Actor, bo: Shop) -> None:
    completed(ann_actor, bo)
    assert [check.says for check in prove_books() if not check.holds] == []
    release_due(now=CLOSES, limit=10)
    assert [check.says for check in prove_books() if not check.holds] == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("locked", [True, False], ids=["locked", "control: locks off"])
def test_two_sweepers_release_once(locked: bool, ann_actor: Actor, bo: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without locks both act on the same windows; then only the key of the entry keeps the money from moving twice."""
    for _ in range(4):
        completed(ann_actor, bo)
    meeting = Meeting()
    meeting.before(monkeypatch, "wanku.flows.settling.release_due.money_of")
    if not locked:
        locks_off(monkeypatch)
    answers = at_once(*[lambda: release_due(now=CLOSES, limit=2)] * 2)
    moves = Move.objects.filter(subject_type="window", event="release")
    assert answers == [2, 2]
    if not locked:
        assert moves.values("subject_id").distinct().count() < moves.count(), "nobody raced, so nothing is proven"
        return
    assert moves.count() == 4
    assert available_of(bo) == 4 * 97_000
