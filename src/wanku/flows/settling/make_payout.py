"""The first person: a settlement is to be paid."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.move import move, note
from wanku.audit.record import record
from wanku.audit.rules import due
from wanku.flows.settling._payout import book_made, payable_to
from wanku.kernel.ids import new_number
from wanku.kernel.money import Money
from wanku.kernel.refusal import NOT_FOUND, WRONG_STATE, Refusal
from wanku.ledger.models import Balance
from wanku.ledger.post import available
from wanku.merchants.models import Merchant
from wanku.settlement.banks import ready_bank
from wanku.settlement.models import Payout, Settlement
from wanku.settlement.refusals import NO_BANK, TOO_LITTLE
from wanku.settlement.rules import minimum
from wanku.settlement.states import CREATED, PAYABLE


def make_payout(settlement_id: UUID, *, actor: Actor, now: datetime) -> Payout:
    """Take the money out of the merchant's balance and let it wait for a second person.

    Paid is what the settlement came to, or what is left of it: a refund or a freeze since then takes precedence.

    Raises:
        Refusal: ``not_allowed``, ``not_found``, ``wrong_state`` when it is paid out already or overtaken by a later
            settlement, ``no_bank``, ``standing_holds_money``, ``no_bank_account``, ``account_cooling``,
            ``too_little`` when less than the smallest payout is left.
    """
    require(actor, Permission.PAYOUTS_HANDLE)
    with transaction.atomic():
        settlement = Settlement.objects.select_for_update(no_key=True).filter(pk=settlement_id).first()
        if settlement is None:
            raise Refusal(NOT_FOUND)
        if settlement.state != PAYABLE:
            raise Refusal(WRONG_STATE, state=settlement.state)
        bank = ready_bank()
        if bank is None:
            raise Refusal(NO_BANK)
        # Held until the end, so that a standing that is changed right now is in force before or after, not between.
        merchant = Merchant.objects.select_for_update(no_key=True).get(pk=settlement.merchant_id)
        account = payable_to(merchant, now)
        payout = Payout.objects.create(
            number=new_number(now),
            merchant=merchant,
            settlement=settlement,
            account=account,
            bank=bank.name,
            currency=settlement.currency,
            amount=_amount(settlement),
            maker=actor.person_id or 0,
            state=CREATED,
            due_at=due("approve_payout", now),
            created_at=now,
        )
        facts = {"amount": payout.amount, "payout": payout.number}
        move(settlement, "pay_out", by=actor.as_platform(), now=now, facts=facts)
        note(payout, "make", by=actor.as_platform(), now=now, facts={"amount": payout.amount})
        record(
            "make_payout",
            actor_id=actor.person_id,
            subject_type="payout",
            subject_id=payout.pk,
            merchant_id=merchant.pk,
            facts={**facts, "settlement": settlement.number},
            now=now,
        )
        book_made(payout, now)
        return payout


def _amount(settlement: Settlement) -> int:
    """What of the settlement is still there, minor units; the balance stays locked until it is booked."""
    account = available(settlement.merchant_id)
    balances = Balance.objects.select_for_update(no_key=True).filter(account=account, currency=settlement.currency)
    left = balances.values_list("amount", flat=True).first() or 0
    amount, least = min(settlement.payable, left), minimum(settlement.currency)
    if amount < least:
        currency = settlement.currency
        raise Refusal(TOO_LITTLE, amount=Money(amount, currency), least=Money(least, currency))
    return amount
