"""Everything that a clock starts, and how often to look."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from wanku.flows.booking.bookings_due import bookings_due
from wanku.flows.booking.remind_bookings import remind_bookings
from wanku.flows.buying.expire_trades import expire_trades
from wanku.flows.fulfilling.late_due import late_due
from wanku.flows.fulfilling.receive_due import receive_due
from wanku.flows.invoicing.issue_completed import issue_completed
from wanku.flows.invoicing.remind_invoices import remind_invoices
from wanku.flows.invoicing.reverse_for_refunds import reverse_for_refunds
from wanku.flows.invoicing.send_due_invoices import send_due_invoices
from wanku.flows.licensing.remind_licences import remind_licences
from wanku.flows.offering.clear_departures import clear_departures
from wanku.flows.offering.decide_departures import decide_departures
from wanku.flows.offering.open_kitchens import open_kitchens
from wanku.flows.offering.open_stay_nights import open_stay_nights
from wanku.flows.offering.open_visit_hours import open_visit_hours
from wanku.flows.paying.ask_due_attempts import ask_due_attempts
from wanku.flows.paying.remind_transfers import remind_transfers
from wanku.flows.paying.send_due_refunds import send_due_refunds
from wanku.flows.policing.overdue_applications import overdue_applications
from wanku.flows.queueing.admit_waiting import admit_waiting
from wanku.flows.queueing.forget_tickets import forget_tickets
from wanku.flows.queueing.lapse_tickets import lapse_tickets
from wanku.flows.reconciling.reconcile_due import reconcile_due
from wanku.flows.reconciling.remind_cases import remind_cases
from wanku.flows.repeating.forget_keys import forget_keys
from wanku.flows.settling.close_days import close_days
from wanku.flows.settling.release_due import release_due
from wanku.flows.settling.remind_freezes import remind_freezes
from wanku.flows.settling.remind_payouts import remind_payouts
from wanku.flows.settling.send_due_payouts import send_due_payouts
from wanku.flows.settling.settle_due import settle_due
from wanku.flows.talking.remind_questions import remind_questions
from wanku.flows.talking.send_notices import send_notices
from wanku.flows.talking.tell_low_stock import tell_low_stock
from wanku.flows.talking.tell_moves import tell_moves
from wanku.ui.letters import letter


class Act(Protocol):
    """A flow that deals with what is due and tells how much that was."""

    def __call__(self, *, now: datetime, limit: int) -> int: ...


class Lane(StrEnum):
    """What shares a thread. A channel that answers slowly must not hold up the clocks."""

    CLOCKS = "clocks"
    UNPAID = "unpaid"
    MONEY = "money"
    BILLS = "bills"
    MAIL = "mail"
    INVOICES = "invoices"
    SANDBOX = "sandbox"


@dataclass(frozen=True, slots=True)
class Sweep:
    """One thing to look after.

    Attributes:
        limit: rows per transaction or turn; a full turn is followed by another at once.
        wait: seconds between two looks while there is nothing to do.
    """

    name: str
    act: Act
    lane: Lane
    limit: int
    wait: float


def sweeps() -> Sequence[Sweep]:
    """All of them, with those that this installation's settings add."""
    return (
        Sweep("expire_trades", expire_trades, Lane.UNPAID, 500, 1.0),
        Sweep("lapse_tickets", lapse_tickets, Lane.CLOCKS, 500, 1.0),
        Sweep("admit_waiting", admit_waiting, Lane.CLOCKS, 500, 1.0),
        Sweep("receive_due", receive_due, Lane.CLOCKS, 500, 5.0),
        Sweep("release_due", release_due, Lane.CLOCKS, 500, 5.0),
        Sweep("settle_due", settle_due, Lane.CLOCKS, 20, 30.0),
        Sweep("remind_payouts", remind_payouts, Lane.CLOCKS, 100, 60.0),
        Sweep("late_due", late_due, Lane.CLOCKS, 500, 5.0),
        Sweep("bookings_due", bookings_due, Lane.CLOCKS, 100, 2.0),
        Sweep("remind_bookings", remind_bookings, Lane.CLOCKS, 200, 30.0),
        Sweep("remind_licences", remind_licences, Lane.CLOCKS, 200, 300.0),
        Sweep("decide_departures", decide_departures, Lane.CLOCKS, 100, 10.0),
        Sweep("clear_departures", clear_departures, Lane.CLOCKS, 50, 2.0),
        Sweep("remind_questions", remind_questions, Lane.CLOCKS, 100, 30.0),
        Sweep("overdue_applications", overdue_applications, Lane.CLOCKS, 100, 60.0),
        Sweep("remind_freezes", remind_freezes, Lane.CLOCKS, 100, 60.0),
        Sweep("close_days", close_days, Lane.CLOCKS, 31, 300.0),
        Sweep("remind_transfers", remind_transfers, Lane.CLOCKS, 100, 60.0),
        Sweep("tell_moves", tell_moves, Lane.CLOCKS, 200, 1.0),
        Sweep("tell_low_stock", tell_low_stock, Lane.CLOCKS, 100, 30.0),
        Sweep("ask_due_attempts", ask_due_attempts, Lane.MONEY, 20, 1.0),
        Sweep("send_due_refunds", send_due_refunds, Lane.MONEY, 20, 1.0),
        Sweep("send_due_payouts", send_due_payouts, Lane.MONEY, 20, 1.0),
        Sweep("reconcile_due", reconcile_due, Lane.BILLS, 10, 60.0),
        Sweep("remind_cases", remind_cases, Lane.CLOCKS, 200, 60.0),
        Sweep("send_notices", partial(send_notices, write=letter), Lane.MAIL, 50, 2.0),
        Sweep("remind_invoices", remind_invoices, Lane.CLOCKS, 100, 60.0),
        Sweep("reverse_for_refunds", reverse_for_refunds, Lane.INVOICES, 50, 15.0),
        Sweep("issue_completed", issue_completed, Lane.INVOICES, 20, 15.0),
        Sweep("send_due_invoices", send_due_invoices, Lane.INVOICES, 20, 2.0),
        Sweep("open_visit_hours", open_visit_hours, Lane.CLOCKS, 50, 300.0),
        Sweep("open_kitchens", open_kitchens, Lane.CLOCKS, 20, 300.0),
        Sweep("open_stay_nights", open_stay_nights, Lane.CLOCKS, 20, 300.0),
        Sweep("forget_keys", forget_keys, Lane.CLOCKS, 500, 600.0),
        Sweep("forget_tickets", forget_tickets, Lane.CLOCKS, 500, 600.0),
        *(_extra(path) for path in settings.EXTRA_SWEEPS),
    )


def _extra(path: str) -> Sweep:
    act: Callable[..., int] = import_string(path)
    return Sweep(path.rpartition(".")[2], act, Lane.SANDBOX, 50, 1.0)
