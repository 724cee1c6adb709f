"""The parts of a menu, and the order of its dishes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.audit.record import record
from wanku.flows.offering._kitchen import hold_kitchen
from wanku.kernel.refusal import NOT_FOUND, Refusal, refuse_all
from wanku.kernel.text import clean
from wanku.kinds.meal.models import Dish, Section
from wanku.kinds.meal.rules import SectionData, check_sections


def arrange_menu(merchant_id: int, sections: Sequence[SectionData], *, actor: Actor, now: datetime) -> None:
    """Bring the menu to these sections, in order. Dishes that no section names stand at the end, without one.

    Raises:
        Refusal: ``sign_in``, ``not_allowed``, ``no_menu``; ``not_found`` for another shop's section or dish;
            ``bad_value`` for each field that is wrong.
    """
    wanted = [replace(section, name=clean(section.name)) for section in sections]
    with transaction.atomic():
        hold_kitchen(merchant_id, actor)
        refuse_all(list(check_sections(wanted)))
        known = {section.pk: section for section in Section.objects.filter(merchant=merchant_id)}
        dishes = {dish.pk: dish for dish in Dish.objects.filter(merchant=merchant_id)}
        named = [pk for section in wanted for pk in section.dishes]
        if any(s.id not in known for s in wanted if s.id is not None) or any(pk not in dishes for pk in named):
            raise Refusal(NOT_FOUND)
        kept = {section.id for section in wanted}
        Section.objects.filter(pk__in=[pk for pk in known if pk not in kept]).delete()
        # Names may change places: none may meet another on the way.
        for section in known.values():
            Section.objects.filter(pk=section.pk).update(name=f"~{section.pk}")
        rest = [pk for pk in dishes if pk not in named]
        for place, data in enumerate(wanted):
            row = known.get(data.id or 0) or Section(merchant_id=merchant_id)
            row.name, row.position = data.name, place
            row.save()
            _place(data.dishes, row.pk, dishes)
        _place(rest, None, dishes)
        Dish.objects.bulk_update(dishes.values(), ["section", "position"])
        record(
            "arrange_menu",
            actor_id=actor.person_id,
            subject_type="kitchen",
            subject_id=merchant_id,
            merchant_id=merchant_id,
            facts={"sections": [section.name for section in wanted]},
            now=now,
        )


def _place(order: Sequence[int], section_id: int | None, dishes: dict[int, Dish]) -> None:
    for place, pk in enumerate(order):
        dishes[pk].section_id, dishes[pk].position = section_id, place
