"""Somebody who does visits: the card, the skills, and the hours of the week."""

from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.record import record
from wanku.catalog.models import Variant
from wanku.files.models import Picture
from wanku.kernel.refusal import BAD_VALUE, NOT_FOUND, Refusal, gettext_noop, refuse_all
from wanku.kernel.text import clean
from wanku.kinds.visit.models import Appointment, Skill, WeekHours, Worker
from wanku.kinds.visit.quarters import open_quarters
from wanku.kinds.visit.rules import PERSON_BOOKED, WorkerData, worker_problems
from wanku.merchants.models import Staff


def save_worker(merchant_id: int, data: WorkerData, *, worker_id: int | None, actor: Actor, now: datetime) -> Worker:
    """Create or change somebody. What is booked stays booked, also outside of the new hours.

    Raises:
        Refusal: ``not_allowed``; ``not_found``; ``bad_value`` for each field that is wrong; ``visit_person_booked``
            when somebody who still has visits to come is taken off.
    """
    require(actor, Permission.PRODUCTS_EDIT, merchant_id)
    refuse_all([*worker_problems(data), *_foreign(merchant_id, data)])
    with transaction.atomic():
        worker = Worker(merchant_id=merchant_id)
        if worker_id is not None:
            found = Worker.objects.select_for_update(no_key=True).filter(pk=worker_id, merchant_id=merchant_id).first()
            if found is None:
                raise Refusal(NOT_FOUND)
            worker = found
        else:
            worker.position = Worker.objects.filter(merchant_id=merchant_id).count()
        if worker.is_active and not data.is_active:
            _check_free(worker, now)
        worker.name, worker.title, worker.about = clean(data.name), clean(data.title), clean(data.about)
        worker.picture_id, worker.seat_id = data.picture_id, data.seat_id
        worker.travel_before, worker.travel_after = data.travel_before, data.travel_after
        worker.is_active = data.is_active
        worker.save()
        _write_hours(worker, data)
        worker.skills.all().delete()
        Skill.objects.bulk_create(Skill(worker=worker, variant_id=variant) for variant in sorted(data.skills))
        open_quarters([worker], by_id=actor.person_id, now=now)
        record(
            "save_worker",
            actor_id=actor.person_id,
            merchant_id=merchant_id,
            subject_type="worker",
            subject_id=worker.pk,
            facts={"name": worker.name, "active": worker.is_active},
            now=now,
        )
    return worker


def _foreign(merchant_id: int, data: WorkerData) -> list[Refusal]:
    """Things of other shops, and what is no picture of this one's."""
    found = []
    own = Variant.objects.filter(pk__in=data.skills, merchant_id=merchant_id, product__kind="visit").count()
    if own != len(data.skills):
        found.append(Refusal(BAD_VALUE, field="skills", problem=gettext_noop("Choose services of this shop.")))
    if data.seat_id is not None and not Staff.objects.filter(pk=data.seat_id, merchant_id=merchant_id).exists():
        found.append(Refusal(BAD_VALUE, field="seat_id", problem=gettext_noop("Choose somebody who works here.")))
    if data.picture_id is not None:
        mine = Picture.objects.filter(pk=data.picture_id, owner=f"merchant:{merchant_id}", is_public=True)
        if not mine.exists():
            found.append(
                Refusal(BAD_VALUE, field="picture", problem=gettext_noop("Please upload the picture once more."))
            )
    return found


def _check_free(worker: Worker, now: datetime) -> None:
    coming = Appointment.objects.filter(worker=worker, is_live=True, ends_at__gt=now).count()
    if coming:
        raise Refusal(PERSON_BOOKED, field="is_active", count=coming)


def _write_hours(worker: Worker, data: WorkerData) -> None:
    worker.week.all().delete()
    WeekHours.objects.bulk_create(
        WeekHours(worker=worker, weekday=weekday, opens=opens, closes=closes, is_break=is_break)
        for is_break, week in ((False, data.week), (True, data.breaks))
        for weekday, windows in week.items()
        for opens, closes in windows
    )
