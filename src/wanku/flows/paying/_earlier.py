"""What was opened before, settled before anything new is opened; and why nothing new may be."""

from datetime import datetime

from wanku.flows.paying.ask_channel import ask_channel
from wanku.flows.paying.close_attempt import close_attempt
from wanku.kernel.refusal import Code, Refusal, gettext_noop
from wanku.orders.models import Trade
from wanku.orders.states import PAID
from wanku.payments.channel import ChannelDown
from wanku.payments.models import Attempt
from wanku.payments.states import CREATED, PENDING

ALREADY_PAID = Code("already_paid", gettext_noop("This is already paid. Nothing more will be charged."), 409)
TOO_LATE = Code("payment_too_late", gettext_noop("The time to pay is over and the order was cancelled."), 409)
CHANNEL_DOWN = Code(
    "channel_down",
    gettext_noop("The payment service does not answer. Nothing was charged; try again or choose another way to pay."),
    503,
)
UNDER_WAY = Code(
    "payment_under_way",
    gettext_noop("A payment of this order is under way. Please wait a moment until its outcome is known."),
    409,
)


def settle_earlier(trade: Trade, gateway: str, method: str, now: datetime) -> Attempt | None:
    """Ask about and close what was opened before; the same method is kept.

    Raises:
        Refusal: ``channel_down``; ``payment_under_way`` while a channel decides; ``already_paid``.
    """
    kept = None
    earlier = trade.attempts.filter(state__in=[CREATED, PENDING]).order_by("created_at")
    for attempt in earlier:
        if (attempt.gateway, attempt.method, attempt.state) == (gateway, method, PENDING) and attempt.expires_at > now:
            kept = attempt
            continue
        _end(attempt, now)
    return kept


def _end(attempt: Attempt, now: datetime) -> None:
    """Make sure that an earlier attempt takes no money any more.

    Raises:
        Refusal: ``channel_down``; ``payment_under_way`` while the channel decides; ``already_paid``.
    """
    try:
        ask_channel(attempt.pk, now=now)
        closed = close_attempt(attempt.pk, now=now)
    except ChannelDown as error:
        raise Refusal(CHANNEL_DOWN) from error
    except Refusal as error:
        # The channel took another sum than was asked: finance looks at it, and nothing more may be charged meanwhile.
        raise Refusal(UNDER_WAY) from error
    if not closed:
        raise Refusal(ALREADY_PAID if Trade.objects.filter(pk=attempt.trade_id, state=PAID).exists() else UNDER_WAY)
