"""Other hours of somebody on one day."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.record import record
from wanku.kernel.refusal import BAD_VALUE, NOT_FOUND, Refusal, gettext_noop
from wanku.kinds.visit.hours import Window, day_of
from wanku.kinds.visit.models import Appointment, SpecialDay, Worker
from wanku.kinds.visit.quarters import open_quarters
from wanku.kinds.visit.rules import window_problem


def set_special_day(
    worker_id: int, day: date, windows: Sequence[Window] | None, *, actor: Actor, now: datetime
) -> Sequence[Appointment]:
    """Put the hours of one day in place of those of the week; nothing at all is a day off, ``None`` the week again.

    Returns:
        visits of that day that are booked; they stand, and somebody should look whether they can be kept.

    Raises:
        Refusal: ``not_found``, ``not_allowed``, ``bad_value`` for the day or the hours.
    """
    worker = Worker.objects.filter(pk=worker_id, merchant_id__in=list(actor.seats)).select_related("merchant").first()
    if worker is None:
        raise Refusal(NOT_FOUND)
    require(actor, Permission.PRODUCTS_EDIT, worker.merchant_id)
    problem = window_problem(windows or ())
    if problem:
        raise Refusal(BAD_VALUE, field="hours", problem=problem)
    zone = ZoneInfo(worker.merchant.zone)
    if day < day_of(now, zone):
        raise Refusal(BAD_VALUE, field="day", problem=gettext_noop("This day is over."))
    with transaction.atomic():
        worker = Worker.objects.select_for_update(no_key=True).select_related("merchant").get(pk=worker.pk)
        if windows is None:
            SpecialDay.objects.filter(worker=worker, day=day).delete()
        else:
            told = [[opens, closes] for opens, closes in sorted(windows)]
            SpecialDay.objects.update_or_create(worker=worker, day=day, defaults={"windows": told})
        open_quarters([worker], by_id=actor.person_id, now=now)
        record(
            "set_special_day",
            actor_id=actor.person_id,
            merchant_id=worker.merchant_id,
            subject_type="worker",
            subject_id=worker.pk,
            facts={"day": day.isoformat(), "hours": None if windows is None else [list(w) for w in windows]},
            now=now,
        )
        booked = Appointment.objects.filter(worker=worker, is_live=True, starts_at__gte=now).order_by("starts_at")
        return [row for row in booked if day_of(row.starts_at, zone) == day]
