"""The statement of a shop: every posting with the balance after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet, Sum
from django.utils import timezone

from wanku.ledger.models import Balance, Posting
from wanku.ledger.post import available, held
from wanku.orders.models import Order

PAGE: Final = 50
EXPORT_MAX: Final = 50_000
ACCOUNTS: Final = ("held", "available", "frozen")


@dataclass(frozen=True, slots=True)
class Row:
    """One posting; ``after`` is the balance of its account behind it, minor units."""

    posting: Posting
    after: int
    number: str


def account(merchant_id: int, name: str) -> str:
    """Path of one of a shop's accounts."""
    known = {"held": held(merchant_id), "available": available(merchant_id)}
    return known.get(name, f"merchant:{merchant_id}:{name}")


def balances(merchant_id: int) -> dict[str, int]:
    """Minor units by name of the account."""
    paths = {account(merchant_id, name): name for name in ACCOUNTS}
    found = dict.fromkeys(ACCOUNTS, 0)
    for path, amount in Balance.objects.filter(account__in=paths).values_list("account", "amount"):
        found[paths[path]] += amount
    return found


def postings(merchant_id: int, *, name: str, first: date | None, last: date | None) -> QuerySet[Posting]:
    """Postings of one account or all three, newest first."""
    paths = [account(merchant_id, name)] if name else [account(merchant_id, x) for x in ACCOUNTS]
    rows = Posting.objects.filter(account__in=paths)
    zone = timezone.get_current_timezone()
    if first:
        rows = rows.filter(at__gte=datetime.combine(first, time.min, zone))
    if last and last < date.max:
        rows = rows.filter(at__lt=datetime.combine(last + timedelta(days=1), time.min, zone))
    return rows.select_related("entry").order_by("-id")


def listing(rows: QuerySet[Posting], number: str | None) -> tuple[Page[Posting], list[Row]]:
    """One page, with the numbers of the orders."""
    found = Paginator(rows, PAGE).get_page(number)
    return found, rows_of(list(found))


def rows_of(found: Sequence[Posting]) -> list[Row]:
    """Postings, newest first, each with the number of its order and the balance of its account behind it."""
    orders = {row.order_id for row in found if row.order_id}
    numbers = dict(Order.objects.filter(pk__in=orders).values_list("pk", "number"))
    after = _balances_after(found)
    return [Row(row, after[row.pk], numbers.get(row.order_id, "") if row.order_id else "") for row in found]


def _balances_after(found: Sequence[Posting]) -> dict[int, int]:
    """Running balances by posting, counted down from the balance of today; three queries, whatever lies before.

    Postings between the oldest and the newest shown are counted too where a filter hides them.
    """
    if not found:
        return {}
    paths = {row.account for row in found}
    ids = [row.pk for row in found]
    running: dict[tuple[str, str], int] = {}
    for path, currency, amount in Balance.objects.filter(account__in=paths).values_list(
        "account", "currency", "amount"
    ):
        running[path, currency] = amount
    later = Posting.objects.filter(account__in=paths, id__gt=max(ids)).values_list("account", "currency")
    for path, currency, amount in later.annotate(sum=Sum("amount")).order_by():
        running[path, currency] = running.get((path, currency), 0) - amount
    between = Posting.objects.filter(account__in=paths, id__range=(min(ids), max(ids))).order_by("-id")
    after: dict[int, int] = {}
    for key, path, currency, amount in between.values_list("pk", "account", "currency", "amount"):
        after[key] = running.get((path, currency), 0)
        running[path, currency] = after[key] - amount
    return after
