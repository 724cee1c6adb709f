"""The one path by which a refund becomes real when the channel tells us of it."""

from datetime import datetime

from django.db import transaction

from wanku.flows.paying import _sql
from wanku.flows.paying._refund import settle
from wanku.kernel.refusal import Code, Refusal, gettext_noop
from wanku.payments.channel import RefundResult
from wanku.payments.models import Refund

UNKNOWN_REFUND = Code("unknown_refund", gettext_noop("There is no such refund here."), 404)


def settle_refund(result: RefundResult, *, now: datetime) -> str:
    """Act on what a channel says of a refund. Saying it again has no further effect (invariant I7).

    Returns:
        what came of it: ``applied``, ``repeated`` or ``ignored``.

    Raises:
        Refusal: ``unknown_refund``, ``refund_mismatch``; the event is kept with that outcome, nothing else changed.
    """
    notice = (result.gateway, result.event_id)
    with transaction.atomic():
        known = _sql.keep_notices([result], now)
        # As with payments, only an effect is final: what did not fit is judged anew.
        if known.get(notice) == "applied":
            return "repeated"
        answer = _decide(result, now)
        if result.event_id:
            _sql.note_outcomes({notice: answer.code.name if isinstance(answer, Refusal) else answer})
    if isinstance(answer, Refusal):
        raise answer
    return answer


def _decide(result: RefundResult, now: datetime) -> str | Refusal:
    refund = Refund.objects.filter(number=result.number, attempt__gateway=result.gateway).first()
    if refund is None:
        return Refusal(UNKNOWN_REFUND)
    try:
        return "applied" if settle(refund, result, now) else "ignored"
    except Refusal as no:
        return no
