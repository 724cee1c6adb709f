"""Orders that were really placed and really paid, for tests of what comes after."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from tests.cast import ADDRESS, NOW, variant_of
from wanku.access.actor import Actor
from wanku.audit.rules import due
from wanku.catalog.models import Product, Variant
from wanku.flows.buying.place_order import Checkout, Contact, place_order
from wanku.flows.paying.settle_attempt import settle_attempt
from wanku.kernel.ids import new_number
from wanku.orders.models import Order, Trade
from wanku.payments.channel import ChannelResult, ChannelState
from wanku.payments.models import Attempt
from wanku.payments.states import PENDING
from wanku.pricing.load import load_quote
from wanku.pricing.quote import Wish

Thing = Product | Variant


def placed(actor: Actor, *things: tuple[Thing, int], now: datetime = NOW, **fields: Any) -> Trade:
    """A trade for pieces of products (their first variant) or variants, not paid yet.

    Args:
        fields: anything else of `Checkout`.
    """
    wishes = tuple(Wish((t if isinstance(t, Variant) else variant_of(t)).pk, n) for t, n in things)
    address = fields.pop("address", ADDRESS)
    total = load_quote(wishes, address=address, now=NOW).total
    fields.setdefault("contact", Contact("安小姐", "13800138000", "ann@example.com"))
    fields.setdefault("key", uuid4().hex)
    checkout = Checkout(actor=actor, wishes=wishes, address=address, agreed_total=total, **fields)
    return Trade.objects.get(pk=place_order(checkout, now=now).trade_id)


def opened(trade: Trade, *, now: datetime = NOW) -> Attempt:
    """An attempt that waits for its money."""
    return Attempt.objects.create(
        trade=trade,
        number=new_number(now),
        gateway="sandbox",
        method="page",
        currency=trade.currency,
        amount=trade.amount,
        state=PENDING,
        due_at=due("attempt_query", now),
        created_at=now,
        expires_at=now + timedelta(minutes=15),
    )


def pay(trade: Trade, *, now: datetime = NOW) -> None:
    """Let the sandbox's money arrive, by the path that every capture takes."""
    attempt = opened(trade, now=now)
    captured = ChannelResult(
        "sandbox", attempt.number, ChannelState.CAPTURED, attempt.amount, attempt.currency, f"bank-{attempt.number}"
    )
    assert settle_attempt(captured, now=now) == "applied"


def paid(actor: Actor, *things: tuple[Thing, int], now: datetime = NOW, **fields: Any) -> Sequence[Order]:
    """Paid orders, one per merchant, in order of merchant."""
    trade = placed(actor, *things, now=now, **fields)
    pay(trade, now=now)
    return list(Order.objects.filter(trade=trade).select_related("trade", "merchant").order_by("merchant_id"))
