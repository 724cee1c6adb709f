"""What making, sending and settling payouts share: whether a shop may be paid, and the books."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from wanku.audit.move import By, move
from wanku.audit.rules import current
from wanku.kernel.refusal import Refusal
from wanku.kernel.states import GATEWAY
from wanku.ledger.post import PAYOUT_CLEARING, Line, available, bank, post
from wanku.merchants.models import Merchant
from wanku.merchants.states import Capability, capable
from wanku.settlement.bank import PayoutResult, PayoutState
from wanku.settlement.bank_accounts import current_account
from wanku.settlement.models import BankAccount, Payout, Settlement
from wanku.settlement.plans import settle_soon
from wanku.settlement.refusals import ACCOUNT_COOLING, NO_BANK_ACCOUNT, STANDING_HOLDS_MONEY
from wanku.settlement.rules import retry_seconds
from wanku.settlement.states import PAID, SENT

WATCH_DAYS: Final = 5
"""For so long a paid payout is asked about: later banks no longer send money back by themselves."""


def payable_to(merchant: Merchant, now: datetime) -> BankAccount:
    """The account that a merchant may be paid to now.

    Raises:
        Refusal: ``standing_holds_money``, ``no_bank_account``, ``account_cooling``.
    """
    if not capable(merchant.state, Capability.BE_PAID_OUT):
        raise Refusal(STANDING_HOLDS_MONEY, state=merchant.state)
    account = current_account(merchant.pk)
    if account is None:
        raise Refusal(NO_BANK_ACCOUNT)
    if account.usable_from > now:
        raise Refusal(ACCOUNT_COOLING, until=account.usable_from)
    return account


def later(now: datetime, tries: int) -> datetime:
    """When the bank is asked again after so many calls."""
    return now + timedelta(seconds=retry_seconds(current()["payout_retry"], tries))


def book_made(payout: Payout, now: datetime) -> None:
    """The money leaves the merchant's balance."""
    _book(payout, "payout", available(payout.merchant_id), PAYOUT_CLEARING, now)


def give_up(payout: Payout, settlement: Settlement, event: str, *, by: By, because: str, now: datetime) -> None:
    """A payout that did not leave: its money is available again. The caller holds the locks of both."""
    _fail(payout, settlement, event, by=by, because=because, now=now)
    _book(payout, "payout_failed", PAYOUT_CLEARING, available(payout.merchant_id), now)


def settle_payout(number: str, result: PayoutResult, now: datetime) -> bool:
    """Act on what the bank says; whether it had an effect. Saying it again has none."""
    settlement_id = Payout.objects.values_list("settlement_id", flat=True).get(number=number)
    with transaction.atomic():
        settlement = Settlement.objects.select_for_update(no_key=True).get(pk=settlement_id)
        payouts = Payout.objects.select_for_update(no_key=True, of=("self",)).select_related("merchant")
        payout = payouts.get(number=number)
        if result.amount is not None and result.amount != payout.amount:
            raise WrongAmount(f"payout {number}: {result.amount} instead of {payout.amount}")
        if payout.state == SENT and result.state == PayoutState.PAID:
            _arrived(payout, settlement, result, now)
        elif payout.state == SENT and result.state == PayoutState.FAILED:
            give_up(payout, settlement, "fail", by=By(GATEWAY), because=result.failure or "refused", now=now)
        elif payout.state == PAID and result.state == PayoutState.FAILED:
            _fail(payout, settlement, "come_back", by=By(GATEWAY), because=result.failure or "returned", now=now)
            _book(payout, "payout_came_back", bank(payout.bank), available(payout.merchant_id), now)
        else:
            return False
    return True


class WrongAmount(Exception):
    """The bank speaks of another amount than we asked for: nothing follows from it but that a person must look."""


def _arrived(payout: Payout, settlement: Settlement, result: PayoutResult, now: datetime) -> None:
    payout.bank_ref, payout.paid_at = result.bank_ref, now
    payout.watch_at = now + timedelta(seconds=current()["payout_watch"])
    payout.save(update_fields=["bank_ref", "paid_at", "watch_at"])
    facts = {"amount": payout.amount}
    move(payout, "pay", by=By(GATEWAY), now=now, facts=facts)
    move(settlement, "pay", by=By(GATEWAY), now=now, facts=facts)
    _book(payout, "payout_paid", PAYOUT_CLEARING, bank(payout.bank), now)


def _fail(payout: Payout, settlement: Settlement, event: str, *, by: By, because: str, now: datetime) -> None:
    payout.failure, payout.watch_at = because[:60], None
    payout.save(update_fields=["failure", "watch_at"])
    facts = {"amount": payout.amount, "failure": payout.failure}
    move(payout, event, by=by, now=now, because=payout.failure, facts=facts)
    move(settlement, "come_back" if event == "come_back" else "fail", by=by, now=now, because=payout.failure)
    settle_soon(payout.merchant_id, payout.merchant.zone, now=now)


def _book(payout: Payout, reason: str, out_of: str, into: str, now: datetime) -> None:
    """Move the amount. A payout is made, arrives, fails and comes back once each, so its id makes the key."""
    post(
        key=f"{reason}:{payout.pk}",
        reason=reason,
        ref_type="payout",
        ref_id=payout.pk,
        currency=payout.currency,
        lines=[
            Line(out_of, -payout.amount, payout.merchant_id),
            Line(into, payout.amount, payout.merchant_id),
        ],
        now=now,
    )
