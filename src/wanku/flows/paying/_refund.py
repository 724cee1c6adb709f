"""Committing the intent of a refund, taking it up when its clock runs out, and sending it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from wanku.audit.move import By, Step, move, move_all
from wanku.audit.rules import current
from wanku.flows.paying._money import book_refunded
from wanku.kernel.ids import new_number
from wanku.kernel.refusal import Code, Refusal, gettext_noop
from wanku.kernel.states import CLOCK, GATEWAY, SYSTEM
from wanku.orders.models import Order
from wanku.payments.channel import ChannelDown, RefundCall, RefundResult, RefundState
from wanku.payments.gateways import GATEWAYS
from wanku.payments.models import Attempt, Refund
from wanku.payments.states import CREATED, FAILED, SENT, STUCK

TRIES_MAX = 5
WAIT_SECONDS_MAX = 6 * 3600
ASKED_MAX = 40
"""Times that a channel is asked about a refund of which it says nothing final; that is more than a week."""
REFUND_MISMATCH = Code("refund_mismatch", gettext_noop("The amount differs from what was to go back."), 409)


def intend_refund(attempt: Attempt, *, order: Order | None, amount: int, reason: str, now: datetime) -> Refund:
    """Write a refund that is due at once. Amount in minor units; the caller has checked it and holds the locks."""
    return Refund.objects.create(
        attempt=attempt,
        trade_id=attempt.trade_id,
        order=order,
        number=new_number(now),
        currency=attempt.currency,
        amount=amount,
        reason=reason,
        state=CREATED,
        due_at=now,
        created_at=now,
    )


class Taken(NamedTuple):
    """A refund that was taken up.

    Attributes:
        anew: whether it is to be sent (again), rather than asked about.
    """

    refund: Refund
    anew: bool


def take(due: QuerySet[Refund], now: datetime, limit: int) -> Sequence[Taken]:
    """Commit that due refunds are being sent; the next clocks ask again. Those that another sweeper holds are its own.

    Stuck ones are reminded of, failed ones are tried again or handed to finance, as are those of which the channel
    never says what became of them.
    """
    with transaction.atomic():
        free = due.select_related("attempt", "order").order_by("due_at")
        refunds = list(free.select_for_update(no_key=True, skip_locked=True, of=("self",))[:limit])
        look = _later("late_reminder", now, 0)
        _move(refunds, STUCK, "remind", now, look)
        _move([refund for refund in refunds if refund.tries >= TRIES_MAX], FAILED, "give_up", now, look)
        _move([refund for refund in refunds if refund.tries >= ASKED_MAX], SENT, "give_up", now, look)
        _move(refunds, FAILED, "retry", now, now)
        going = [refund for refund in refunds if refund.state in (CREATED, SENT)]
        anew = {refund.pk for refund in going if refund.state == CREATED}
        for refund in going:
            refund.tries += 1
        Refund.objects.bulk_update(going, ["tries"])
        for state, event, kind in ((SENT, "ask", CLOCK), (CREATED, "send", SYSTEM)):
            steps = [Step(r, due_at=_later("refund_retry", now, r.tries)) for r in going if r.state == state]
            move_all(steps, event, by=By(kind), now=now)
    return [Taken(refund, refund.pk in anew) for refund in refunds]


def _move(refunds: Sequence[Refund], state: str, event: str, now: datetime, due_at: datetime) -> None:
    steps = [Step(refund, due_at=due_at) for refund in refunds if refund.state == state]
    move_all(steps, event, by=By(CLOCK), now=now)


def send(taken: Taken, now: datetime) -> None:
    """Call the channel for one that was taken up, outside any transaction, and act on its answer.

    Whoever sends again asks first, since an earlier try may have succeeded. A stuck one is only asked about.

    Raises:
        Refusal: ``refund_mismatch``; nothing changed.
    """
    refund = taken.refund
    if refund.state not in (SENT, STUCK):
        return
    channel, call = GATEWAYS[refund.attempt.gateway], call_for(refund)
    again = (RefundState.UNKNOWN, RefundState.FAILED) if taken.anew else (RefundState.UNKNOWN,)
    try:
        result = channel.query_refund(call) if refund.tries > 1 else None
        if refund.state == SENT and (result is None or result.state in again):
            result = channel.refund(call)
    except ChannelDown:
        return
    if result is not None:
        settle(refund, result, now)


def call_for(refund: Refund) -> RefundCall:
    """What the channel is told of a refund, the same on every try."""
    return RefundCall(
        number=refund.number,
        payment_number=refund.attempt.number,
        amount=refund.amount,
        payment_amount=refund.attempt.amount,
        currency=refund.currency,
        reason=refund.reason,
        payment_ref=refund.attempt.channel_ref,
        notify_url=f"{settings.PUBLIC_URL}/hooks/payments/{refund.attempt.gateway}",
    )


def settle(sent: Refund, result: RefundResult, now: datetime) -> bool:
    """Act on what the channel says of a refund; whether it had an effect. Saying it again has none (invariant I7).

    Raises:
        Refusal: ``refund_mismatch``; nothing changed.
    """
    if result.amount is not None and result.amount != sent.amount:
        raise Refusal(REFUND_MISMATCH)
    with transaction.atomic():
        rows = Refund.objects.select_for_update(no_key=True, of=("self",)).select_related("attempt", "order")
        refund = rows.get(pk=sent.pk)
        if refund.state not in (SENT, FAILED, STUCK) or (refund.state != SENT and result.state == RefundState.FAILED):
            return False
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
        else:
            return False
    return True


def _later(clock: str, now: datetime, tries: int) -> datetime:
    """The next time to look: the clock, doubled with every try, at most six hours."""
    seconds = current()[clock]
    return now + timedelta(seconds=min(seconds * 2 ** max(0, tries - 1), max(seconds, WAIT_SECONDS_MAX)))
