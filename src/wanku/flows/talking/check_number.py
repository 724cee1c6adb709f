"""Whether a number that somebody was shown is one of ours."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from wanku.access.count_guess import count_guess
from wanku.invoices.models import Invoice
from wanku.kernel.ids import clean_number
from wanku.kernel.refusal import TOO_OFTEN, Refusal
from wanku.orders.models import Order, Trade
from wanku.payments.models import Attempt, Refund

LIMIT: Final = 30
PER: Final = timedelta(hours=1)


def check_number(text: str, *, source: str, now: datetime) -> str | None:
    """Of what kind a number is: ``order``, ``payment``, ``refund`` or ``invoice``; none when we never gave it out.

    Nothing else is told of it, neither whose it is nor how it stands. Numbers carry ten random digits, and whoever
    asks is counted, so nothing is found by trying.

    Args:
        source: network address of who asks.

    Raises:
        Refusal: ``too_often``.
    """
    number = clean_number(text)
    if number is None:
        return None
    with transaction.atomic():
        again = count_guess("check_number", source, limit=LIMIT, per=PER, now=now)
    if again is not None:
        raise Refusal(TOO_OFTEN, at=again)
    if Order.objects.filter(number=number).exists() or Trade.objects.filter(number=number).exists():
        return "order"
    if Attempt.objects.filter(number=number).exists():
        return "payment"
    if Refund.objects.filter(number=number).exists():
        return "refund"
    return "invoice" if Invoice.objects.filter(number=number, issued_at__isnull=False).exists() else None
