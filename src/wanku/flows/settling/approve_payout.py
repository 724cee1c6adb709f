"""The second person: a payout may leave."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.move import move
from wanku.audit.record import record
from wanku.flows.settling._payout import payable_to
from wanku.kernel.refusal import NOT_FOUND, WRONG_STATE, Refusal
from wanku.settlement.models import Payout
from wanku.settlement.refusals import SAME_PERSON
from wanku.settlement.states import CREATED


def approve_payout(payout_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Approve what somebody else made; the sweeper sends it.

    Raises:
        Refusal: ``not_allowed``, ``not_found``, ``wrong_state`` when it was approved or declined already,
            ``same_person`` for who made it, ``standing_holds_money``, ``no_bank_account``, ``account_cooling``.
    """
    require(actor, Permission.PAYOUTS_HANDLE)
    with transaction.atomic():
        rows = Payout.objects.select_for_update(no_key=True, of=("self",)).select_related("merchant")
        payout = rows.filter(pk=payout_id).first()
        if payout is None:
            raise Refusal(NOT_FOUND)
        if payout.state != CREATED:
            raise Refusal(WRONG_STATE, state=payout.state)
        if payout.maker == actor.person_id:
            raise Refusal(SAME_PERSON)
        payable_to(payout.merchant, now)
        payout.checker = actor.person_id
        payout.save(update_fields=["checker"])
        move(payout, "approve", by=actor.as_platform(), now=now, due_at=now, facts={"amount": payout.amount})
        record(
            "approve_payout",
            actor_id=actor.person_id,
            subject_type="payout",
            subject_id=payout.pk,
            merchant_id=payout.merchant_id,
            facts={"payout": payout.number, "amount": payout.amount, "maker": payout.maker},
            now=now,
        )
