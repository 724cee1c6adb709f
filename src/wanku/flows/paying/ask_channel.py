"""Asking a channel what became of a payment: the same path as its notices."""

from datetime import datetime
from uuid import UUID

from wanku.flows.paying.settle_attempt import settle_attempt
from wanku.payments.channel import ChannelResult, ChannelState
from wanku.payments.gateways import GATEWAYS
from wanku.payments.models import Attempt


def ask_channel(attempt_id: UUID, *, now: datetime) -> ChannelResult:
    """Query the channel and act on the answer. Nothing is locked while the channel thinks.

    Raises:
        ChannelDown: the outcome is still unknown.
    """
    attempt = Attempt.objects.get(pk=attempt_id)
    result = GATEWAYS[attempt.gateway].query(attempt.known)
    if result.state in (ChannelState.CAPTURED, ChannelState.FAILED):
        settle_attempt(result, now=now)
    return result
