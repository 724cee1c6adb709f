"""How long a trade waits for its payment, beyond the ordinary clock."""

from datetime import datetime
from typing import Final

from wanku.audit.rules import due
from wanku.orders.models import Order, Trade
from wanku.orders.states import PLACED
from wanku.payments.gateways import GATEWAYS
from wanku.payments.models import BankTransfer
from wanku.payments.states import CREATED, PENDING, REPORTED

ORDINARY: Final = "pay_goods"


def is_long(gateway: str, method: str) -> bool:
    """Whether this way to pay has a clock of its own (`wanku.payments.channel.Method.clock`)."""
    known = GATEWAYS[gateway].methods().get(method)
    return known is not None and known.clock != ""


def wait(trade: Trade, until: datetime) -> None:
    """Some ways to pay take days; whoever chooses one gets them, and the goods are held as long.

    The caller holds the trade's lock; a trade that waits longer already is left alone.
    """
    if trade.state == PLACED and trade.due_at is not None and trade.due_at < until:
        _set(trade, until)


def wait_no_longer(trade: Trade, now: datetime) -> None:
    """Give back the ordinary time, counted from now, once no open payment of the trade needs the long one.

    It is never longer than what the trade had, and never over at once: the buyer is choosing again. A transfer that
    finance has seen and not yet confirmed keeps the long one. The caller holds the trade's lock.
    """
    until = due(ORDINARY, now)
    if trade.state != PLACED or trade.due_at is None or trade.due_at <= until:
        return
    attempts = trade.attempts.filter(state__in=[CREATED, PENDING]).values_list("gateway", "method")
    if any(is_long(*way) for way in attempts):
        return
    if BankTransfer.objects.filter(attempt__trade=trade, refund=None, state=REPORTED).exists():
        return
    _set(trade, until)


def _set(trade: Trade, until: datetime) -> None:
    trade.due_at = until
    trade.save(update_fields=["due_at"])
    Order.objects.filter(trade=trade, state=PLACED).update(due_at=until)
