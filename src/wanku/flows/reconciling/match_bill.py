"""A bill beside our books: what agrees is settled, what differs becomes a case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from wanku.audit.move import By, RowStep, move, move_rows
from wanku.audit.rules import current, due
from wanku.flows.reconciling import _sql
from wanku.kernel.refusal import WRONG_STATE, Refusal
from wanku.kernel.states import SYSTEM
from wanku.ledger.post import Booking, Line, clearing, post_all
from wanku.payments.accounts import accounts_of
from wanku.payments.fields import FEE_BP
from wanku.reconciliation.days import bounds
from wanku.reconciliation.models import Bill, FinanceCase
from wanku.reconciliation.policy import WRITE_OFFS, Resolution
from wanku.reconciliation.states import FETCHED, MATCHED, NOTHING

DONE = (FETCHED, MATCHED, NOTHING)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Matched:
    """What a look at a bill came to.

    Attributes:
        rows, matched, carried: lines of this bill, those that agree, those that wait for a later day.
        cases: new cases, of this bill and of its neighbours.
        came_right: cases that need nobody any more.
    """

    rows: int
    matched: int
    carried: int
    cases: int
    came_right: int


def match_bill(bill_id: UUID, *, now: datetime) -> Matched:
    """Compare a bill, and what earlier ones carried over, with our bookings; safe to repeat at any time.

    Lines are compared with attempts, refunds and their entries by number, bookings with lines of any day. Near
    midnight nothing is said before the neighbouring day's bill is here too. What is settled is never looked at again.

    Raises:
        Refusal: ``wrong_state`` while the bill is not here.
    """
    with transaction.atomic():
        bills = _lock(Bill.objects.get(pk=bill_id))
        bill = next(each for each in bills if each.pk == bill_id)
        here = [each for each in bills if each.state in (FETCHED, MATCHED)]
        if bill not in here:
            raise Refusal(WRONG_STATE, state=bill.state, event="match")
        scope = _scope(bill, here, now)
        _sql.match_lines(scope)
        cases = _sql.open_cases(scope, due_at=due("finance_case", now), now=now)
        right = _come_right(_sql.came_right(bill.gateway), now)
        _take_back_write_offs(bill.gateway, now)
        _sql.write_totals(bill.gateway, scope.bills)
        bill.refresh_from_db(fields=["rows", "matched", "carried"])
        bill.matched_at = now
        bill.save(update_fields=["matched_at"])
        if bill.state == FETCHED:
            facts = {
                "gateway": bill.gateway,
                "day": bill.day.isoformat(),
                "rows": bill.rows,
                "matched": bill.matched,
                "carried": bill.carried,
                "cases": cases,
            }
            move(bill, "match", by=By(SYSTEM), now=now, facts=facts)
        return Matched(bill.rows, bill.matched, bill.carried, cases, right)


def _lock(bill: Bill) -> Sequence[Bill]:
    """The bill, its neighbours, and those with something carried over or open, always in the same order."""
    unsettled = Q(due_at__isnull=False) | Q(resolution=Resolution.WRITE_OFF.value)
    waiting = FinanceCase.objects.filter(unsettled, gateway=bill.gateway, bill__isnull=False)
    near = Q(day__gte=bill.day - DAY, day__lte=bill.day + DAY) | Q(carried__gt=0) | Q(pk__in=waiting.values("bill"))
    rows = Bill.objects.filter(near, gateway=bill.gateway)
    return list(rows.select_for_update(no_key=True).order_by("day"))


def _scope(bill: Bill, here: Sequence[Bill], now: datetime) -> _sql.Scope:
    begin, end = bounds(bill.gateway, bill.day)
    rules = current()
    first = min(each.day for each in here)
    done = Bill.objects.filter(gateway=bill.gateway, state__in=DONE, day__gte=first - 2 * DAY)
    return _sql.Scope(
        gateway=bill.gateway,
        bills=[each.pk for each in here],
        done=set(done.values_list("day", flat=True)),
        edge=timedelta(seconds=rules["bill_edge"]),
        zone=bill.zone,
        since=begin - DAY,
        until=end + DAY,
        arrived_by=now - timedelta(seconds=rules["refund_arrival"]),
        fee_bp=_agreed_fee(bill.gateway),
    )


def _agreed_fee(gateway: str) -> int | None:
    """Hundredths of a percent that were agreed with the channel (``fee_bp`` of its account), if that is known."""
    account = next(iter(accounts_of(gateway)), None)
    text = account.public.get(FEE_BP.name, "") if account else ""
    return int(text) if text.isascii() and text.isdigit() else None


def _take_back_write_offs(gateway: str, now: datetime) -> None:
    """What was written off and turned up after all is no gain or loss any more."""
    bookings = [
        Booking(
            f"write_off_back:{case_id}",
            "write_off",
            "finance_case",
            case_id,
            currency,
            [Line(clearing(gateway), -amount), Line(WRITE_OFFS, amount)],
        )
        for case_id, currency, amount in _sql.write_offs_for_nothing(gateway)
    ]
    post_all(bookings, now=now)


def _come_right(cases: Sequence[tuple[UUID, str, UUID | None]], now: datetime) -> int:
    """End the cases whose difference is gone."""
    steps = [RowStep(pk, state, None, trade) for pk, state, trade in cases]
    also = {"resolution": Resolution.CAME_RIGHT.value, "resolved_at": now}
    move_rows(FinanceCase, steps, "come_right", by=By(SYSTEM), now=now, also=also)
    return len(steps)
