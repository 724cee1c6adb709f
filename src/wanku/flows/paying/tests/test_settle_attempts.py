"""Many results of channels in one transaction: each has its own outcome, whatever its neighbours are."""

from collections.abc import Sequence
from typing import Any

import pytest

from tests.bought import opened, placed
from tests.cast import NOW, Shop, product_of, supply_of, variant_of
from tests.sale import balance
from tests.statements import statements
from wanku.access.actor import Actor
from wanku.audit.models import Move
from wanku.flows.buying.cancel_trade import cancel_trade
from wanku.flows.paying import settle_attempt as settling
from wanku.flows.paying.settle_attempt import settle_attempts
from wanku.kernel.refusal import Refusal
from wanku.ledger.models import Entry
from wanku.orders.models import Order, Trade
from wanku.payments.channel import ChannelResult, ChannelState
from wanku.payments.models import Attempt, ChannelEvent, Refund

pytestmark = pytest.mark.django_db


def said(attempt: Attempt, event_id: str = "", state: ChannelState = ChannelState.CAPTURED, **facts: Any) -> Any:
    """What the channel says of an attempt."""
    known = {"amount": attempt.amount, "currency": attempt.currency, "channel_ref": f"R-{attempt.number}"}
    return ChannelResult("sandbox", attempt.number, state, event_id=event_id, event_hash=b"x", **{**known, **facts})


def words(answers: Sequence[str | Refusal]) -> list[str]:
    """Outcomes by name."""
    return [answer.code.name if isinstance(answer, Refusal) else answer for answer in answers]


def test_each_has_its_own_outcome(ann_actor: Actor, bo: Shop, cy: Shop) -> None:
    tea, bag = product_of(bo.merchant), product_of(cy.merchant, prices=(12_000,))
    paid, wrong, failed, open_ = (opened(placed(ann_actor, (tea, 1), (bag, 1))) for _ in range(4))
    batch = [
        said(paid, "E1"),
        said(wrong, "E2", amount=1),
        said(paid, "E1"),
        ChannelResult("sandbox", "nobody", ChannelState.CAPTURED, 1, "CNY", event_id="E3"),
        said(paid, "E4"),
        said(failed, "E5", ChannelState.FAILED, failure="card_declined"),
        said(open_, "E6", ChannelState.PENDING),
        said(paid, "E7", ChannelState.FAILED),
    ]
    expected = ["applied", "payment_mismatch", "repeated", "unknown_payment", "repeated", "applied", "ignored"]
    assert words(settle_attempts(batch, now=NOW)) == [*expected, "repeated"]
    assert dict(ChannelEvent.objects.values_list("event_id", "outcome")) == {
        "E1": "applied",
        "E2": "payment_mismatch",
        "E3": "unknown_payment",
        "E4": "repeated",
        "E5": "applied",
        "E6": "ignored",
        "E7": "repeated",
    }
    states = [Attempt.objects.get(pk=a.pk).state for a in (paid, wrong, failed, open_)]
    assert states == ["captured", "pending", "failed", "pending"]
    assert Attempt.objects.get(pk=failed.pk).failure == "card_declined"
    assert [Trade.objects.get(pk=a.trade_id).state for a in (paid, wrong)] == ["paid", "placed"]
    supply = supply_of(variant_of(tea))
    assert (supply.free, supply.held, supply.sold) == (6, 3, 1)
    assert Entry.objects.count() == 1 and balance("gateway:sandbox:clearing") == -paid.amount
    again = settle_attempts(batch, now=NOW)
    assert words(again)[:2] == ["repeated", "payment_mismatch"], "only an effect is final"
    assert Entry.objects.count() == 1


def test_failed_and_then_paid_in_one_batch(ann_actor: Actor, bo: Shop) -> None:
    """Money is money, also when the channel spoke of a failure a moment ago; a failure after it changes nothing."""
    attempt = opened(placed(ann_actor, (product_of(bo.merchant), 1)))
    batch = [said(attempt, "E1", ChannelState.FAILED), said(attempt, "E2"), said(attempt, "E3", ChannelState.FAILED)]
    assert words(settle_attempts(batch, now=NOW)) == ["applied", "applied", "repeated"]
    moves = Move.objects.filter(subject_type="attempt").order_by("id").values_list("from_state", "to_state")
    assert list(moves) == [("pending", "failed"), ("failed", "captured")]
    assert Trade.objects.get().state == "paid"


def test_two_payments_of_one_trade_in_one_batch(ann_actor: Actor, bo: Shop) -> None:
    trade = placed(ann_actor, (product_of(bo.merchant), 1))
    first, second = opened(trade), opened(trade)
    assert words(settle_attempts([said(second), said(first)], now=NOW)) == ["applied", "applied"]
    first.refresh_from_db()
    second.refresh_from_db()
    assert (second.duplicate, first.duplicate) == (False, True), "the first to arrive pays"
    refund = Refund.objects.get()
    assert (refund.attempt_id, refund.reason, refund.amount) == (first.pk, "duplicate", first.amount)
    assert balance("buyer:refunds_due") == first.amount and balance("gateway:sandbox:clearing") == -2 * first.amount


def test_late_money_beside_money_in_time(ann_actor: Actor, bo: Shop) -> None:
    """Three pieces were set free again and one was sold since: two of three late payments find theirs."""
    tea = product_of(bo.merchant, stock=4)
    intime, *late = (opened(placed(ann_actor, (tea, 1))) for _ in range(4))
    for attempt in late:
        cancel(attempt, ann_actor)
    placed(ann_actor, (tea, 1))
    answers = settle_attempts([said(late[0]), said(intime), said(late[1]), said(late[2])], now=NOW)
    assert words(answers) == ["applied"] * 4
    states = [Trade.objects.get(pk=a.trade_id).state for a in (intime, *late)]
    assert states == ["paid", "paid", "paid", "cancelled"]
    supply = supply_of(variant_of(tea))
    assert (supply.free, supply.held, supply.sold) == (0, 1, 3)
    refund = Refund.objects.get()
    assert (refund.attempt_id, refund.reason) == (late[2].pk, "late")
    events = Move.objects.filter(subject_type="order", actor="gateway").values_list("event", flat=True)
    assert sorted(events) == ["pay", "revive", "revive"]


def cancel(attempt: Attempt, actor: Actor) -> None:
    """Take a trade back while its attempt is at the channel, as happens when it does not answer."""
    Attempt.objects.filter(pk=attempt.pk).update(state="closed", due_at=None)
    cancel_trade(attempt.trade_id, actor=actor, now=NOW)


def test_a_constant_number_of_statements(ann_actor: Actor, bo: Shop, cy: Shop) -> None:
    """Notices, trades, attempts, orders, lines, supplies, three moves, sales, entry, postings, balances, outcomes."""
    tea, bag = product_of(bo.merchant, stock=100), product_of(cy.merchant, stock=100)
    for count in (1, 12):
        attempts = [opened(placed(ann_actor, (tea, 1), (bag, 1))) for _ in range(count)]
        with statements() as sent:
            answers = settle_attempts([said(a, f"{count}-{n}") for n, a in enumerate(attempts)], now=NOW)
        assert words(answers) == ["applied"] * count
        assert len(sent) == 15, sent


def test_one_that_cannot_be_booked_spoils_no_other(
    ann_actor: Actor, bo: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    tea = product_of(bo.merchant)
    attempts = [opened(placed(ann_actor, (tea, 1))) for _ in range(3)]
    Order.objects.filter(trade=attempts[1].trade_id).update(terms={})  # nothing says when it must be shipped
    poison = ChannelResult("sandbox", "\x00", ChannelState.CAPTURED, 1, "CNY", event_id="E9")
    batch = [said(a, f"E{n}") for n, a in enumerate(attempts)]
    answers = settle_attempts([poison, *batch], now=NOW)
    assert words(answers) == ["payment_not_booked", "applied", "payment_not_booked", "applied"]
    assert [Trade.objects.get(pk=a.trade_id).state for a in attempts] == ["paid", "placed", "paid"]
    assert Attempt.objects.get(pk=attempts[1].pk).state == "pending" and Entry.objects.count() == 2
    assert set(ChannelEvent.objects.values_list("event_id", flat=True)) == {"E0", "E2"}, "it may be sent again"
    assert "cannot be booked" in caplog.text
    with pytest.raises(ValueError, match="does not say when"):
        settle_attempts(batch[1:2], now=NOW)


def test_nothing_happened(db: None) -> None:
    with statements() as sent:
        assert settling.settle_attempts([], now=NOW) == []
    assert sent == []
