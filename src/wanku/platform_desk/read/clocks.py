"""Every clock that runs, and what came of those that ran out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Min, Q, QuerySet

from wanku.audit.models import Move, Stateful
from wanku.fulfilment.models import Booking
from wanku.kernel.states import CLOCK
from wanku.kinds.registry import KINDS
from wanku.merchants.models import Merchant
from wanku.orders.models import Order, Trade
from wanku.payments.models import Attempt, Refund
from wanku.reconciliation.models import Bill, FinanceCase

PAGE = 40
MODELS: tuple[type[Stateful], ...] = (Trade, Order, Booking, Attempt, Refund, Bill, FinanceCase, Merchant)
BY_NAME = {model.MACHINE.name: model for model in MODELS}


@dataclass(frozen=True, slots=True)
class Kind:
    """The clocks of one noun."""

    name: str
    running: int
    overdue: int
    first: datetime | None


@dataclass(frozen=True, slots=True)
class Running:
    """One clock that runs: on what, whose turn it is, when it is due, and what silence leads to.

    Attributes:
        billed: channel and day of what is about a bill.
        pk: its key.
    """

    kind: str
    pk: Any
    number: str
    billed: tuple[str, date] | None
    state: str
    who: str
    clock: str
    silence: str
    becomes: str
    due_at: datetime | None
    trade_id: Any
    merchant_id: Any


def _rows(model: type[Stateful]) -> QuerySet[Any]:
    return QuerySet(model)


def kinds(now: datetime) -> list[Kind]:
    """How many clocks run on each noun, and how many should have had their outcome."""
    found = []
    for model in MODELS:
        row = (
            _rows(model)
            .filter(due_at__isnull=False)
            .aggregate(running=Count("pk"), overdue=Count("pk", filter=Q(due_at__lte=now)), first=Min("due_at"))
        )
        found.append(Kind(model.MACHINE.name, row["running"], row["overdue"], row["first"]))
    return found


def running(kind: str, number: str | None) -> Page[Any]:
    """Clocks of one noun, the next one first."""
    rows = _rows(BY_NAME[kind]).filter(due_at__isnull=False).order_by("due_at", "pk")
    rows = rows.select_related("order__trade") if kind == Booking.MACHINE.name else rows
    page: Page[Any] = Paginator(rows, PAGE).get_page(number)
    page.object_list = [_running(thing) for thing in page.object_list]
    return page


def _running(thing: Stateful) -> Running:
    machine = thing.MACHINE
    who, clock, silence = _waiting(thing)
    outcome = machine.after(thing.state, silence)
    trade = isinstance(thing, Trade)
    return Running(
        kind=machine.name,
        pk=thing.pk,
        number=_number(thing),
        billed=(thing.gateway, thing.day) if isinstance(thing, Bill | FinanceCase) else None,
        state=thing.state,
        who=who,
        clock=clock,
        silence=silence,
        becomes=outcome.to if outcome else thing.state,
        due_at=thing.due_at,
        trade_id=thing.pk if trade else getattr(thing, "trade_id", None) or thing.move_context().get("trade_id"),
        merchant_id=thing.pk if isinstance(thing, Merchant) else None,
    )


def _waiting(thing: Stateful) -> tuple[str, str, str]:
    """Whose turn it is, which clock runs, and the event that silence means."""
    if isinstance(thing, Booking):
        silence = KINDS[thing.kind].course.silence[thing.state]
        return thing.MACHINE.may_wait[thing.state].who, silence.clock, silence.event
    waiting = thing.MACHINE.waiting[thing.state]
    return waiting.who, waiting.clock, waiting.silence


def _number(thing: Stateful) -> str:
    if isinstance(thing, Attempt | Refund | FinanceCase):
        return thing.number
    return "" if isinstance(thing, Bill) else str(thing)


def ran_out(before: int | None) -> Sequence[Move]:
    """What the clocks did, newest first; `before` continues a list."""
    rows = Move.objects.filter(actor=CLOCK).order_by("-id")
    if before:
        rows = rows.filter(pk__lt=before)
    return list(rows[: PAGE + 1])
