"""Browsing entries, and balances by account; every page costs the same however long the books are."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet, Sum

from wanku.catalog.sheets.stream import Cell
from wanku.flows.proving.ask_proof import GIVEN_UP_AFTER
from wanku.kernel.ids import clean_number
from wanku.kernel.money import Money, major
from wanku.ledger.accounts import Span, names, newest, sums
from wanku.ledger.days import begin_of, end_of
from wanku.ledger.models import Balance, Entry, Posting, Proof
from wanku.ledger.statement import END, START, Day, days
from wanku.merchants.models import Merchant
from wanku.orders.models import Order

PAGE = 30
DAYS, YEAR = 31, 366
PROVEN_AT_ONCE = 20_000
FEW: Final = 60
"""So many accounts are read one by one; the beginning of a path that more of them have fits most entries anyway."""


@dataclass(frozen=True, slots=True)
class Search:
    """What was asked for.

    Attributes:
        account: an account, or the beginning of a path if there is none of that name.
        since, until: days of the books, both included.
        after: id of the entry behind which the list goes on.
    """

    account: str = ""
    order: str = ""
    reason: str = ""
    since: date | None = None
    until: date | None = None
    after: UUID | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of entries, newest first, with their postings and the orders these name; ``older`` goes on behind it."""

    entries: Sequence[Entry]
    orders: Mapping[Any, Order]
    older: UUID | None


def listing(asked: Search) -> Listing:
    """Entries by account, order number, reason and day."""
    found = list(_search(asked)[: PAGE + 1].prefetch_related("postings"))
    shown = found[:PAGE]
    ids = {posting.order_id for entry in shown for posting in entry.postings.all() if posting.order_id}
    orders = {order.pk: order for order in Order.objects.filter(pk__in=ids).only("number", "trade_id")}
    return Listing(shown, orders, shown[-1].pk if len(found) > PAGE else None)


def _search(asked: Search) -> QuerySet[Entry]:
    rows = Entry.objects.order_by("-at", "-id")
    span = _span(asked)
    if asked.order:
        rows = rows.filter(pk__in=_booked_on(asked.order))
    if asked.account:
        paths = _paths(asked.account)
        if not asked.order and len(paths) <= FEW:
            return rows.filter(pk__in=newest(paths, span, PAGE + 1))
        rows = rows.filter(pk__in=Posting.objects.filter(account__startswith=asked.account).values("entry_id"))
    if asked.reason:
        rows = rows.filter(reason=asked.reason)
    if span.after:
        at, entry = span.after
        rows = rows.filter(Q(at__lt=at) | Q(id__lt=entry), at__lte=at)
    return rows.filter(at__gte=span.since, at__lt=span.until)


def _span(asked: Search) -> Span:
    since = begin_of(asked.since) if asked.since else START
    until = end_of(asked.until) if asked.until else END
    place = Entry.objects.filter(pk=asked.after).values_list("at", "pk").first() if asked.after else None
    return Span(since, until, place, asked.reason)


def _paths(account: str) -> list[str]:
    every = names()
    return [account] if account in every else [name for name in every if name.startswith(account)]


def _booked_on(order: str) -> set[UUID]:
    """Entries about an order or a trade, by its number."""
    number = clean_number(order) or order
    ids = list(Order.objects.filter(Q(number=number) | Q(trade__number=number)).values_list("pk", flat=True))
    caused = Entry.objects.filter(ref_type="order", ref_id__in=[str(pk) for pk in ids]).values_list("pk", flat=True)
    return {*Posting.objects.filter(order_id__in=ids).values_list("entry_id", flat=True), *caused}


@dataclass(frozen=True, slots=True)
class Account:
    """One account: its sum by days and postings, and what is cached for merchants."""

    account: str
    currency: str
    amount: int
    postings: int
    cached: int | None
    owner: str


def accounts(every: Sequence[str], q: str, number: str | None) -> Page[Any]:
    """Balances of those accounts whose names hold a text."""
    page: Page[Any] = Paginator([name for name in every if q in name], PAGE).get_page(number)
    shown = list(page.object_list)
    cached = {(b.account, b.currency): b.amount for b in Balance.objects.filter(account__in=shown)}
    owners = _owners(shown)
    page.object_list = [
        Account(
            account=row.account,
            currency=row.currency,
            amount=row.amount,
            postings=row.postings,
            cached=cached.get((row.account, row.currency)),
            owner=owners.get(row.account, ""),
        )
        for row in sums(shown)
    ]
    return page


def _owners(shown: Sequence[str]) -> dict[str, str]:
    """Merchants' names by account."""
    ids = {name: int(name.split(":")[1]) for name in shown if name.startswith("merchant:")}
    merchants = dict(Merchant.objects.filter(pk__in=set(ids.values())).values_list("pk", "name"))
    return {name: merchants.get(pk, "") for name, pk in ids.items()}


KINDS: Final[Mapping[str, str]] = {
    "gateway": "there",
    "bank": "there",
    "platform": "platform",
    "payout": "payouts",
    "buyer": "buyers",
}
"""Where `totals` counts an account, by the beginning of its path."""
ENDS: Final = ("held", "available", "frozen")


def totals(every: Sequence[str]) -> list[dict[str, Any]]:
    """By currency, what is at channels and banks, and by kinds of accounts whose it is, which adds up to the same.

    Merchants have too many accounts to be summed for a page: they count by their cached balances.
    """
    kept = {f"merchants_{end}": Sum("amount", filter=Q(account__endswith=f":{end}")) for end in ENDS}
    merchants: Any = Balance.objects.values("currency").annotate(**kept)
    nothing = dict.fromkeys((*kept, *KINDS.values()), 0)
    found = {row["currency"]: {kind: row.get(kind) or 0 for kind in nothing} for row in merchants}
    for each in sums([name for name in every if not name.startswith("merchant:")]):
        row = found.setdefault(each.currency, dict(nothing))
        row[KINDS[each.account.partition(":")[0]]] += each.amount
    # In the books what others owe us is negative; people read it as what is there.
    return [{"currency": code, **row, "there": -row["there"]} for code, row in sorted(found.items())]


def days_of(account: str, until: date) -> tuple[list[Day], date | None]:
    """The last days on which an account moved, newest first, and where the list goes on."""
    found = days([account], until=until, limit=DAYS + 1)
    dates = sorted({each.day for each in found}, reverse=True)
    return [each for each in found if each.day in dates[:DAYS]], dates[DAYS] if len(dates) > DAYS else None


def day_rows(account: str, until: date) -> Iterator[list[Cell]]:
    """The days of a year as a table, oldest first."""
    for each in reversed(days([account], until=until, limit=YEAR)):
        money = (each.opening, each.incoming, each.outgoing, each.closing)
        amounts = [major(Money(amount, each.currency)) for amount in money]
        yield [each.day.isoformat(), *amounts, each.postings, each.currency]


def is_small() -> bool:
    """Whether the books are short enough to be proven while somebody waits for the page."""
    return Entry.objects.values("pk")[: PROVEN_AT_ONCE + 1].count() <= PROVEN_AT_ONCE


def proofs(now: datetime) -> tuple[Proof | None, Proof | None]:
    """The last one that is finished, and the one that is under way."""
    last = Proof.objects.filter(finished_at__isnull=False).order_by("-asked_at").first()
    running = Proof.objects.filter(finished_at=None, asked_at__gt=now - GIVEN_UP_AFTER)
    return last, running.order_by("-asked_at").first()
