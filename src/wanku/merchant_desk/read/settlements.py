"""What a shop was settled and paid, what is on its way, and where it goes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.core.paginator import Page, Paginator
from django.db.models import Min, Sum

from wanku.ledger.models import Balance
from wanku.ledger.post import available, frozen, held
from wanku.orders.models import Order
from wanku.settlement.bank_accounts import Masked, current_account, masked
from wanku.settlement.models import Payout, Plan, Settlement, SettlementLine, Window
from wanku.settlement.states import ON_THE_WAY, OPEN

PAGE: Final = 20
LINES: Final = 100


@dataclass(frozen=True, slots=True)
class Money:
    """Balances in minor units, and what happens next.

    Attributes:
        on_the_way: payouts that have left the balance and not arrived.
        plan: when the shop is settled next; none before its first order was received.
        releases_at: when the next after-sales window closes.
    """

    held: int
    available: int
    frozen: int
    on_the_way: int
    plan: Plan | None
    releases_at: datetime | None


def money(merchant_id: int) -> Money:
    """Read it in four queries; the shop's money is in one currency."""
    names = {held(merchant_id): "held", available(merchant_id): "available", frozen(merchant_id): "frozen"}
    sums = dict.fromkeys(names.values(), 0)
    for account, amount in Balance.objects.filter(account__in=names).values_list("account", "amount"):
        sums[names[account]] += amount
    going = Payout.objects.filter(merchant=merchant_id, state__in=ON_THE_WAY).aggregate(sum=Sum("amount"))["sum"]
    closes = Window.objects.filter(merchant_id=merchant_id, state=OPEN).aggregate(first=Min("due_at"))["first"]
    return Money(
        **sums, on_the_way=going or 0, plan=Plan.objects.filter(merchant=merchant_id).first(), releases_at=closes
    )


def settlements(merchant_id: int, number: str | None) -> Page[Settlement]:
    """The latest first, each with its payouts as ``paid_by``."""
    rows = Settlement.objects.filter(merchant=merchant_id).prefetch_related("paid_by").order_by("-drawn_at", "-pk")
    return Paginator(rows, PAGE).get_page(number)


def payouts(merchant_id: int, most: int = 10) -> Sequence[Payout]:
    """The latest payouts."""
    rows = Payout.objects.filter(merchant=merchant_id).select_related("account", "settlement")
    return list(rows.order_by("-created_at", "-pk")[:most])


def settlement(merchant_id: int, number: str) -> Settlement | None:
    """One of the shop's own, or none."""
    rows = Settlement.objects.filter(merchant=merchant_id, number=number)
    return rows.prefetch_related("paid_by__account").first()


def lines(found: Settlement, number: str | None) -> tuple[Page[SettlementLine], Mapping[object, str]]:
    """A page of its lines in order, and numbers of their orders by id."""
    page = Paginator(found.lines.order_by("posting_id"), LINES).get_page(number)
    ids = {line.order_id for line in page if line.order_id}
    return page, dict(Order.objects.filter(pk__in=ids).values_list("pk", "number"))


def account(merchant_id: int) -> Masked | None:
    """Where the shop is paid, as a screen may show it."""
    row = current_account(merchant_id)
    return masked(row) if row else None
