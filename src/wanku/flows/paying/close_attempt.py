"""Making sure that an attempt can no longer be paid."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from wanku.audit.move import By, move
from wanku.flows.paying._clock import is_long, wait_no_longer
from wanku.flows.paying.settle_attempt import settle_attempt
from wanku.kernel.states import SYSTEM
from wanku.orders.models import Trade
from wanku.payments.channel import ChannelState
from wanku.payments.gateways import GATEWAYS
from wanku.payments.models import Attempt
from wanku.payments.states import CREATED, PENDING


def close_attempt(attempt_id: UUID, *, now: datetime) -> bool:
    """Close it at the channel, then here; if it was paid meanwhile, settle it instead.

    Where it was what kept the goods for days, the trade has its ordinary time again.

    Returns:
        whether it is closed (False: it was paid, or is still being decided).

    Raises:
        ChannelDown: the channel did not answer; nothing was closed.
    """
    attempt = Attempt.objects.get(pk=attempt_id)
    if attempt.state not in (CREATED, PENDING):
        return attempt.captured_at is None
    result = GATEWAYS[attempt.gateway].close(attempt.known)
    if result.state in (ChannelState.CAPTURED, ChannelState.FAILED):
        settle_attempt(result, now=now)
        return result.state == ChannelState.FAILED
    if result.state == ChannelState.PENDING:
        return False
    long = is_long(attempt.gateway, attempt.method)
    with transaction.atomic():
        trade = Trade.objects.select_for_update(no_key=True).get(pk=attempt.trade_id) if long else None
        locked = Attempt.objects.select_for_update(no_key=True).get(pk=attempt_id)
        if locked.state in (CREATED, PENDING):
            move(locked, "close", by=By(SYSTEM), now=now)
            if trade is not None:
                wait_no_longer(trade, now)
    return True
