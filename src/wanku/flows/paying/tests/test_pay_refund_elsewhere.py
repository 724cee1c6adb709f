"""Refunds of which a channel says nothing, or no: finance takes them up, and may pay another way."""

from datetime import datetime, timedelta

import pytest

from tests.bought import opened, placed
from tests.cast import NOW, Shop, product_of
from tests.sale import balance
from tests.scripted import Scripted
from wanku.access.actor import Actor
from wanku.audit.models import Act, Move
from wanku.flows.buying.withdraw_order import withdraw_order
from wanku.flows.paying._refund import ASKED_MAX
from wanku.flows.paying.pay_refund_elsewhere import pay_refund_elsewhere
from wanku.flows.paying.retry_refund import retry_refund
from wanku.flows.paying.send_due_refunds import send_due_refunds
from wanku.flows.paying.settle_attempt import settle_attempt
from wanku.flows.proving.prove_books import prove_books
from wanku.kernel.refusal import Refusal
from wanku.payments.channel import ChannelState, RefundState
from wanku.payments.models import Attempt, Refund

pytestmark = pytest.mark.django_db


@pytest.fixture
def refund(scripted: Scripted, ann_actor: Actor, bo: Shop) -> Refund:
    """Of an order that was paid through the scripted channel."""
    attempt = opened(placed(ann_actor, (product_of(bo.merchant), 1)))
    Attempt.objects.update(gateway="scripted")
    scripted.states[attempt.number] = ChannelState.CAPTURED
    scripted.paid[attempt.number] = (attempt.amount, "CNY")
    settle_attempt(scripted.result(attempt.number), now=NOW)
    withdraw_order(attempt.trade.orders.get().pk, actor=ann_actor, because="x", now=NOW)
    return Refund.objects.get()


def run(start: datetime, turns: int) -> datetime:
    """Let the clock come round so often."""
    for _ in range(turns):
        start += timedelta(hours=7)
        send_due_refunds(now=start, limit=10)
    return start


def stuck(scripted: Scripted, refund: Refund) -> datetime:
    """The channel says no until it is finance's."""
    scripted.next_refund = RefundState.FAILED
    at = run(NOW, 8)
    assert Refund.objects.get(pk=refund.pk).state == "stuck"
    return at


def elsewhere(refund: Refund, actor: Actor, now: datetime, **fields: str) -> None:
    fields = {"reference": "ICBC-20261122-0007", "because": "买家 11 月 22 日电话同意", **fields}
    pay_refund_elsewhere(refund.pk, actor=actor, now=now, **fields)


def test_a_failed_refund_is_really_sent_again(scripted: Scripted, refund: Refund) -> None:
    scripted.next_refund = RefundState.FAILED
    run(NOW, 3)
    assert scripted.sent[refund.number] == 3, "asked before each, and sent each time that it had failed"
    scripted.next_refund = RefundState.SUCCEEDED
    run(NOW + timedelta(days=1), 1)
    assert Refund.objects.get(pk=refund.pk).state == "succeeded"


def test_unknown_is_settled_by_asking_and_never_sent_twice(scripted: Scripted, refund: Refund) -> None:
    scripted.lost = {"refund"}
    at = run(NOW, 1)
    assert (Refund.objects.get().state, scripted.sent) == ("sent", {refund.number: 1})
    run(at, 1)
    assert (Refund.objects.get().state, scripted.sent) == ("succeeded", {refund.number: 1})


def test_one_of_which_nothing_is_heard_for_a_week_is_finances_and_still_asked_about(
    scripted: Scripted, refund: Refund
) -> None:
    scripted.next_refund = RefundState.PROCESSING
    at = run(NOW, ASKED_MAX + 1)
    assert Refund.objects.get().state == "stuck"
    assert scripted.sent == {refund.number: 1}
    scripted.refunds[refund.number] = RefundState.SUCCEEDED
    run(at + timedelta(days=1), 1)
    assert (Refund.objects.get().state, balance("buyer:refunds_due")) == ("succeeded", 0)


def test_paid_another_way(scripted: Scripted, refund: Refund, di_actor: Actor) -> None:
    at = stuck(scripted, refund)
    elsewhere(refund, di_actor, at)
    refund.refresh_from_db()
    assert (refund.state, refund.route, refund.reference) == ("succeeded", "transfer", "ICBC-20261122-0007")
    assert (balance("buyer:refunds_due"), balance("bank:main")) == (0, refund.amount)
    assert balance("gateway:scripted:clearing") == -refund.amount, "the channel has not paid it"
    assert Act.objects.get(verb="pay_refund_elsewhere").because.endswith("同意")
    assert Move.objects.filter(event="pay_elsewhere").count() == 1
    assert not [check for check in prove_books() if check.wrong]
    with pytest.raises(Refusal, match="wrong_state"):
        elsewhere(refund, di_actor, at)


@pytest.mark.parametrize(("state", "down"), [("processing", False), ("failed", True)])
def test_not_while_the_channel_may_have_paid(
    scripted: Scripted, refund: Refund, di_actor: Actor, state: str, down: bool
) -> None:
    at = stuck(scripted, refund)
    scripted.refunds[refund.number] = RefundState(state)
    scripted.down = {"query_refund"} if down else set()
    with pytest.raises(Refusal, match="refund_may_have_left"):
        elsewhere(refund, di_actor, at)
    assert (Refund.objects.get().state, balance("bank:main")) == ("stuck", 0)


def test_not_when_it_arrived_meanwhile(scripted: Scripted, refund: Refund, di_actor: Actor) -> None:
    at = stuck(scripted, refund)
    scripted.refunds[refund.number] = RefundState.SUCCEEDED
    with pytest.raises(Refusal, match="wrong_state"):
        elsewhere(refund, di_actor, at)
    refund.refresh_from_db()
    assert (refund.state, refund.route, balance("bank:main")) == ("succeeded", "", 0)


def test_who_may_and_what_is_needed(scripted: Scripted, refund: Refund, bo: Shop, di_actor: Actor) -> None:
    with pytest.raises(Refusal, match="wrong_state"):
        elsewhere(refund, di_actor, NOW)
    at = stuck(scripted, refund)
    for actor, fields, code in (
        (bo.actor, {}, "not_allowed"),
        (di_actor, {"because": ""}, "bad_value"),
        (di_actor, {"reference": "1"}, "bad_value"),
    ):
        with pytest.raises(Refusal, match=code):
            elsewhere(refund, actor, at, **fields)
    assert Refund.objects.get().state == "stuck"
    retry_refund(refund.pk, actor=di_actor, because="bank says ok", now=at)
    assert Refund.objects.get().state == "created"
