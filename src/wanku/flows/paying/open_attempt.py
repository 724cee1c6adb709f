"""Starting to pay."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from wanku.access.actor import Actor
from wanku.audit.move import By, move
from wanku.audit.rules import current, due
from wanku.flows.paying.ask_channel import ask_channel
from wanku.flows.paying.close_attempt import close_attempt
from wanku.kernel.ids import new_number
from wanku.kernel.refusal import NOT_FOUND, Code, Refusal, gettext_noop
from wanku.kernel.states import SYSTEM
from wanku.orders.models import Trade
from wanku.orders.states import PAID, PLACED
from wanku.payments.channel import ChannelDown, Gateway, Opening
from wanku.payments.gateways import gateway_for
from wanku.payments.models import Attempt
from wanku.payments.states import CREATED, PENDING

ALREADY_PAID = Code("already_paid", gettext_noop("This is already paid. Nothing more will be charged."), 409)
TOO_LATE = Code("payment_too_late", gettext_noop("The time to pay is over and the order was cancelled."), 409)
CHANNEL_DOWN = Code(
    "channel_down",
    gettext_noop("The payment service does not answer. Nothing was charged; try again or choose another way to pay."),
    503,
)
TOO_MANY_ATTEMPTS = Code(
    "too_many_attempts", gettext_noop("There were too many attempts to pay this order. Please order again."), 429
)
ATTEMPTS_MAX = 30


def open_attempt(trade_id: UUID, *, gateway: str, method: str, actor: Actor, now: datetime) -> Attempt:
    """Open a payment and tell where the buyer pays.

    An open attempt of the same method is given again; open ones of other methods are asked about and closed
    first, so that a change of method never charges twice.

    Raises:
        Refusal: ``already_paid``, ``payment_too_late``, ``no_such_method``, ``channel_down``, ``not_found``.
    """
    channel = gateway_for(gateway, method)
    same = _settle_earlier(_payable(trade_id, actor, now), gateway, method, now)
    _payable(trade_id, actor, now)
    if same is not None:
        return same
    attempt = _intend(trade_id, gateway, method, now)
    return _open(attempt, channel, now)


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


def _settle_earlier(trade: Trade, gateway: str, method: str, now: datetime) -> Attempt | None:
    """Ask about and close what was opened before; the same method is kept."""
    kept = None
    earlier = trade.attempts.filter(state__in=[CREATED, PENDING]).order_by("created_at")
    for attempt in earlier:
        if (attempt.gateway, attempt.method, attempt.state) == (gateway, method, PENDING) and attempt.expires_at > now:
            kept = attempt
            continue
        try:
            ask_channel(attempt.pk, now=now)
            close_attempt(attempt.pk, now=now)
        except ChannelDown as error:
            raise Refusal(CHANNEL_DOWN) from error
    return kept


def _intend(trade_id: UUID, gateway: str, method: str, now: datetime) -> Attempt:
    """Commit the intent before the channel hears of it."""
    with transaction.atomic():
        trade = Trade.objects.select_for_update(no_key=True).get(pk=trade_id)
        _check(trade, now)
        twin = trade.attempts.filter(gateway=gateway, method=method, state=PENDING, expires_at__gt=now).first()
        if twin is not None:
            return twin
        if trade.attempts.count() >= ATTEMPTS_MAX:
            raise Refusal(TOO_MANY_ATTEMPTS)
        life = now + timedelta(seconds=current()["attempt_life"])
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


def _open(attempt: Attempt, channel: Gateway, now: datetime) -> Attempt:
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
        return locked
