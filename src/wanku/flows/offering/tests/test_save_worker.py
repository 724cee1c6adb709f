"""People and their weeks."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from tests.cast import NOW, Shop, product_of, variant_of
from tests.visits import TEN, hours_of, salon_of, visit_checkout, wish_of
from wanku.access.actor import Actor
from wanku.audit.models import Act
from wanku.flows.buying.place_order import place_order
from wanku.flows.offering.save_worker import save_worker
from wanku.kernel.refusal import Refusal
from wanku.kinds.visit.models import Appointment, Skill, WeekHours, Worker
from wanku.kinds.visit.rules import WorkerData

pytestmark = pytest.mark.django_db
WEEK = {day: [(540, 720), (780, 1080)] for day in range(5)}
GOOD = WorkerData("小美", WEEK, title="高级技师", travel_before=1)


def test_somebody_new_can_be_booked_at_once(bo: Shop, ann_actor: Actor) -> None:
    salon = salon_of(bo, "王")
    data = replace(GOOD, skills=frozenset({salon.variant.pk}))
    worker = save_worker(bo.merchant.pk, data, worker_id=None, actor=bo.actor, now=NOW)
    assert hours_of(worker)["free"] == 28 + 4 and worker.position == 1
    place_order(visit_checkout(wish_of(salon, worker=worker), ann_actor, "v"), now=NOW)
    assert hours_of(worker)["held"] == 9
    # A shorter day: what is booked stays booked, and what is not worked is not on offer any more.
    short = replace(data, week={day: [(600, 660)] for day in range(5)})
    save_worker(bo.merchant.pk, short, worker_id=worker.pk, actor=bo.actor, now=NOW)
    assert hours_of(worker)["held"] == 9 and Appointment.objects.get().is_live
    with pytest.raises(Refusal, match="visit_not_at_work"):
        place_order(visit_checkout(wish_of(salon, TEN + timedelta(hours=4), worker), ann_actor, "w"), now=NOW)
    # A longer one: the new quarters are there at once.
    late = replace(data, week={day: [(540, 1560)] for day in range(7)})
    save_worker(bo.merchant.pk, late, worker_id=worker.pk, actor=bo.actor, now=NOW)
    midnight = TEN + timedelta(hours=13)
    place_order(visit_checkout(wish_of(salon, midnight, worker), ann_actor, "late"), now=NOW)
    assert Appointment.objects.filter(worker=worker).count() == 2
    assert Act.objects.filter(verb="save_worker").count() == 3


def test_refusals(bo: Shop, cy: Shop, ann_actor: Actor) -> None:
    salon, theirs = salon_of(bo, "王"), variant_of(product_of(cy.merchant))
    place_order(visit_checkout(wish_of(salon), ann_actor, "v"), now=NOW)
    wang = salon.people[0]
    clerk = replace(bo.actor, seats={bo.merchant.pk: "clerk"})
    cases: list[tuple[WorkerData, int | None, Actor, str, str | None]] = [
        (GOOD, None, clerk, "not_allowed", None),
        (GOOD, None, cy.actor, "not_allowed", None),
        (GOOD, 999, bo.actor, "not_found", None),
        (replace(GOOD, name=" "), None, bo.actor, "bad_value", "name"),
        (replace(GOOD, title="x" * 41), None, bo.actor, "bad_value", "title"),
        (replace(GOOD, about="x" * 301), None, bo.actor, "bad_value", "about"),
        (replace(GOOD, travel_after=13), None, bo.actor, "bad_value", "travel_after"),
        (replace(GOOD, week={7: [(0, 60)]}), None, bo.actor, "bad_value", "week"),
        (replace(GOOD, week={0: [(545, 600)]}), None, bo.actor, "bad_value", "week.0"),
        (replace(GOOD, week={0: [(600, 540)]}), None, bo.actor, "bad_value", "week.0"),
        (replace(GOOD, week={0: [(540, 2175)]}), None, bo.actor, "bad_value", "week.0"),
        (replace(GOOD, week={0: [(540, 720), (705, 900)]}), None, bo.actor, "bad_value", "week.0"),
        (replace(GOOD, breaks={6: [(0, 15)] * 7}), None, bo.actor, "bad_value", "breaks.6"),
        (replace(GOOD, skills=frozenset({theirs.pk})), None, bo.actor, "bad_value", "skills"),
        (replace(GOOD, seat_id=999), None, bo.actor, "bad_value", "seat_id"),
        (replace(GOOD, picture_id=UUID(int=7)), None, bo.actor, "bad_value", "picture"),
        (replace(GOOD, is_active=False), wang.pk, bo.actor, "visit_person_booked", "is_active"),
    ]
    before = [list(model.objects.order_by("pk").values()) for model in (Worker, WeekHours, Skill)]
    for data, worker_id, actor, code, field in cases:
        with pytest.raises(Refusal) as caught:
            save_worker(bo.merchant.pk, data, worker_id=worker_id, actor=actor, now=NOW)
        assert (caught.value.code.name, caught.value.field) == (code, field), data
    assert before == [list(model.objects.order_by("pk").values()) for model in (Worker, WeekHours, Skill)]
    assert not Act.objects.exists()


def test_whoever_has_nothing_to_come_can_leave(bo: Shop) -> None:
    salon = salon_of(bo, "王")
    gone = replace(GOOD, is_active=False)
    save_worker(bo.merchant.pk, gone, worker_id=salon.people[0].pk, actor=bo.actor, now=NOW)
    assert not Worker.objects.get().is_active
