"""Finance asks a channel for a bill now, instead of waiting for the clock."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.record import record
from wanku.flows.reconciling.match_bill import Matched
from wanku.flows.reconciling.reconcile_day import reconcile_day
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.reconciliation.models import Bill


def ask_for_bill(bill_id: UUID, *, actor: Actor, now: datetime) -> Matched:
    """Fetch it again and compare it; what is settled stays.

    Raises:
        Refusal: ``not_allowed``, ``not_found``; those of `fetch_bill`.
    """
    require(actor, Permission.RECONCILE)
    bill = Bill.objects.filter(pk=bill_id).first()
    if bill is None:
        raise Refusal(NOT_FOUND)
    with transaction.atomic():
        record(
            "fetch_bill",
            actor_id=actor.person_id,
            subject_type="bill",
            subject_id=bill.pk,
            facts={"gateway": bill.gateway, "day": bill.day.isoformat()},
            now=now,
        )
    return reconcile_day(bill.gateway, bill.day, now=now)
