"""The clock of unpaid trades: silence means that the order is cancelled and the stock is free again."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from wanku.audit.move import By
from wanku.flows.buying._cancel import cancel_unpaid
from wanku.flows.paying.close_attempt import close_attempt
from wanku.kernel.states import CLOCK
from wanku.orders.models import Order, Trade
from wanku.orders.states import PLACED
from wanku.payments.channel import ChannelDown
from wanku.payments.models import Attempt
from wanku.payments.states import CREATED, PENDING

ASK_AGAIN_SECONDS = 60
PATIENCE = timedelta(minutes=10)
"""How long beyond its clock a trade waits for a channel that does not answer; later money still finds its way."""


def expire_trades(*, now: datetime, limit: int) -> int:
    """Cancel unpaid trades whose time is over; returns how many were looked at.

    Expiry asks first: open payments are closed at their channels, and one that was paid in the last second pays
    the trade instead.
    """
    due = list(
        Trade.objects.filter(due_at__lte=now, state=PLACED).order_by("due_at").values_list("pk", flat=True)[:limit]
    )
    for trade_id in due:
        _expire(trade_id, now, undecided=_undecided(trade_id, now))
    return len(due)


def _undecided(trade_id: UUID, now: datetime) -> bool:
    """Close what is open; whether a channel still cannot say."""
    undecided = False
    for attempt in Attempt.objects.filter(trade_id=trade_id, state__in=[CREATED, PENDING]):
        try:
            undecided |= not close_attempt(attempt.pk, now=now)
        except ChannelDown:
            undecided = True
    return undecided


def _expire(trade_id: UUID, now: datetime, *, undecided: bool) -> None:
    with transaction.atomic():
        trade = (
            Trade.objects.select_for_update(no_key=True, skip_locked=True).filter(pk=trade_id, due_at__lte=now).first()
        )
        if trade is None or trade.state != PLACED:
            return
        started = Order.objects.filter(trade=trade).values_list("due_at", flat=True).first() or now
        if undecided and now < started + PATIENCE:
            # The orders keep the promised moment; only the trade's own clock is set anew.
            trade.due_at = now + timedelta(seconds=ASK_AGAIN_SECONDS)
            trade.save(update_fields=["due_at"])
            return
        cancel_unpaid(trade, "expire", by=By(CLOCK), now=now, because="not_paid")
