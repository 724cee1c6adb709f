"""The one path by which a payment becomes real, whether the channel told us or we asked."""

from datetime import datetime

from django.db import transaction

from wanku.audit.move import By, move
from wanku.flows.paying._capture import capture
from wanku.kernel.refusal import Code, Refusal, gettext_noop
from wanku.kernel.states import GATEWAY
from wanku.orders.models import Trade
from wanku.payments.channel import ChannelResult, ChannelState
from wanku.payments.models import Attempt, ChannelEvent
from wanku.payments.states import CAPTURED, CREATED, PENDING

UNKNOWN_PAYMENT = Code("unknown_payment", gettext_noop("There is no such payment here."), 404)
MISMATCH = Code("payment_mismatch", gettext_noop("Amount or currency differ from what was asked."), 409)


def settle_attempt(result: ChannelResult, *, now: datetime) -> str:
    """Act on what a channel says of a payment. Saying it again has no further effect (invariant I7).

    Returns:
        what came of it: ``applied``, ``repeated`` or ``ignored``.

    Raises:
        Refusal: ``unknown_payment``, ``payment_mismatch``; the event is kept with that outcome, nothing else changed.
    """
    refusal: Refusal | None = None
    with transaction.atomic():
        event = _remember(result, now)
        # Only an effect is final: what did not fit is judged anew, so that the channel keeps hearing that it does not.
        if event is not None and event.outcome == "applied":
            return "repeated"
        try:
            outcome = _settle(result, now)
        except Refusal as no:
            refusal, outcome = no, no.code.name
        if event is not None:
            event.outcome = outcome
            event.save(update_fields=["outcome"])
    if refusal is not None:
        raise refusal
    return outcome


def _remember(result: ChannelResult, now: datetime) -> ChannelEvent | None:
    """Keep the notice and lock its row, so that a hundred copies in parallel take turns."""
    if not result.event_id:
        return None
    ChannelEvent.objects.bulk_create(
        [
            ChannelEvent(
                gateway=result.gateway,
                event_id=result.event_id,
                kind=result.state.value,
                body_hash=result.event_hash,
                received_at=now,
            )
        ],
        ignore_conflicts=True,
    )
    return ChannelEvent.objects.select_for_update(no_key=True).get(gateway=result.gateway, event_id=result.event_id)


def _settle(result: ChannelResult, now: datetime) -> str:
    found = Attempt.objects.filter(gateway=result.gateway, number=result.number).values("pk", "trade_id").first()
    if found is None:
        raise Refusal(UNKNOWN_PAYMENT)
    trade = Trade.objects.select_for_update(no_key=True).get(pk=found["trade_id"])
    attempt = Attempt.objects.select_for_update(no_key=True).get(pk=found["pk"])
    if attempt.state == CAPTURED:
        return "repeated"
    if result.state == ChannelState.CAPTURED:
        if (result.amount, result.currency) != (attempt.amount, attempt.currency):
            raise Refusal(MISMATCH)
        attempt.channel_ref = result.channel_ref
        attempt.captured_at = now
        attempt.save(update_fields=["channel_ref", "captured_at"])
        capture(attempt, trade, now)
        return "applied"
    if result.state == ChannelState.FAILED and attempt.state in (CREATED, PENDING):
        attempt.failure = result.failure or "refused"
        attempt.save(update_fields=["failure"])
        move(attempt, "fail", by=By(GATEWAY), now=now, because=attempt.failure)
        return "applied"
    return "ignored"
