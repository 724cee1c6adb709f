"""Settling one merchant, by the clock or by hand."""

from collections.abc import Sequence
from datetime import datetime

from wanku.merchants.states import Capability, capable
from wanku.settlement.draw import draw
from wanku.settlement.models import Plan, Settlement
from wanku.settlement.rules import period_ends


def settle(plan: Plan, *, until: datetime, now: datetime) -> Sequence[Settlement]:
    """Draw what there is and begin the next period. The caller holds the plan's lock.

    A shop whose standing does not let it be settled keeps its balance; it is looked at again after the next period,
    which then covers this one too.
    """
    drawn: Sequence[Settlement] = ()
    if capable(plan.merchant.state, Capability.BE_SETTLED):
        drawn = draw(plan, until=until, now=now)
        plan.since = until
    plan.due_at = period_ends(max(now, until), period=plan.period, zone=plan.merchant.zone)
    plan.save(update_fields=["since", "due_at"])
    return drawn
