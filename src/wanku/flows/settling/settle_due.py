"""Periods that end: what merchants have available is settled."""

import logging
from datetime import datetime

from django.db import transaction

from wanku.flows.fulfilling._due import PUT_OFF
from wanku.flows.settling._settle import settle
from wanku.settlement.models import Plan
from wanku.settlement.rules import period_ends

log = logging.getLogger(__name__)


def settle_due(*, now: datetime, limit: int = 100) -> int:
    """Draw the settlements of merchants whose period has ended; a merchant that cannot be settled harms no other.

    Each merchant is a transaction of its own, since each holds the lock of its balance. After an outage one settlement
    covers all periods that were missed. Any number of sweepers may run at once.

    Returns:
        how many merchants were dealt with.
    """
    done = 0
    for _ in range(limit):
        with transaction.atomic():
            plans = Plan.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
            plan = plans.select_related("merchant").filter(due_at__lte=now).order_by("due_at").first()
            if plan is None:
                return done
            try:
                with transaction.atomic():
                    settle(plan, until=_last_end(plan, now), now=now)
            except Exception:
                log.exception("merchant %s cannot be settled; put off", plan.merchant_id)
                Plan.objects.filter(pk=plan.pk).update(due_at=now + PUT_OFF)
        done += 1
    return done


def _last_end(plan: Plan, now: datetime) -> datetime:
    """The end of the last period that is over; usually that of the running one."""
    end = plan.due_at
    while (following := period_ends(end, period=plan.period, zone=plan.merchant.zone)) <= now:
        end = following
    return end
