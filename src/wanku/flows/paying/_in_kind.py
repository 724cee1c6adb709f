"""What goes back besides money: coupons, points, whatever a trade was partly paid with.

Each giver gets a refund that was just intended, with its plan, and gives back its own share of what the order used, in
the same transaction; it must be harmless when called for an order that used nothing of it. It writes what it gave into
its own tables, makes no call, and locks its rows after those of the order. Promotions add theirs to `GIVERS`: one line.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from wanku.payments.models import Refund
from wanku.payments.refund_plan import Plan

Giver = Callable[[Refund, Plan, datetime], None]
GIVERS: Final[tuple[Giver, ...]] = ()


def give_in_kind(refund: Refund, plan: Plan, now: datetime) -> None:
    """Call every giver, in order."""
    for giver in GIVERS:
        giver(refund, plan, now)
