"""Asking a channel because somebody waits for the answer."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q

from wanku.flows.paying.ask_channel import ask_channel
from wanku.payments.channel import ChannelResult
from wanku.payments.models import Attempt
from wanku.payments.states import CREATED, PENDING

GAP: Final = timedelta(seconds=2)
"""The shortest time between two askings for a buyer, however many pages and programs of theirs ask."""


def ask_for_buyer(attempt_id: UUID, *, now: datetime) -> ChannelResult | None:
    """The buyer is back from the channel, or looks at its code: ask what became of the payment now, not by the clock.

    Channels tell of success and hardly ever of failure, so without this somebody who was refused would wait for the
    clock. It may be called as often as one likes.

    Returns:
        what the channel says; None when the payment is decided, or the channel was asked a moment ago.

    Raises:
        ChannelDown: the outcome is still unknown.
    """
    waiting = Q(asked_at=None) | Q(asked_at__lte=now - GAP)
    mine = Attempt.objects.filter(waiting, pk=attempt_id, state__in=[CREATED, PENDING])
    return ask_channel(attempt_id, now=now) if mine.update(asked_at=now) else None
