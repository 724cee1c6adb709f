"""Days off: of one person, or of the whole shop."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.record import record
from wanku.kernel.refusal import NOT_FOUND, Refusal, refuse_all
from wanku.kernel.text import clean
from wanku.kinds.visit.hours import day_of
from wanku.kinds.visit.models import Absence, Appointment, Worker
from wanku.kinds.visit.rules import absence_problems
from wanku.merchants.models import Merchant


def add_absence(
    merchant_id: int,
    *,
    worker_id: int | None,
    first: date,
    last: date,
    because: str,
    actor: Actor,
    now: datetime,
) -> Sequence[Appointment]:
    """Nobody can be booked on these days any more.

    Args:
        worker_id: whose days off; the whole shop's when none.

    Returns:
        visits in these days that are booked; they stand, and somebody should look whether they can be kept.

    Raises:
        Refusal: ``not_allowed``, ``not_found`` for the person, ``bad_value`` for the days.
    """
    require(actor, Permission.PRODUCTS_EDIT, merchant_id)
    if worker_id is not None and not Worker.objects.filter(pk=worker_id, merchant_id=merchant_id).exists():
        raise Refusal(NOT_FOUND)
    zone = ZoneInfo(Merchant.objects.values_list("zone", flat=True).get(pk=merchant_id))
    refuse_all(absence_problems(first, last, today=day_of(now, zone)))
    with transaction.atomic():
        row = Absence.objects.create(
            merchant_id=merchant_id, worker_id=worker_id, first=first, last=last, because=clean(because)[:100]
        )
        record(
            "add_absence",
            actor_id=actor.person_id,
            merchant_id=merchant_id,
            subject_type="absence",
            subject_id=row.pk,
            facts={"worker": worker_id, "first": first.isoformat(), "last": last.isoformat()},
            now=now,
        )
    booked = Appointment.objects.filter(merchant_id=merchant_id, is_live=True, starts_at__gte=now)
    if worker_id is not None:
        booked = booked.filter(worker_id=worker_id)
    return [row for row in booked.order_by("starts_at") if first <= day_of(row.starts_at, zone) <= last]
