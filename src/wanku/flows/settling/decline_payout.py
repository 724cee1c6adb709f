"""A payout that finance does not let go."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.reason import reason
from wanku.audit.record import record
from wanku.flows.settling._payout import give_up
from wanku.kernel.refusal import NOT_FOUND, WRONG_STATE, Refusal
from wanku.settlement.models import Payout, Settlement
from wanku.settlement.states import CREATED


def decline_payout(payout_id: UUID, *, actor: Actor, because: str, now: datetime) -> None:
    """Call it off before it is approved; its money is available again. Who made it may do so too.

    Args:
        because: reason, which the audit trail keeps.

    Raises:
        Refusal: ``not_allowed``, ``bad_value`` without a reason, ``not_found``, ``wrong_state`` when it was approved or
            declined already.
    """
    require(actor, Permission.PAYOUTS_HANDLE)
    because = reason(because)
    known = Payout.objects.filter(pk=payout_id).values_list("settlement_id", flat=True).first()
    if known is None:
        raise Refusal(NOT_FOUND)
    with transaction.atomic():
        settlement = Settlement.objects.select_for_update(no_key=True).get(pk=known)
        rows = Payout.objects.select_for_update(no_key=True, of=("self",)).select_related("merchant")
        payout = rows.get(pk=payout_id)
        if payout.state != CREATED:
            raise Refusal(WRONG_STATE, state=payout.state)
        give_up(payout, settlement, "decline", by=actor.as_platform(), because="declined", now=now)
        record(
            "decline_payout",
            actor_id=actor.person_id,
            subject_type="payout",
            subject_id=payout.pk,
            merchant_id=payout.merchant_id,
            because=because,
            facts={"payout": payout.number, "amount": payout.amount},
            now=now,
        )
