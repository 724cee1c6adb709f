"""Browsing entries, and balances by account."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet, Sum

from wanku.flows.proving.ask_proof import GIVEN_UP_AFTER
from wanku.kernel.ids import clean_number
from wanku.ledger.models import Balance, Entry, Posting, Proof
from wanku.merchants.models import Merchant
from wanku.orders.models import Order

PAGE = 30
PROVEN_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class Search:
    """What was asked for; `account` may be the beginning of a path."""

    account: str = ""
    order: str = ""
    reason: str = ""
    since: date | None = None
    until: date | None = None


def search(asked: Search) -> QuerySet[Entry]:
    """Entries by account, order number, reason and day (of the reader), newest first."""
    rows = Entry.objects.order_by("-at", "-id")
    if asked.account:
        rows = rows.filter(pk__in=Posting.objects.filter(account__startswith=asked.account).values("entry_id"))
    if asked.order:
        number = clean_number(asked.order) or asked.order
        ids = list(Order.objects.filter(Q(number=number) | Q(trade__number=number)).values_list("pk", flat=True))
        booked = Posting.objects.filter(order_id__in=ids).values("entry_id")
        rows = rows.filter(Q(pk__in=booked) | Q(ref_type="order", ref_id__in=[str(pk) for pk in ids]))
    if asked.reason:
        rows = rows.filter(reason=asked.reason)
    if asked.since:
        rows = rows.filter(at__date__gte=asked.since)
    if asked.until:
        rows = rows.filter(at__date__lte=asked.until)
    return rows


def listing(rows: QuerySet[Entry], number: str | None) -> tuple[Page[Entry], Mapping[Any, Order]]:
    """One page of entries with their postings, and the orders that they name by id."""
    page = Paginator(rows.prefetch_related("postings"), PAGE).get_page(number)
    ids = {posting.order_id for entry in page for posting in entry.postings.all() if posting.order_id}
    orders = Order.objects.filter(pk__in=ids).only("number", "trade_id")
    return page, {order.pk: order for order in orders}


def reasons() -> list[str]:
    """Every reason that was booked."""
    return list(Entry.objects.order_by("reason").values_list("reason", flat=True).distinct())


@dataclass(frozen=True, slots=True)
class Account:
    """One account: summed from its postings, and what is cached for merchants."""

    account: str
    currency: str
    amount: int
    postings: int
    cached: int | None
    owner: str


def accounts(q: str, number: str | None) -> Page[Any]:
    """Balances by account; platform and gateway accounts first, then merchants."""
    rows = Posting.objects.values("account", "currency").annotate(amount=Sum("amount"), postings=Count("pk"))
    if q:
        rows = rows.filter(account__contains=q)
    page: Page[Any] = Paginator(rows.order_by("account", "currency"), PAGE).get_page(number)
    found = list(page.object_list)
    names = [row["account"] for row in found]
    cached = {(b.account, b.currency): b.amount for b in Balance.objects.filter(account__in=names)}
    owners = _owners(names)
    page.object_list = [
        Account(
            account=row["account"],
            currency=row["currency"],
            amount=row["amount"],
            postings=row["postings"],
            cached=cached.get((row["account"], row["currency"])),
            owner=owners.get(row["account"], ""),
        )
        for row in found
    ]
    return page


def _owners(names: Sequence[str]) -> dict[str, str]:
    """Merchants' names by account."""
    ids = {name: int(name.split(":")[1]) for name in names if name.startswith("merchant:")}
    merchants = dict(Merchant.objects.filter(pk__in=set(ids.values())).values_list("pk", "name"))
    return {name: merchants.get(pk, "") for name, pk in ids.items()}


def totals() -> list[dict[str, Any]]:
    """By currency, what is at channels and banks, and by kinds of accounts whose it is, which adds up to the same."""
    kinds = {
        "merchants_held": Q(account__regex=r"^merchant:\d+:held$"),
        "merchants_available": Q(account__regex=r"^merchant:\d+:available$"),
        "merchants_frozen": Q(account__regex=r"^merchant:\d+:frozen$"),
        "platform": Q(account__startswith="platform:"),
        "buyers": Q(account__startswith="buyer:"),
        "payouts": Q(account__startswith="payout:"),
        "there": Q(account__startswith="gateway:") | Q(account__startswith="bank:"),
    }
    sums = {name: Sum("amount", filter=condition) for name, condition in kinds.items()}
    rows: Any = Posting.objects.values("currency").annotate(**sums, total=Sum("amount")).order_by("currency")
    # In the books what others owe us is negative; people read it as what is there.
    return [{**row, **{name: row[name] or 0 for name in kinds}, "there": -(row["there"] or 0)} for row in rows]


def is_small() -> bool:
    """Whether the books are short enough to be proven while somebody waits for the page."""
    return Entry.objects.values("pk")[: PROVEN_AT_ONCE + 1].count() <= PROVEN_AT_ONCE


def proofs(now: datetime) -> tuple[Proof | None, Proof | None]:
    """The last one that is finished, and the one that is under way."""
    last = Proof.objects.filter(finished_at__isnull=False).order_by("-asked_at").first()
    running = Proof.objects.filter(finished_at=None, asked_at__gt=now - GIVEN_UP_AFTER)
    return last, running.order_by("-asked_at").first()
