"""The statement of a merchant as its own desk and the platform's show it: movements, days, and the sheets of both."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from wanku.catalog.sheets.stream import Cell
from wanku.kernel.money import Money, major
from wanku.ledger.days import ZONE, begin_of, day_of, end_of
from wanku.ledger.models import Balance
from wanku.ledger.post import available, frozen, held
from wanku.ledger.statement import END, START, Movement, Place, Row, by_day, days, listing, walk
from wanku.orders.models import Order
from wanku.settlement.models import Payout

Text = str | Promise
_p = partial(pgettext_lazy)
PAGE: Final = 30
DAYS: Final = 31
EXPORT_DAYS_MAX: Final = 366
PIECE: Final = 2_000
PATHS: Final[Mapping[str, Callable[[int], str]]] = {"held": held, "available": available, "frozen": frozen}
ACCOUNTS: Mapping[str, Text] = {
    "held": _p("ledger", "Held"),
    "available": _p("ledger", "Available"),
    "frozen": _p("ledger", "Frozen"),
}
REASONS: Mapping[str, Text] = {
    "capture": _p("ledger", "Paid by the buyer"),
    "release": _p("ledger", "Released"),
    "commission": _p("ledger", "Commission of the platform"),
    "commission_back": _p("ledger", "Commission given back"),
    "refund_due": _p("ledger", "Paid back to the buyer"),
    "freeze": _p("ledger", "Frozen"),
    "thaw": _p("ledger", "Thawed"),
    "payout": _p("ledger", "Paid out"),
    "payout_failed": _p("ledger", "Payout failed"),
    "payout_came_back": _p("ledger", "Payout came back"),
}


class Sold(NamedTuple):
    """What is needed of an order to name it and to link to it."""

    number: str
    trade_id: UUID


Link = Callable[[Movement, Sold | None, str], str]
"""Where a movement's cause is shown at the reader's desk, by its order and the number of its settlement; else empty."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for; strange values mean nothing was asked.

    Attributes:
        account: one of `ACCOUNTS`, or empty for all.
        first, last: days of the books, both included.
        before: where an older page goes on.
    """

    account: str = ""
    first: date | None = None
    last: date | None = None
    before: Place | None = None

    @classmethod
    def of(cls, query: QueryDict) -> "Wanted":
        """What an address asks for."""
        account = query.get("account", "")
        first, last = _day(query.get("first", "")), _day(query.get("last", ""))
        return cls(account if account in ACCOUNTS else "", first, last, _place(query.get("before", "")))

    def paths(self, merchant_id: int) -> list[str]:
        """The accounts that are listed."""
        return [path(merchant_id) for name, path in PATHS.items() if self.account in ("", name)]


@dataclass(frozen=True, slots=True)
class Line:
    """A movement in words; ``number`` is that of its order, ``url`` leads to its cause."""

    row: Row
    account: Text
    why: Text
    number: str
    url: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A page of movements; ``older`` is what the address of the next page ends in."""

    lines: Sequence[Line]
    older: str


@dataclass(frozen=True, slots=True)
class BookDay:
    """A day of one merchant in one currency: what all its accounts gained, and each at the end; minor units."""

    day: date
    currency: str
    gained: int
    closing: Mapping[str, int]

    @property
    def total(self) -> int:
        """All accounts together at the end of the day."""
        return sum(self.closing.values())


def balances(merchant_id: int) -> dict[str, int]:
    """Minor units by name of the account, now; yuan only."""
    names = {path(merchant_id): name for name, path in PATHS.items()}
    rows = Balance.objects.filter(account__in=names, currency="CNY").values_list("account", "amount")
    return dict.fromkeys(ACCOUNTS, 0) | {names[account]: amount for account, amount in rows}


def statement(merchant_id: int, wanted: Wanted, link: Link) -> Statement:
    """A page in three statements, whatever lies before it."""
    since = begin_of(wanted.first) if wanted.first else START
    before = wanted.before or (Place(end_of(wanted.last), 0) if wanted.last else None)
    found = listing(wanted.paths(merchant_id), since=since, before=before, limit=PAGE)
    older = f"{_micros(found.older.at)}-{found.older.id}" if found.older else ""
    return Statement(list(_worded(found.rows, link)), older)


def book_days(merchant_id: int, until: date) -> list[BookDay]:
    """The last days on which anything moved, newest first."""
    names = {path(merchant_id): name for name, path in PATHS.items()}
    found = days(list(names), until=until, limit=DAYS)
    running: dict[str, dict[str, int]] = {}
    shown = []
    for day, rows in reversed(list(by_day(found).items())):
        gained: dict[str, int] = {}
        for each in rows:
            running.setdefault(each.currency, dict.fromkeys(ACCOUNTS, 0))[names[each.account]] = each.closing
            gained[each.currency] = gained.get(each.currency, 0) + each.incoming - each.outgoing
        shown += [BookDay(day, currency, amount, dict(running[currency])) for currency, amount in gained.items()]
    return shown[::-1]


def sheet_head() -> list[str]:
    """Headings of `sheet_rows`."""
    return [
        pgettext("desk", "Time"),
        _("Account"),
        pgettext("desk", "Reason"),
        pgettext("desk", "Order"),
        _("Amount"),
        _("Balance after"),
        _("All accounts after"),
        _("Currency"),
    ]


def sheet_rows(merchant_id: int, wanted: Wanted, now: datetime) -> Iterator[list[Cell]]:
    """The same as a table, oldest first, at most a year up to the last day that was asked for."""
    last = wanted.last or day_of(now)
    year = date.fromordinal(max(1, last.toordinal() - EXPORT_DAYS_MAX + 1))
    first = max(wanted.first or year, year)
    rows = walk(wanted.paths(merchant_id), since=begin_of(first), until=end_of(last))
    while some := list(islice(rows, PIECE)):
        for line in _worded(some, lambda movement, sold, settlement: ""):
            each, money = line.row.movement, partial(_major, currency=line.row.movement.currency)
            yield [
                each.at.astimezone(ZONE),
                str(line.account),
                str(line.why),
                line.number,
                money(each.amount),
                money(line.row.after),
                money(line.row.total),
                each.currency,
            ]


def reason_text(reason: str) -> Text:
    """Why a posting was made, in the merchant's words."""
    return REASONS.get(reason, reason.replace("_", " "))


def _worded(rows: Iterable[Row], link: Link) -> Iterator[Line]:
    found = list(rows)
    ids = {row.movement.order_id for row in found if row.movement.order_id}
    orders = Order.objects.filter(pk__in=ids).values_list("pk", "number", "trade_id")
    sold = {pk: Sold(number, trade_id) for pk, number, trade_id in orders}
    paid_out = {row.movement.ref_id for row in found if row.movement.ref_type == "payout"}
    payouts = Payout.objects.filter(pk__in=paid_out).values_list("pk", "settlement__number")
    settlements = {str(pk): number for pk, number in payouts}
    for row in found:
        each = row.movement
        order = sold.get(each.order_id) if each.order_id else None
        name = each.account.rpartition(":")[2]
        number = order.number if order else ""
        url = link(each, order, settlements.get(each.ref_id, ""))
        yield Line(row, ACCOUNTS.get(name, name), reason_text(each.reason), number, url)


def _major(amount: int, *, currency: str) -> Any:
    return major(Money(amount, currency))


def _micros(at: datetime) -> int:
    return round((at - START) / timedelta(microseconds=1))


def _place(text: str) -> Place | None:
    """What `Statement.older` says."""
    micros, _, number = text.partition("-")
    if not (micros.isascii() and micros.isdigit() and number.isascii() and number.isdigit() and len(text) <= 36):
        return None
    at = START + timedelta(microseconds=int(micros)) if len(micros) <= 17 else END
    return Place(at.astimezone(UTC), min(int(number), 2**63 - 1))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
