"""Opening the after-sales windows of orders that complete."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

from wanku.audit.rules import current
from wanku.catalog.models import ReturnRule
from wanku.merchants.models import Merchant
from wanku.orders.models import Line
from wanku.settlement.models import Window
from wanku.settlement.plans import begin_plans
from wanku.settlement.rules import DAY_SECONDS, window_closes
from wanku.settlement.states import OPEN

SETTLE_AFTER: Final = "settle_after"


class Completed(Protocol):
    """What is needed of an order that completes."""

    @property
    def pk(self) -> UUID: ...
    @property
    def trade_id(self) -> UUID: ...
    @property
    def merchant_id(self) -> int: ...


def open_windows(orders: Sequence[Completed], *, now: datetime) -> None:
    """Their money waits for the window to close; a second call opens nothing. The caller holds the orders' locks."""
    rules = current()
    usual = rules["return_no_reason"] // DAY_SECONDS
    promised = _promised_days([order.pk for order in orders])
    zones = dict(Merchant.objects.filter(pk__in={order.merchant_id for order in orders}).values_list("pk", "zone"))
    windows = [
        Window(
            order_id=order.pk,
            trade_id=order.trade_id,
            merchant_id=order.merchant_id,
            state=OPEN,
            opened_at=now,
            due_at=window_closes(
                now,
                seconds=rules[SETTLE_AFTER],
                zone=zones[order.merchant_id],
                longer_days=max(0, promised.get(order.pk, 0) - usual),
            ),
        )
        for order in orders
    ]
    Window.objects.bulk_create(windows, ignore_conflicts=True)
    begin_plans(zones, now=now)


def _promised_days(orders: Collection[UUID]) -> Mapping[UUID, int]:
    """The longest return without reason that the lines of each order were sold with, in days."""
    longest: dict[UUID, int] = {}
    for order_id, returns in Line.objects.filter(order__in=orders).values_list("order_id", "returns"):
        days = 0 if returns.get("rule") == ReturnRule.NEVER else int(returns.get("days") or 0)
        longest[order_id] = max(days, longest.get(order_id, 0))
    return longest
