"""Starting to pay."""

from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from wanku.access.actor import Actor
from wanku.audit.move import By, move
from wanku.audit.rules import current, due
from wanku.flows.paying._clock import wait
from wanku.flows.paying._earlier import ALREADY_PAID, CHANNEL_DOWN, TOO_LATE, UNDER_WAY, settle_earlier
from wanku.kernel.ids import new_number
from wanku.kernel.refusal import NOT_FOUND, Code, Refusal, gettext_noop
from wanku.kernel.states import SYSTEM
from wanku.orders.models import Trade
from wanku.orders.states import PAID, PLACED
from wanku.payments.channel import ChannelDown, Gateway, Opening
from wanku.payments.gateways import gateway_for
from wanku.payments.models import Attempt
from wanku.payments.states import CAPTURED, CREATED, PENDING

TOO_MANY_ATTEMPTS = Code(
    "too_many_attempts", gettext_noop("There were too many attempts to pay this order. Please order again."), 429
)
ATTEMPTS_MAX = 30
ROUNDS = 3
"""Times that what others open at the same moment is settled before we give up."""


def open_attempt(
    trade_id: UUID,
    *,
    gateway: str,
    method: str,
    actor: Actor,
    now: datetime,
    buyer_address: str = "",
    buyer_ref: str = "",
) -> Attempt:
    """Open a payment and tell where the buyer pays.

    An open attempt of the same method is given again; open ones of other methods are asked about and closed
    first, so that a change of method never charges twice. The intent is committed before the channel hears of it, and
    nothing is locked meanwhile.

    Args:
        buyer_address: network address of the buyer, for channels that judge risk by it.
        buyer_ref: the buyer's id at the channel (an openid), for methods that need one.

    Raises:
        Refusal: ``already_paid``, ``payment_too_late``, ``no_such_method``, ``channel_down``, ``payment_under_way``,
            ``too_many_attempts``, ``not_found``.
    """
    for _round in range(ROUNDS):
        trade = _payable(trade_id, actor, now)
        channel = gateway_for(gateway, method, currency=trade.currency)
        same = settle_earlier(trade, gateway, method, now)
        _payable(trade_id, actor, now)
        attempt = same or _intend(trade_id, gateway, method, channel.methods()[method].clock, now)
        if attempt is not None:
            return _open(attempt, channel, buyer_address, buyer_ref, now)
    raise Refusal(UNDER_WAY)


def _payable(trade_id: UUID, actor: Actor, now: datetime) -> Trade:
    trade = Trade.objects.bought_by(actor).filter(pk=trade_id).first()
    if trade is None:
        raise Refusal(NOT_FOUND)
    _check(trade, now)
    return trade


def _check(trade: Trade, now: datetime) -> None:
    if trade.state == PAID:
        raise Refusal(ALREADY_PAID)
    if trade.state != PLACED or (trade.due_at is not None and trade.due_at <= now):
        raise Refusal(TOO_LATE)


def _intend(trade_id: UUID, gateway: str, method: str, clock: str, now: datetime) -> Attempt | None:
    """Commit the intent before the channel hears of it; none when another attempt was opened meanwhile."""
    with transaction.atomic():
        trade = Trade.objects.select_for_update(no_key=True).get(pk=trade_id)
        _check(trade, now)
        for other in trade.attempts.filter(state__in=[CREATED, PENDING]):
            same = (other.gateway, other.method, other.state) == (gateway, method, PENDING) and other.expires_at > now
            return other if same else None
        if trade.attempts.count() >= ATTEMPTS_MAX:
            raise Refusal(TOO_MANY_ATTEMPTS)
        if clock:
            wait(trade, trade.placed_at + timedelta(seconds=current()[clock]))
        life = trade.due_at if clock and trade.due_at else now + timedelta(seconds=current()["attempt_life"])
        return Attempt.objects.create(
            trade=trade,
            number=new_number(now),
            gateway=gateway,
            method=method,
            currency=trade.currency,
            amount=trade.amount,
            state=CREATED,
            due_at=due("attempt_query", now),
            created_at=now,
            expires_at=min(life, trade.due_at) if trade.due_at else life,
        )


def _open(attempt: Attempt, channel: Gateway, buyer_address: str, buyer_ref: str, now: datetime) -> Attempt:
    if attempt.state == PENDING:
        return attempt
    trade = attempt.trade
    opening = Opening(
        number=attempt.number,
        method=attempt.method,
        amount=attempt.amount,
        currency=attempt.currency,
        subject=f"Wanku {trade}",
        expires_at=attempt.expires_at,
        notify_url=f"{settings.PUBLIC_URL}/hooks/payments/{attempt.gateway}",
        return_url=f"{settings.PUBLIC_URL}/pay/{trade.number}/result/",
        buyer_address=buyer_address,
        buyer_ref=buyer_ref,
    )
    try:
        opened = channel.open(opening)
    except ChannelDown as error:
        raise Refusal(CHANNEL_DOWN) from error
    with transaction.atomic():
        locked = Attempt.objects.select_for_update(no_key=True).get(pk=attempt.pk)
        if locked.state == CREATED:
            locked.shown_as, locked.pay_url, locked.channel_ref = opened.shown_as, opened.value, opened.channel_ref
            locked.save(update_fields=["shown_as", "pay_url", "channel_ref"])
            move(locked, "open", by=By(SYSTEM), now=now, due_at=due("attempt_query", now))
    if locked.state != PENDING:
        # Somebody opened another payment meanwhile, which closed this one: what the channel has just opened is closed
        # as well. If that fails, the channel forgets it when it expires, and money that comes goes back by itself.
        with suppress(ChannelDown):
            channel.close(locked.known)
        raise Refusal(ALREADY_PAID if locked.state == CAPTURED else UNDER_WAY)
    return locked
