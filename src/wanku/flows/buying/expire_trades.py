"""The clock of unpaid trades: silence means that the order is cancelled and the stock is free again."""

import logging
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from wanku.audit.move import By
from wanku.flows.buying._cancel import cancel_unpaid
from wanku.flows.fulfilling._due import act_on_due
from wanku.flows.paying.close_attempt import close_attempt
from wanku.kernel.states import CLOCK
from wanku.orders.models import Order, Trade
from wanku.orders.states import NOT_CONFIRMED, PLACED
from wanku.payments.channel import ChannelDown
from wanku.payments.models import Attempt, BankTransfer
from wanku.payments.states import CREATED, PENDING, REPORTED

ASK_AGAIN: Final = timedelta(seconds=60)
ASKED_MAX: Final = 50
"""Trades whose channels are asked in one turn: each may take as long as the channel does."""
SILENCES_MAX: Final = 3
"""Times that a channel may not answer before it is left alone for the rest of a turn."""
PATIENCE: Final = timedelta(minutes=10)
"""How long beyond its clock a trade waits for a channel that does not answer; later money still finds its way."""
NOT_PAID: Final = "not_paid"
log = logging.getLogger(__name__)


class Unpaid(NamedTuple):
    """A locked trade whose time is over."""

    pk: UUID
    state: str


def expire_trades(*, now: datetime, limit: int = 500) -> int:
    """Cancel unpaid trades whose time is over; returns how many were looked at.

    Trades that nobody began to pay are cancelled together in one transaction. For the others expiry asks first: open
    payments are closed at their channels, and one that was paid in the last second pays the trade instead. Where one
    person of finance has seen a transfer and no second one confirmed it, the buyer is told that this is why; their
    money takes the goods again or goes back once it is confirmed. Any number of sweepers may run at once.
    """
    due = Trade.objects.filter(state=PLACED, due_at__lte=now)
    seen = BankTransfer.objects.filter(refund=None, state=REPORTED)
    begun = Exists(Attempt.objects.filter(trade=OuterRef("pk"), state__in=[CREATED, PENDING]))
    paying = begun | Exists(seen.filter(attempt__trade=OuterRef("pk")))
    count = _cancel(due.exclude(paying), now, limit)
    if count < limit:
        asked = _claim(due.filter(paying), now, min(limit - count, ASKED_MAX))
        over = set(asked) - (_undecided(asked, now) - _waited_enough(asked, now))
        unconfirmed = set(seen.filter(attempt__trade__in=over).values_list("attempt__trade", flat=True))
        for ids, because in ((over - unconfirmed, NOT_PAID), (unconfirmed, NOT_CONFIRMED)):
            if ids:
                _cancel(Trade.objects.filter(pk__in=ids, state=PLACED), now, limit, because)
        count += len(asked)
    return count


def _cancel(trades: QuerySet[Trade], now: datetime, limit: int, because: str = NOT_PAID) -> int:
    def cancel(found: Sequence[Unpaid]) -> None:
        states = {trade.pk: trade.state for trade in found}
        cancel_unpaid(states, "expire", by=By(CLOCK), now=now, because=because)

    return act_on_due(trades, Unpaid, cancel, now=now, limit=limit)


def _claim(trades: QuerySet[Trade], now: datetime, limit: int) -> Sequence[UUID]:
    """Take trades for asking: their next look is set before, so that no other sweeper asks too, and a crash only means
    asking again. The orders keep the promised moment; only the trade's own clock is set anew.
    """
    with transaction.atomic():
        free = trades.order_by("due_at").select_for_update(no_key=True, skip_locked=True)
        taken = list(free.values_list("pk", flat=True)[:limit])
        Trade.objects.filter(pk__in=taken).update(due_at=now + ASK_AGAIN)
    return taken


def _undecided(trade_ids: Collection[UUID], now: datetime) -> set[UUID]:
    """Close what is open, outside any transaction; the trades of which a channel still cannot say.

    A channel that does not answer again and again is left alone for the rest of the turn.
    """
    undecided: set[UUID] = set()
    down: Counter[str] = Counter()
    attempts = Attempt.objects.filter(trade__in=trade_ids, state__in=[CREATED, PENDING]).order_by("trade", "pk")
    for pk, trade_id, gateway in attempts.values_list("pk", "trade_id", "gateway"):
        try:
            closed = down[gateway] < SILENCES_MAX and close_attempt(pk, now=now)
        except ChannelDown:
            down[gateway] += 1
            closed = False
        except Exception:
            log.exception("payment attempt %s could not be closed", pk)
            closed = False
        if not closed:
            undecided.add(trade_id)
    return undecided


def _waited_enough(trade_ids: Collection[UUID], now: datetime) -> set[UUID]:
    """Those that no channel is waited for any longer."""
    return set(Order.objects.filter(trade__in=trade_ids, due_at__lte=now - PATIENCE).values_list("trade_id", flat=True))
