"""When a kitchen is open."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from wanku.access.actor import Actor
from wanku.audit.record import record
from wanku.flows.offering._kitchen import hold_kitchen, open_days
from wanku.kernel.refusal import refuse_all
from wanku.kernel.text import clean
from wanku.kinds.meal.hours import Hours, Special
from wanku.kinds.meal.models import Opening, SpecialDay
from wanku.kinds.meal.rules import check_hours


def set_opening_hours(
    merchant_id: int,
    week: Mapping[int, Sequence[Hours]],
    special: Sequence[Special],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Replace the hours of the week and the special days. What was ordered for hours that are no more stands.

    Args:
        week: by weekday, Monday is 0; a day that is missing is closed.
        special: days that differ; those long past are dropped.

    Raises:
        Refusal: ``sign_in``, ``not_allowed``, ``no_menu``; ``bad_value`` for each field that is wrong.
    """
    with transaction.atomic():
        kitchen = hold_kitchen(merchant_id, actor)
        refuse_all(list(check_hours(week, special)))
        Opening.objects.filter(merchant=merchant_id).delete()
        Opening.objects.bulk_create(
            Opening(merchant_id=merchant_id, weekday=day, opens=hours.opens, closes=hours.closes)
            for day in sorted(week)
            for hours in week[day]
        )
        SpecialDay.objects.filter(merchant=merchant_id).delete()
        recent = (now - timedelta(days=31)).date()
        SpecialDay.objects.bulk_create(
            SpecialDay(
                merchant_id=merchant_id,
                first=day.first,
                last=day.last,
                opens=day.hours.opens if day.hours else None,
                closes=day.hours.closes if day.hours else None,
                note=clean(day.note),
            )
            for day in special
            if day.last >= recent
        )
        open_days(kitchen, by_id=actor.person_id, now=now)
        record(
            "set_opening_hours",
            actor_id=actor.person_id,
            subject_type="kitchen",
            subject_id=merchant_id,
            merchant_id=merchant_id,
            facts={"openings": sum(len(hours) for hours in week.values()), "special": len(special)},
            now=now,
        )
