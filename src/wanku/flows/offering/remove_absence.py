"""Days off that are none after all."""

from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.record import record
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.kinds.visit.models import Absence, Worker
from wanku.kinds.visit.quarters import open_quarters


def remove_absence(absence_id: int, *, actor: Actor, now: datetime) -> None:
    """These days can be booked again.

    Raises:
        Refusal: ``not_found``, ``not_allowed``.
    """
    row = Absence.objects.filter(pk=absence_id, merchant_id__in=list(actor.seats)).first()
    if row is None:
        raise Refusal(NOT_FOUND)
    require(actor, Permission.PRODUCTS_EDIT, row.merchant_id)
    with transaction.atomic():
        row.delete()
        workers = Worker.objects.filter(merchant_id=row.merchant_id, is_active=True).select_related("merchant")
        open_quarters(workers, by_id=actor.person_id, now=now)
        record(
            "remove_absence",
            actor_id=actor.person_id,
            merchant_id=row.merchant_id,
            subject_type="absence",
            subject_id=absence_id,
            facts={"worker": row.worker_id, "first": row.first.isoformat(), "last": row.last.isoformat()},
            now=now,
        )
