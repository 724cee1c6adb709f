"""Asking a channel what became of a payment: the same path as its notices."""

from datetime import datetime
from typing import Final
from uuid import UUID

from wanku.flows.paying.settle_attempt import ENDS, settle_attempt
from wanku.payments.channel import ChannelResult
from wanku.payments.gateways import GATEWAYS
from wanku.payments.models import Attempt
from wanku.payments.states import CREATED, PENDING

FAILURE_MAX: Final = 60


def ask_channel(attempt_id: UUID, *, now: datetime) -> ChannelResult:
    """Query the channel and act on the answer. Nothing is locked while the channel thinks.

    Why a card or account did not pay is kept while the payment is still open, so that the buyer reads it here as well.

    Raises:
        ChannelDown: the outcome is still unknown.
    """
    attempt = Attempt.objects.get(pk=attempt_id)
    result = GATEWAYS[attempt.gateway].query(attempt.known)
    failure = result.failure[:FAILURE_MAX]
    if result.state in ENDS:
        settle_attempt(result, now=now)
    elif failure != attempt.failure:
        Attempt.objects.filter(pk=attempt_id, state__in=[CREATED, PENDING]).update(failure=failure)
    return result
