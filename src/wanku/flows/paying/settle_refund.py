"""The one path by which a refund becomes real when the channel tells us of it."""

from datetime import datetime

from wanku.flows.paying._refund import settle
from wanku.kernel.refusal import Code, Refusal, gettext_noop
from wanku.payments.channel import RefundResult
from wanku.payments.models import Refund

UNKNOWN_REFUND = Code("unknown_refund", gettext_noop("There is no such refund here."), 404)
REFUND_MISMATCH = Code("refund_mismatch", gettext_noop("The amount differs from what was to go back."), 409)


def settle_refund(result: RefundResult, *, now: datetime) -> str:
    """Act on what a channel says of a refund. Saying it again has no further effect (invariant I7).

    Returns:
        what came of it: ``applied`` or ``ignored``.

    Raises:
        Refusal: ``unknown_refund``, ``refund_mismatch``; nothing changed.
    """
    refund = Refund.objects.filter(number=result.number, attempt__gateway=result.gateway).first()
    if refund is None:
        raise Refusal(UNKNOWN_REFUND)
    if result.amount is not None and result.amount != refund.amount:
        raise Refusal(REFUND_MISMATCH)
    return "applied" if settle(refund, result, now) else "ignored"
