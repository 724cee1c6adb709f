"""Settlements to be paid, payouts and their two people, and one shop's money."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.core.paginator import Page, Paginator
from django.db.models import Count, Sum

from wanku.ledger.models import Balance
from wanku.ledger.post import available, frozen, held
from wanku.merchants.models import Merchant
from wanku.people.models import Person
from wanku.settlement.bank_accounts import Masked, current_account, masked
from wanku.settlement.models import BankAccount, Payout, Plan, Settlement
from wanku.settlement.states import APPROVED, CREATED, FAILED, ON_THE_WAY, PAID, PAYABLE, SENT, SETTLEMENT_MACHINE

PAGE: Final = 30
TO_PAY, TO_APPROVE, UNDER_WAY, DONE, CAME_BACK = "to_pay", "to_approve", "under_way", "paid", "failed"
VIEWS: Final = (TO_PAY, TO_APPROVE, UNDER_WAY, CAME_BACK, DONE)
STATES: Final[Mapping[str, tuple[str, ...]]] = {
    TO_APPROVE: (CREATED,),
    UNDER_WAY: (APPROVED, SENT),
    CAME_BACK: (FAILED,),
    DONE: (PAID,),
}
SETTLEMENT_STATES: Final = tuple(SETTLEMENT_MACHINE.states())


def counts() -> Mapping[str, int]:
    """How many are in each view; two queries."""
    by_state = dict(Payout.objects.values_list("state").annotate(count=Count("pk")))
    found = {view: sum(by_state.get(state, 0) for state in states) for view, states in STATES.items()}
    return {TO_PAY: Settlement.objects.filter(state=PAYABLE).count(), **found}


def to_pay(number: str | None) -> tuple[Page[Settlement], Mapping[int, BankAccount]]:
    """Settlements that nobody has paid yet, the oldest first, and the accounts of their shops."""
    rows = Settlement.objects.filter(state=PAYABLE).select_related("merchant").order_by("drawn_at", "pk")
    page = Paginator(rows, PAGE).get_page(number)
    latest = BankAccount.objects.filter(merchant__in=[row.merchant_id for row in page])
    newest = latest.order_by("merchant", "-at", "-pk").distinct("merchant")
    return page, {row.merchant_id: row for row in newest}


def payouts(view: str, number: str | None) -> Page[Payout]:
    """Payouts of one view: what waits the oldest first, else the newest."""
    rows = Payout.objects.filter(state__in=STATES[view]).select_related("merchant", "account", "settlement")
    waiting = view in (TO_APPROVE, UNDER_WAY)
    return Paginator(rows.order_by("created_at" if waiting else "-created_at", "pk"), PAGE).get_page(number)


def names(found: Collection[Payout]) -> Mapping[int, str]:
    """Who made and approved them, by id."""
    ids = {row.maker for row in found} | {row.checker for row in found if row.checker is not None}
    return {person.pk: person.name or str(person) for person in Person.objects.filter(pk__in=ids)}


def settlements(*, state: str, merchant: str, number: str | None) -> Page[Settlement]:
    """Settlements in one state or all, of one shop by its slug or of all; the latest first."""
    rows = Settlement.objects.select_related("merchant")
    rows = rows.filter(state=state) if state else rows
    rows = rows.filter(merchant__slug=merchant) if merchant else rows
    return Paginator(rows.order_by("-drawn_at", "-pk"), PAGE).get_page(number)


@dataclass(frozen=True, slots=True)
class ShopMoney:
    """One shop's money; amounts in minor units by currency."""

    balances: Sequence[tuple[str, str, int]]
    on_the_way: Sequence[tuple[str, int]]
    plan: Plan | None
    account: Masked | None
    settlements: Sequence[Settlement]
    payouts: Sequence[Payout]


def shop_money(merchant: Merchant) -> ShopMoney:
    """Read it in six queries."""
    order = {held(merchant.pk): "held", available(merchant.pk): "available", frozen(merchant.pk): "frozen"}
    rows = Balance.objects.filter(account__in=order).order_by("currency")
    found = sorted(rows, key=lambda row: (row.currency, list(order).index(row.account)))
    going = Payout.objects.filter(merchant=merchant, state__in=ON_THE_WAY).values_list("currency")
    row = current_account(merchant.pk)
    return ShopMoney(
        balances=[(order[row.account], row.currency, row.amount) for row in found],
        on_the_way=list(going.annotate(sum=Sum("amount")).order_by("currency")),
        plan=Plan.objects.filter(merchant=merchant).first(),
        account=masked(row) if row else None,
        settlements=list(Settlement.objects.filter(merchant=merchant).order_by("-drawn_at")[:10]),
        payouts=list(Payout.objects.filter(merchant=merchant).select_related("account").order_by("-created_at")[:10]),
    )
