"""The second person: what the statement of the bank says is booked."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.move import move
from wanku.audit.record import record
from wanku.flows.paying._clock import wait_no_longer
from wanku.flows.paying._elsewhere import paid_elsewhere, surely_unpaid
from wanku.flows.paying._transfers import GATEWAY, SAME_PERSON, hash_of, locked, send_back
from wanku.flows.paying.settle_attempt import settle_attempts
from wanku.flows.paying.settle_refund import settle_refund
from wanku.kernel.refusal import WRONG_STATE, Code, Refusal, gettext_noop
from wanku.orders.models import Trade
from wanku.payments.channel import ChannelResult, ChannelState, RefundResult, RefundState
from wanku.payments.models import Attempt, BankTransfer
from wanku.payments.states import CAPTURED, REPORTED

DIFFERS = Code(
    "transfer_differs",
    gettext_noop("This is not what was reported. Look at the statement again; decline the report if it is wrong."),
    409,
)
PAID, SENT_BACK = "paid", "sent_back"


def confirm_transfer(transfer_id: UUID, *, amount: int, booked_on: date, actor: Actor, now: datetime) -> str:
    """Book a transfer that somebody else reported; the second person reads amount and day from the statement again.

    Money that came in pays its order if it is the sum that was asked for. Another sum pays nothing: it goes back whole,
    as does a second transfer for the same payment, and what comes after the order was cancelled and its goods sold.
    The order may still be paid in its time. Money that left settles its refund; if the payment came through a channel,
    that is asked first whether it has paid the refund after all.

    Args:
        amount: minor units.

    Returns:
        ``paid``, ``sent_back``, or why it goes back: ``wrong_amount``, ``duplicate`` or ``late``.

    Raises:
        Refusal: ``not_allowed``, ``not_found``, ``wrong_state``, ``transfer_same_person``, ``transfer_differs`` with
            the field, ``refund_may_have_left``; nothing changed.
    """
    require(actor, Permission.TRANSFERS_HANDLE)
    _ask_channel(transfer_id, now)
    with transaction.atomic():
        transfer = locked(transfer_id)
        if transfer.maker == actor.person_id:
            raise Refusal(SAME_PERSON)
        for field, said, seen in (("amount", transfer.amount, amount), ("booked_on", transfer.booked_on, booked_on)):
            if said != seen:
                raise Refusal(DIFFERS, field=field)
        outcome = _came(transfer, now) if transfer.refund is None else _left(transfer, actor, now)
        transfer.checker, transfer.decided_at, transfer.outcome = actor.person_id, now, outcome
        transfer.save(update_fields=["checker", "decided_at", "outcome"])
        move(transfer, "confirm", by=actor.as_platform(), now=now, because=outcome, facts={"amount": amount})
        if transfer.refund is None and outcome != PAID:
            wait_no_longer(Trade.objects.select_for_update(no_key=True).get(pk=transfer.attempt.trade_id), now)
        record(
            "confirm_transfer",
            actor_id=actor.person_id,
            subject_type="bank_transfer",
            subject_id=transfer.pk,
            facts={"outcome": outcome, "amount": amount, "reference": transfer.reference, "maker": transfer.maker},
            now=now,
        )
    return outcome


def _ask_channel(transfer_id: UUID, now: datetime) -> None:
    rows = BankTransfer.objects.select_related("refund__attempt").filter(pk=transfer_id, state=REPORTED)
    transfer = rows.filter(refund__isnull=False).exclude(refund__attempt__gateway=GATEWAY).first()
    if transfer is not None and transfer.refund is not None:
        surely_unpaid(transfer.refund, now)


def _came(transfer: BankTransfer, now: datetime) -> str:
    trade = Trade.objects.select_for_update(no_key=True).get(pk=transfer.attempt.trade_id)
    attempt = Attempt.objects.select_for_update(no_key=True).get(pk=transfer.attempt_id)
    if attempt.state == CAPTURED:
        return send_back(transfer, trade, "duplicate", now)
    if (transfer.amount, transfer.currency) != (attempt.amount, attempt.currency):
        return send_back(transfer, trade, "wrong_amount", now)
    said = ChannelResult(
        GATEWAY,
        attempt.number,
        ChannelState.CAPTURED,
        transfer.amount,
        transfer.currency,
        channel_ref=transfer.reference,
        event_id=str(transfer.pk),
        event_hash=hash_of(transfer),
    )
    answer = settle_attempts([said], now=now)[0]
    if isinstance(answer, Refusal):
        raise answer
    attempt.refresh_from_db()
    return attempt.refunds.get(order=None).reason if attempt.duplicate else PAID


def _left(transfer: BankTransfer, actor: Actor, now: datetime) -> str:
    refund = transfer.refund
    if refund is None:
        raise ValueError("it came in")
    if transfer.attempt.gateway != GATEWAY:
        paid_elsewhere(transfer, refund.pk, actor=actor, now=now)
        return SENT_BACK
    said = RefundResult(
        refund.number,
        RefundState.SUCCEEDED,
        channel_ref=transfer.reference,
        gateway=GATEWAY,
        amount=transfer.amount,
        event_id=str(transfer.pk),
        event_hash=hash_of(transfer),
    )
    if settle_refund(said, now=now) != "applied":
        refund.refresh_from_db()
        raise Refusal(WRONG_STATE, state=refund.state)
    return SENT_BACK
