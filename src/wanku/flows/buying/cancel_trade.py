"""A buyer takes back an order that is not paid yet."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from wanku.access.actor import Actor
from wanku.flows.buying._cancel import cancel_unpaid
from wanku.flows.paying.close_attempt import close_attempt
from wanku.kernel.refusal import NOT_FOUND, WRONG_STATE, Code, Refusal, gettext_noop
from wanku.orders.models import Trade
from wanku.orders.states import PLACED
from wanku.payments.channel import ChannelDown
from wanku.payments.states import CREATED, PENDING

BEING_PAID = Code(
    "being_paid",
    gettext_noop("A payment for this order is under way. Please wait a moment until its outcome is known."),
    409,
)


def cancel_trade(trade_id: UUID, *, actor: Actor, now: datetime, because: str = "buyer") -> None:
    """Cancel all orders of an unpaid trade and set the stock free.

    Open payments are closed at their channels first; if one turns out to be paid, the trade is paid and cannot be
    cancelled this way.

    Raises:
        Refusal: ``not_found``, ``wrong_state`` when it is paid or cancelled, ``being_paid`` while a channel decides.
    """
    trade = Trade.objects.bought_by(actor).filter(pk=trade_id).first()
    if trade is None:
        raise Refusal(NOT_FOUND)
    if trade.state != PLACED:
        raise Refusal(WRONG_STATE, state=trade.state)
    for attempt in trade.attempts.filter(state__in=[CREATED, PENDING]):
        try:
            closed = close_attempt(attempt.pk, now=now)
        except ChannelDown as error:
            raise Refusal(BEING_PAID) from error
        if not closed and not Trade.objects.filter(pk=trade_id).exclude(state=PLACED).exists():
            raise Refusal(BEING_PAID)
    with transaction.atomic():
        locked = Trade.objects.select_for_update(no_key=True).get(pk=trade_id)
        if locked.state != PLACED:
            raise Refusal(WRONG_STATE, state=locked.state)
        cancel_unpaid({locked.pk: locked.state}, "cancel", by=actor.as_buyer(), now=now, because=because)
