"""Carrying out what finance decided about a difference."""

from datetime import datetime
from typing import Final, TypeVar

from wanku.access.actor import Actor
from wanku.audit.move import By, move
from wanku.flows.paying._money import unwanted
from wanku.flows.paying._refund import call_for, intend_refund, send, take
from wanku.flows.paying._sql import AttemptRow
from wanku.flows.paying.ask_channel import ask_channel
from wanku.flows.paying.retry_refund import retry_refund
from wanku.flows.reconciling.fetch_bill import NO_ANSWER
from wanku.kernel.refusal import Code, Refusal, gettext_noop
from wanku.kernel.states import GATEWAY
from wanku.ledger.post import Line, clearing, post, post_all
from wanku.orders.models import Trade
from wanku.payments.channel import ChannelDown, ChannelState, RefundState
from wanku.payments.gateways import GATEWAYS
from wanku.payments.models import Attempt, Refund
from wanku.payments.states import CAPTURED, FAILED, STUCK, SUCCEEDED
from wanku.reconciliation.models import FinanceCase
from wanku.reconciliation.policy import PAYMENT, WRITE_OFFS, Resolution

T = TypeVar("T")
ACT: Final = {Resolution.WRITE_OFF: "write_off", Resolution.EXPLAINED: "explanation"}
"""How the trail of acts names what takes two people."""
DENIED = Code(
    "channel_denies",
    gettext_noop("The channel was asked and does not say what its bill says; nothing was booked."),
    409,
)


def settle_by_asking(case: FinanceCase, *, actor: Actor, because: str, now: datetime) -> None:
    """Ask the channel and settle what it says by the ordinary path; late or second money goes back by itself.

    Raises:
        Refusal: ``channel_denies``, ``bill_not_answered``; ``payment_mismatch`` where the channel has another amount.
    """
    try:
        settled = _ask_payment(case, now) if case.subject == PAYMENT else _ask_refund(case, actor, because, now)
    except ChannelDown as down:
        raise Refusal(NO_ANSWER) from down
    if not settled:
        raise Refusal(DENIED)


def _ask_payment(case: FinanceCase, now: datetime) -> bool:
    attempt = _given(case.attempt)
    ask_channel(attempt.pk, now=now)
    return Attempt.objects.filter(pk=attempt.pk, state=CAPTURED).exists()


def _ask_refund(case: FinanceCase, actor: Actor, because: str, now: datetime) -> bool:
    refund = _given(case.refund)
    if refund.state in (STUCK, FAILED):
        retry_refund(refund.pk, actor=actor, because=because, now=now)
    for each in take(Refund.objects.filter(pk=refund.pk), now, 1):
        send(each, now)
    return Refund.objects.filter(pk=refund.pk, state=SUCCEEDED).exists()


def send_again(case: FinanceCase) -> None:
    """Ask the channel for a refund that its bill does not have, by the same number, so that it never pays twice.

    Raises:
        Refusal: ``bill_not_answered``; ``channel_denies`` when it refuses to pay.
    """
    refund = _given(case.refund)
    channel, call = GATEWAYS[case.gateway], call_for(refund)
    try:
        result = channel.query_refund(call)
        if result.state == RefundState.UNKNOWN:
            result = channel.refund(call)
    except ChannelDown as down:
        raise Refusal(NO_ANSWER) from down
    if result.state not in (RefundState.SUCCEEDED, RefundState.PROCESSING):
        raise Refusal(DENIED)


def confirm_amount(case: FinanceCase) -> str:
    """The channel's own number of a payment that it took otherwise than asked, by its own word.

    Raises:
        Refusal: ``channel_denies`` unless it says what its bill says; ``bill_not_answered``.
    """
    try:
        result = GATEWAYS[case.gateway].query(_given(case.attempt).known)
    except ChannelDown as down:
        raise Refusal(NO_ANSWER) from down
    if (result.state, result.amount, result.currency) != (ChannelState.CAPTURED, case.theirs, case.currency):
        raise Refusal(DENIED)
    return result.channel_ref


def take_in_and_return(case: FinanceCase, *, channel_ref: str, now: datetime) -> None:
    """Book money that came in otherwise than asked as owed to its buyer, and send all of it back.

    It pays no order: the attempt from now on says what was really paid. Inside the caller's transaction.

    Raises:
        Refusal: ``channel_denies`` when the payment was settled meanwhile.
    """
    known = _given(case.attempt)
    Trade.objects.select_for_update(no_key=True).get(pk=known.trade_id)
    attempt = Attempt.objects.select_for_update(no_key=True).get(pk=known.pk)
    if attempt.state == CAPTURED:
        raise Refusal(DENIED)
    asked, attempt.amount = attempt.amount, case.theirs or 0
    attempt.duplicate, attempt.channel_ref, attempt.captured_at = True, channel_ref, now
    attempt.save(update_fields=["amount", "duplicate", "channel_ref", "captured_at"])
    facts = {"asked": asked, "paid": attempt.amount}
    move(attempt, "capture", by=By(GATEWAY), now=now, because="wrong_amount", facts=facts)
    intend_refund(attempt, order=None, amount=attempt.amount, reason="wrong_amount", now=now)
    row = AttemptRow(
        attempt.pk,
        attempt.number,
        attempt.gateway,
        attempt.trade_id,
        attempt.currency,
        attempt.amount,
        attempt.state,
    )
    post_all([unwanted(row)], now=now)


def write_off(case: FinanceCase, *, now: datetime) -> None:
    """Bring the clearing account to what the channel has, at the platform's gain or loss."""
    correction = case.correction
    post(
        key=f"write_off:{case.pk}",
        reason="write_off",
        ref_type="finance_case",
        ref_id=case.pk,
        currency=case.currency,
        lines=[Line(clearing(case.gateway), correction), Line(WRITE_OFFS, -correction)],
        now=now,
        facts={"kind": case.kind, "number": case.number},
    )


def _given(value: T | None) -> T:
    if value is None:
        raise Refusal(DENIED)
    return value
