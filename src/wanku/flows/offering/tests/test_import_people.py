"""People from a table: all of it or nothing."""

from dataclasses import replace
from typing import Any

import pytest

from tests.cast import NOW, Shop
from tests.visits import Salon, booked, hours_of, salon_of
from wanku.access.actor import Actor
from wanku.audit.models import Act
from wanku.flows.offering._sheet import Outcome
from wanku.flows.offering.import_people import import_people
from wanku.kernel.refusal import Refusal
from wanku.kinds.visit.models import Skill, WeekHours, Worker

pytestmark = pytest.mark.django_db
HEAD = "name,title,skills,monday,tuesday,thursday,sunday,breaks,travel_before,offered"


@pytest.fixture
def salon(bo: Shop) -> Salon:
    salon = salon_of(bo, "王")
    salon.variant.sku = "CLEAN-2H"
    salon.variant.save()
    return salon


def taken(bo: Shop, *rows: str, head: str = HEAD) -> Outcome:
    return import_people(bo.merchant.pk, "\n".join([head, *rows]).encode(), actor=bo.actor, now=NOW)


def everything() -> list[Any]:
    return [list(model.objects.order_by("pk").values()) for model in (Worker, WeekHours, Skill)]


def week_of(worker: Worker, *, is_break: bool = False) -> list[tuple[int, int, int]]:
    rows = WeekHours.objects.filter(worker=worker, is_break=is_break).order_by("weekday", "opens")
    return list(rows.values_list("weekday", "opens", "closes"))


def test_somebody_new_can_be_booked_at_once(bo: Shop, salon: Salon) -> None:
    outcome = taken(bo, '李娜,技师,CLEAN-2H,09:00-12:00，13:00-18:00,,"9:00-18:00",22:00-02:00,12:00-13:00,15,')
    assert (outcome.count("create"), outcome.faults) == (1, ())
    worker = Worker.objects.get(name="李娜")
    assert (worker.title, worker.travel_before, worker.travel_after, worker.is_active) == ("技师", 1, 0, True)
    assert week_of(worker) == [(0, 540, 720), (0, 780, 1080), (3, 540, 1080), (6, 1320, 1560)]
    assert week_of(worker, is_break=True) == [(0, 720, 780), (3, 720, 780), (6, 720, 780)]
    assert worker.skills.get().variant_id == salon.variant.pk
    assert hours_of(worker)["free"] == 32
    assert Act.objects.get(verb="import_people").facts == {"create": 1, "update": 0, "same": 0}


def test_who_is_there_is_changed_and_a_missing_column_leaves_things_alone(
    bo: Shop, salon: Salon, ann_actor: Actor
) -> None:
    booked(salon, ann_actor)
    wang = salon.people[0]
    week, breaks = week_of(wang), week_of(wang, is_break=True)
    outcome = taken(bo, "王,资深,是", head="姓名,头衔,可预约")
    assert outcome.count("update") == 1
    wang.refresh_from_db()
    assert (wang.title, week_of(wang), week_of(wang, is_break=True)) == ("资深", week, breaks)
    assert wang.skills.count() == 1 and hours_of(wang)["sold"] == 10
    # Again, nothing changes.
    acts = Act.objects.filter(verb="save_worker").count()
    assert taken(bo, "王,资深,是", head="姓名,头衔,可预约").count("same") == 1
    assert Act.objects.filter(verb="save_worker").count() == acts
    # A day off takes its break along.
    taken(bo, "王,", head="name,sunday")
    assert {weekday for weekday, _, _ in week_of(wang, is_break=True)} == {0, 1, 2, 3, 4, 5}


def test_refusals_change_nothing(bo: Shop, cy: Shop, salon: Salon, ann_actor: Actor) -> None:
    booked(salon, ann_actor)
    good = "李娜,,CLEAN-2H,09:00-12:00,,,,,,"
    clerk = replace(bo.actor, seats={bo.merchant.pk: "clerk"})
    before, acts = everything(), Act.objects.count()
    for content, actor, merchant, code in (
        (f"{HEAD}\n{good}", cy.actor, bo, "not_allowed"),
        (f"{HEAD}\n{good}", clerk, bo, "not_allowed"),
        (f"{HEAD}\n{good}", cy.actor, cy, "faulty_rows"),
        ("", bo.actor, bo, "file_empty"),
        ("monday\n9:00-12:00", bo.actor, bo, "headings_missing"),
        (f"{HEAD}\n" + f"{good}\n" * 201, bo.actor, bo, "too_many_rows"),
        (f"{HEAD}\n{good}\n李娜,,,,,,,,,", bo.actor, bo, "faulty_rows"),
        (f"{HEAD}\n{good}\n王,,,,,,,,,no", bo.actor, bo, "faulty_rows"),
    ):
        with pytest.raises(Refusal) as no:
            import_people(merchant.merchant.pk, content.encode(), actor=actor, now=NOW)
        assert (no.value.code.name, everything(), Act.objects.count()) == (code, before, acts)
