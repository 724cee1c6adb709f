"""The clock of bills: each channel is asked for each day, until its bill is here and compared."""

import logging
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from wanku.audit.move import By, Step, move, move_all
from wanku.audit.rules import current, due
from wanku.flows.reconciling._keep import wait_for
from wanku.flows.reconciling.book_fees import book_fees
from wanku.flows.reconciling.fetch_bill import NO_BILL
from wanku.flows.reconciling.match_bill import match_bill
from wanku.flows.reconciling.reconcile_day import reconcile_day
from wanku.kernel.refusal import Refusal
from wanku.kernel.states import CLOCK
from wanku.ledger.models import Entry
from wanku.ledger.post import clearing
from wanku.payments.accounts import accounts_of
from wanku.payments.gateways import GATEWAYS
from wanku.reconciliation.days import bounds, day_of
from wanku.reconciliation.models import Bill
from wanku.reconciliation.states import FETCHED, LATE, WAITED

DAY = timedelta(days=1)
LOOK_BACK = 30 * DAY
"""Days that were left out while nothing ran are made up for as far back as this."""
log = logging.getLogger(__name__)


def reconcile_due(*, now: datetime, limit: int) -> int:
    """Wait for yesterday's bills, ask for those that are due, compare those that are here; returns how many.

    Any number of sweepers may run at once. A bill that does not come is asked for again; when it is late finance is
    told, and reminded daily. Where nothing was booked that day either, there is nothing to compare.
    """
    _wait_for_new(now)
    bills = _take(now, limit)
    for bill in bills:
        try:
            _bring_on(bill, now)
        except Exception:
            log.exception("the bill %s could not be reconciled", bill)
    return len(bills)


def _wait_for_new(now: datetime) -> None:
    """One row for each channel and day that is over, from the first day on that is known."""
    known: dict[str, set[date]] = {}
    since = (now - LOOK_BACK).date()
    for gateway, day in Bill.objects.filter(day__gte=since).values_list("gateway", "day"):
        known.setdefault(gateway, set()).add(day)
    wanted = []
    for name, channel in GATEWAYS.items():
        # A channel that keeps no bills says so; one that was set up once may still bill for its last day.
        if not getattr(channel, "bills", True) or not (channel.methods() or accounts_of(name)):
            continue
        yesterday = day_of(name, now) - DAY
        days = known.get(name, set())
        first = min((day for day in days if day <= yesterday), default=yesterday)
        missing = (first + n * DAY for n in range((yesterday - first).days + 1))
        wanted += [wait_for(name, day) for day in missing if day not in days]
    Bill.objects.bulk_create(wanted, ignore_conflicts=True)


def _take(now: datetime, limit: int) -> Sequence[Bill]:
    """Set the next clocks before asking, so that no other sweeper asks too, and a crash only means asking again."""
    with transaction.atomic():
        rows = Bill.objects.filter(due_at__lte=now).order_by("due_at", "pk")
        found = list(rows.select_for_update(no_key=True, skip_locked=True)[:limit])
        next_look = due("bill_query", now)
        # The steps change the states of what they move, so they are all laid out first.
        steps = [Step(bill, due_at=next_look) for bill in found if bill.state in (WAITED, LATE)]
        move_all(steps, "ask", by=By(CLOCK), now=now)
    return found


def _bring_on(bill: Bill, now: datetime) -> None:
    """One step further, outside any transaction."""
    if bill.state == FETCHED:
        book_fees(bill.pk, now=now)
        match_bill(bill.pk, now=now)
        return
    try:
        reconcile_day(bill.gateway, bill.day, now=now)
    except Refusal as refusal:
        _still_not_here(bill, refusal, now)


def _still_not_here(bill: Bill, refusal: Refusal, now: datetime) -> None:
    """Late, or nothing to wait for."""
    rules = current()
    if now < bounds(bill.gateway, bill.day)[1] + timedelta(seconds=rules["bill_late"]):
        return
    with transaction.atomic():
        locked = Bill.objects.select_for_update(no_key=True).get(pk=bill.pk)
        facts = _facts(locked, refusal)
        if locked.state == WAITED and refusal.code == NO_BILL and not _booked_anything(locked):
            move(locked, "nothing", by=By(CLOCK), now=now, facts=facts)
            return
        remind = timedelta(seconds=rules["late_reminder"])
        if locked.state == WAITED:
            event = "late"
        elif locked.state == LATE and (locked.told_at is None or locked.told_at + remind <= now):
            event = "remind"
        else:
            return
        locked.told_at = now
        locked.save(update_fields=["told_at"])
        move(locked, event, by=By(CLOCK), now=now, due_at=due("bill_query", now), facts=facts)


def _facts(bill: Bill, refusal: Refusal) -> Mapping[str, str]:
    return {"gateway": bill.gateway, "day": bill.day.isoformat(), "problem": refusal.code.name}


def _booked_anything(bill: Bill) -> bool:
    begin, end = bounds(bill.gateway, bill.day)
    booked = Entry.objects.filter(at__gte=begin, at__lt=end, postings__account=clearing(bill.gateway))
    return booked.exclude(reason="channel_fees").exists()
