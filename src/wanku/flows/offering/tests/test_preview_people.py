"""A table of people, looked at first."""

from dataclasses import replace

import pytest

from tests.cast import NOW, Shop, product_of
from tests.visits import booked, salon_of, worker_of
from wanku.access.actor import Actor
from wanku.audit.models import Act
from wanku.flows.offering.preview_people import preview_people
from wanku.kernel.refusal import Refusal
from wanku.kinds.visit.models import Skill, WeekHours, Worker

pytestmark = pytest.mark.django_db
CASES = [
    ("name,title\n,a\n", [(2, "name", "cell_missing")]),
    (f"name\n{'x' * 41}", [(2, "name", "cell_too_long")]),
    (f"name,title,about\nA,{'x' * 41},{'x' * 301}", [(2, "title", "cell_too_long"), (2, "about", "cell_too_long")]),
    ("name,skills\nA,CLEAN;TEA", [(2, "skills", "no_service_sku")]),
    ("name,skills\nA,NONE", [(2, "skills", "no_service_sku")]),
    ("name,monday\nA,from nine", [(2, "monday", "bad_value")]),
    ("name,monday\nA,9:05-12:00", [(2, "monday", "bad_value")]),
    ("name,周二\nA,9:00-12:00，11:00-13:00", [(2, "周二", "bad_value")]),
    ("name,monday,breaks\nA,9:00-12:00,noon", [(2, "breaks", "bad_value")]),
    ("name,monday,breaks\nA,9:00-12:00,10:05-10:20", [(2, "breaks", "bad_value")]),
    ("name,travel_before\nA,20", [(2, "travel_before", "bad_value")]),
    ("name,travel_after\nA,200", [(2, "travel_after", "cell_no_number")]),
    ("name,offered\nA,maybe", [(2, "offered", "cell_no_choice")]),
    ("name\nA\nB\nA", [(4, "name", "name_twice")]),
    ("name\n双", [(2, "name", "namesakes")]),
    ("name,offered\n王,no", [(2, "offered", "visit_person_booked")]),
    ("name,skills,monday\n王,CLEAN,9:00-12:00\n李,,", []),
]


@pytest.mark.parametrize(("text", "faults"), CASES, ids=range(len(CASES)))
def test_what_is_wrong_is_named_by_row_and_column(
    bo: Shop, ann_actor: Actor, text: str, faults: list[tuple[int, str, str]]
) -> None:
    salon = salon_of(bo, "王")
    booked(salon, ann_actor)
    salon.product.variants.update(sku="CLEAN")
    product_of(bo.merchant).variants.update(sku="TEA")
    for _ in range(2):
        worker_of(bo, "双", salon.variant)
    models = (Worker, WeekHours, Skill, Act)
    before = [list(model.objects.order_by("pk").values()) for model in models]
    outcome = preview_people(bo.merchant.pk, text.encode(), actor=bo.actor, now=NOW)
    assert [(fault.row, fault.column, fault.refusal.code.name) for fault in outcome.faults] == faults
    assert bool(faults) or (outcome.count("update"), outcome.count("create")) == (1, 1)
    assert [list(model.objects.order_by("pk").values()) for model in models] == before


def test_who_may_not(bo: Shop, cy: Shop) -> None:
    for actor in (cy.actor, replace(bo.actor, seats={bo.merchant.pk: "clerk"})):
        with pytest.raises(Refusal, match="not_allowed"):
            preview_people(bo.merchant.pk, b"name\nA", actor=actor, now=NOW)
