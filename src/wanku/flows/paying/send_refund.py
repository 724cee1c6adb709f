"""Sending a refund to the channel, and asking about it until it is settled."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from wanku.audit.move import By, move
from wanku.audit.rules import current
from wanku.flows.paying._money import book_refunded
from wanku.kernel.states import CLOCK, GATEWAY, SYSTEM
from wanku.payments.channel import ChannelDown, RefundCall, RefundResult, RefundState
from wanku.payments.gateways import GATEWAYS
from wanku.payments.models import Refund
from wanku.payments.states import CREATED, FAILED, SENT, STUCK

TRIES_MAX = 5
WAIT_SECONDS_MAX = 6 * 3600


def send_refund(refund_id: UUID, *, now: datetime) -> None:
    """Bring a due refund one step further. Safe to call at any time, by many at once, and after a crash.

    The intent is committed before the channel is called and nothing is locked meanwhile; the same number goes out
    on every retry, so the channel pays once. An unknown outcome is settled by asking. After the last try the
    refund is finance's.
    """
    refund = _take(refund_id, now)
    if refund is None:
        return
    channel = GATEWAYS[refund.attempt.gateway]
    try:
        if refund.tries > 1:
            result = channel.query_refund(refund.number)
            if result.state == RefundState.UNKNOWN:
                result = channel.refund(_call(refund))
        else:
            result = channel.refund(_call(refund))
    except ChannelDown:
        return
    _settle(refund_id, result, now)


def _take(refund_id: UUID, now: datetime) -> Refund | None:
    """Commit that it is being sent; the next clock asks again."""
    with transaction.atomic():
        refund = (
            Refund.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
            .select_related("attempt", "order")
            .filter(pk=refund_id)
            .first()
        )
        if refund is None or refund.due_at is None or refund.due_at > now:
            return None
        if refund.state == STUCK:
            move(refund, "remind", by=By(CLOCK), now=now, due_at=_later("late_reminder", now, 0))
            return None
        if refund.state == FAILED:
            if refund.tries >= TRIES_MAX:
                move(refund, "give_up", by=By(CLOCK), now=now, due_at=_later("late_reminder", now, 0))
                return None
            move(refund, "retry", by=By(CLOCK), now=now, due_at=now)
        refund.tries += 1
        refund.save(update_fields=["tries"])
        event, kind = ("send", SYSTEM) if refund.state == CREATED else ("ask", CLOCK)
        move(refund, event, by=By(kind), now=now, due_at=_later("refund_retry", now, refund.tries))
        return refund


def _call(refund: Refund) -> RefundCall:
    return RefundCall(
        number=refund.number,
        payment_number=refund.attempt.number,
        amount=refund.amount,
        payment_amount=refund.attempt.amount,
        currency=refund.currency,
        reason=refund.reason,
    )


def _settle(refund_id: UUID, result: RefundResult, now: datetime) -> None:
    with transaction.atomic():
        refund = (
            Refund.objects.select_for_update(no_key=True, of=("self",))
            .select_related("attempt", "order")
            .get(pk=refund_id)
        )
        if refund.state != SENT:
            return
        if result.state == RefundState.SUCCEEDED:
            refund.channel_ref = result.channel_ref
            refund.succeeded_at = now
            refund.save(update_fields=["channel_ref", "succeeded_at"])
            move(refund, "succeed", by=By(GATEWAY), now=now, facts={"amount": refund.amount})
            book_refunded(refund, now)
        elif result.state == RefundState.FAILED:
            refund.failure = result.failure or "refused"
            refund.save(update_fields=["failure"])
            later = _later("refund_retry", now, refund.tries)
            move(refund, "fail", by=By(GATEWAY), now=now, due_at=later, because=refund.failure)


def _later(clock: str, now: datetime, tries: int) -> datetime:
    """The next time to look: the clock, doubled with every try, at most six hours."""
    seconds = current()[clock]
    return now + timedelta(seconds=min(seconds * 2 ** max(0, tries - 1), max(seconds, WAIT_SECONDS_MAX)))
