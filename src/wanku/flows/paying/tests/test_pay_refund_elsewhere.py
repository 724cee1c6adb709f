"""Refunds of which a channel says nothing, or no: finance takes them up, and may pay another way."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.bought import opened, placed
from tests.cast import NOW, Shop, product_of
from tests.sale import balance
from tests.scripted import Scripted
from tests.transfers import DAY, Desk, desk
from wanku.access.actor import Actor
from wanku.audit.models import Act, Move
from wanku.flows.buying.withdraw_order import withdraw_order
from wanku.flows.paying._refund import ASKED_MAX
from wanku.flows.paying.confirm_transfer import confirm_transfer
from wanku.flows.paying.decline_transfer import decline_transfer
from wanku.flows.paying.pay_refund_elsewhere import pay_refund_elsewhere
from wanku.flows.paying.retry_refund import retry_refund
from wanku.flows.paying.send_due_refunds import send_due_refunds
from wanku.flows.paying.settle_attempt import settle_attempt
from wanku.flows.proving.prove_books import prove_books
from wanku.kernel.refusal import Refusal
from wanku.payments.channel import ChannelState, RefundState
from wanku.payments.models import Attempt, BankTransfer, Refund

__all__ = ["desk"]
pytestmark = pytest.mark.django_db
AGREED = "买家 11 月 22 日电话同意"


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


def elsewhere(refund: Refund, desk: Desk, now: datetime, because: str = AGREED, **line: Any) -> BankTransfer:
    """Fay transferred it."""
    amount = line.pop("amount", refund.amount)
    return pay_refund_elsewhere(refund.pk, desk.line(amount, **line), because=because, actor=desk.fay, now=now)


def nothing_left(refund: Refund) -> None:
    """Still stuck, still owed."""
    refund.refresh_from_db()
    assert (refund.state, refund.route, refund.succeeded_at) == ("stuck", "", None)
    assert (balance("buyer:refunds_due"), balance("bank:main")) == (refund.amount, 0)


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


def test_paid_another_way_by_two_people(scripted: Scripted, refund: Refund, desk: Desk) -> None:
    at = stuck(scripted, refund)
    transfer = elsewhere(refund, desk, at, reference="ICBC-20261122-0007")
    assert (transfer.note, transfer.attempt_id) == (AGREED, refund.attempt_id)
    nothing_left(refund)
    with pytest.raises(Refusal, match="transfer_same_person"):
        confirm_transfer(transfer.pk, amount=refund.amount, booked_on=DAY, actor=desk.fay, now=at)
    nothing_left(refund)
    assert desk.confirm(transfer, at) == "sent_back"
    refund.refresh_from_db()
    assert (refund.state, refund.route, refund.reference) == ("succeeded", "transfer", "ICBC-20261122-0007")
    assert (balance("buyer:refunds_due"), balance("bank:main")) == (0, refund.amount)
    assert balance("gateway:scripted:clearing") == -refund.amount, "the channel has not paid it"
    assert Act.objects.get(verb="pay_refund_elsewhere").because == AGREED
    assert Act.objects.get(verb="confirm_transfer").actor_id == desk.max.person_id
    assert Move.objects.filter(event="pay_elsewhere").count() == 1
    assert not [check for check in prove_books() if check.wrong]
    for again in (lambda: elsewhere(refund, desk, at), lambda: desk.confirm(transfer, at)):
        with pytest.raises(Refusal, match="wrong_state"):
            again()


def test_while_it_is_reported_it_is_neither_sent_nor_reported_again(
    scripted: Scripted, refund: Refund, desk: Desk
) -> None:
    at = stuck(scripted, refund)
    transfer = elsewhere(refund, desk, at)
    scripted.next_refund = RefundState.SUCCEEDED
    with pytest.raises(Refusal, match="refund_transfer_waits"):
        retry_refund(refund.pk, actor=desk.max, because="再试一次", now=at)
    with pytest.raises(Refusal, match="transfer_known"):
        elsewhere(refund, desk, at)
    run(at, 3)
    nothing_left(refund)
    decline_transfer(transfer.pk, because="流水里没有", actor=desk.max, now=at)
    retry_refund(refund.pk, actor=desk.max, because="再试一次", now=at)
    assert Refund.objects.get().state == "created"


@pytest.mark.parametrize(("state", "down"), [("processing", False), ("failed", True)])
@pytest.mark.parametrize("reported", [True, False])
def test_not_while_the_channel_may_have_paid(
    scripted: Scripted, refund: Refund, desk: Desk, state: str, down: bool, reported: bool
) -> None:
    at = stuck(scripted, refund)
    transfer = elsewhere(refund, desk, at) if reported else None
    scripted.refunds[refund.number] = RefundState(state)
    scripted.down = {"query_refund"} if down else set()
    with pytest.raises(Refusal, match="refund_may_have_left"):
        desk.confirm(transfer, at) if transfer else elsewhere(refund, desk, at)
    nothing_left(refund)
    assert BankTransfer.objects.filter(state="reported").count() == int(reported)


@pytest.mark.parametrize("reported", [True, False])
def test_not_when_it_arrived_meanwhile(scripted: Scripted, refund: Refund, desk: Desk, reported: bool) -> None:
    at = stuck(scripted, refund)
    transfer = elsewhere(refund, desk, at) if reported else None
    scripted.refunds[refund.number] = RefundState.SUCCEEDED
    with pytest.raises(Refusal, match="wrong_state"):
        desk.confirm(transfer, at) if transfer else elsewhere(refund, desk, at)
    refund.refresh_from_db()
    assert (refund.state, refund.route, balance("bank:main")) == ("succeeded", "", 0)


def test_who_may_and_what_is_needed(scripted: Scripted, refund: Refund, desk: Desk, bo: Shop) -> None:
    with pytest.raises(Refusal, match="wrong_state"):
        elsewhere(refund, desk, NOW)
    at = stuck(scripted, refund)
    for line, because, code in (
        ({}, "", "bad_value"),
        ({"reference": "1"}, AGREED, "bad_value"),
        ({"reference": "1" * 61}, AGREED, "bad_value"),
        ({"amount": refund.amount + 1}, AGREED, "transfer_not_the_sum"),
    ):
        with pytest.raises(Refusal, match=code):
            elsewhere(refund, desk, at, because, **line)
    with pytest.raises(Refusal, match="not_allowed"):
        pay_refund_elsewhere(refund.pk, desk.line(refund.amount), because=AGREED, actor=bo.actor, now=at)
    nothing_left(refund)
    assert not BankTransfer.objects.exists()
