"""The clock of payouts: those that were approved leave, those that left are asked about until they are settled."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from wanku.audit.move import By, move
from wanku.audit.rules import current
from wanku.flows.settling._payout import WATCH_DAYS, give_up, later, payable_to, settle_payout
from wanku.kernel.refusal import Refusal
from wanku.kernel.states import CLOCK, SYSTEM
from wanku.settlement.bank import BankDown, PayoutCall, PayoutResult, PayoutState
from wanku.settlement.bank_accounts import opened
from wanku.settlement.banks import BANKS
from wanku.settlement.models import Payout, Settlement
from wanku.settlement.states import APPROVED, PAID, SENT

log = logging.getLogger(__name__)


def send_due_payouts(*, now: datetime, limit: int = 20) -> int:
    """Bring every due payout one step further; returns how many were looked at.

    That it leaves is committed before the bank is called, and nothing is locked during the call. The same number goes
    out on every retry, so the bank pays once; an unknown outcome is settled by asking, as often as it takes. Just
    before it leaves for the first time, standing and account are looked at once more. Paid ones are asked about for
    some days, since a bank may send money back.

    Any number of sweepers may run at once, and one may die at any moment.
    """
    taken = [payout for payout_id in _due(now, limit) if (payout := _take(payout_id, now)) is not None]
    for payout in taken:
        try:
            settle_payout(payout.number, _call(payout), now)
        except BankDown as down:
            log.warning("payout %s: %s; the bank is asked again", payout.number, down)
        except Exception:
            log.exception("payout %s could not be settled", payout.number)
    return len(taken)


def _due(now: datetime, limit: int) -> Sequence[UUID]:
    wanted = Q(state__in=(APPROVED, SENT), due_at__lte=now) | Q(state=PAID, watch_at__lte=now)
    return list(Payout.objects.filter(wanted).order_by("due_at", "watch_at").values_list("pk", flat=True)[:limit])


def _take(payout_id: UUID, now: datetime) -> Payout | None:
    """Commit the next step of one payout; none if another sweeper has it, or if it may not leave after all."""
    settlement_id = Payout.objects.values_list("settlement_id", flat=True).get(pk=payout_id)
    with transaction.atomic():
        settlements = Settlement.objects.select_for_update(no_key=True, skip_locked=True)
        settlement = settlements.filter(pk=settlement_id).first()
        rows = Payout.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
        payout = rows.select_related("merchant", "account").filter(pk=payout_id).first()
        if settlement is None or payout is None:
            return None
        if payout.state == PAID:
            return payout if _watch(payout, now) else None
        if payout.state not in (APPROVED, SENT) or payout.due_at is None or payout.due_at > now:
            return None
        if payout.state == APPROVED and (hindered := _hindered(payout, now)):
            give_up(payout, settlement, "fail", by=By(SYSTEM), because=hindered, now=now)
            return None
        payout.tries += 1
        payout.save(update_fields=["tries"])
        event, kind = ("send", SYSTEM) if payout.state == APPROVED else ("ask", CLOCK)
        facts = {"tries": payout.tries, "amount": payout.amount}
        move(payout, event, by=By(kind), now=now, due_at=later(now, payout.tries), facts=facts)
        return payout


def _hindered(payout: Payout, now: datetime) -> str:
    """Why it may not leave although it was approved; empty if it may."""
    try:
        account = payable_to(payout.merchant, now)
    except Refusal as refusal:
        return refusal.code.name
    return "" if account.pk == payout.account_id else "account_changed"


def _watch(payout: Payout, now: datetime) -> bool:
    """Set when a paid one is asked about next; whether it is due at all."""
    if payout.watch_at is None or payout.watch_at > now or payout.paid_at is None:
        return False
    following = now + timedelta(seconds=current()["payout_watch"])
    payout.watch_at = following if following <= payout.paid_at + timedelta(days=WATCH_DAYS) else None
    payout.save(update_fields=["watch_at"])
    return True


def _call(payout: Payout) -> PayoutResult:
    """Ask the bank, and send what it has never heard of. Outside any transaction."""
    bank = BANKS[payout.bank]
    if payout.state == PAID or payout.tries > 1:
        result = bank.query(payout.number)
        if payout.state == PAID or result.state != PayoutState.UNKNOWN:
            return result
    to = opened(payout.account)
    purpose = f"Wanku {payout.number}"
    return bank.pay(PayoutCall(payout.number, payout.amount, payout.currency, to.holder, to.bank, to.number, purpose))
