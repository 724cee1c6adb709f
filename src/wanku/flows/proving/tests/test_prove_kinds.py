"""What kinds prove of their own rows: it holds, and what breaks it is found."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from tests.cast import Shop, variant_of
from tests.seats import reserved, seated, wish
from tests.slots import SlotKind
from tests.visits import booked, hours_of, salon_of
from wanku.access.actor import Actor
from wanku.flows.licensing.tests.bought_licences import bought
from wanku.flows.proving.prove_books import prove_books
from wanku.inventory.models import Supply
from wanku.kernel.invariant import Invariant
from wanku.kinds.issue.models import FREE, Licence, Source
from wanku.kinds.issue.tests.selling import plan_of
from wanku.kinds.seat.models import Passage
from wanku.kinds.seat.tests.world import departure_of, seat_product
from wanku.kinds.visit.models import Appointment

pytestmark = pytest.mark.django_db
POOL = "A pool holds"
ALONE, TAKEN = "Nobody is promised", "The time of every visit"
SEATS = "Seats that unpaid"


def broken(*known: str) -> dict[str, list[dict[str, Any]]]:
    """What does not hold, by the first of the given words that its sentence begins with; anything else whole."""
    found = {}
    for check in prove_books():
        if not check.holds:
            words = next((each for each in known if check.says.startswith(each)), check.says)
            found[f"{check.code} {words}"] = [dict(row) for row in check.rows]
    return found


def test_a_kind_is_asked_by_the_protocol(slots: SlotKind, monkeypatch: pytest.MonkeyPatch) -> None:
    found = Invariant("I10", "Hours are long.", "SELECT 7", "SELECT 1 AS hour")
    monkeypatch.setattr(SlotKind, "proofs", lambda self: (found,))
    check = next(check for check in prove_books() if check.says == found.says)
    assert (check.code, check.checked, check.wrong, check.rows) == ("I10", 7, 1, ({"hour": 1},))


def test_a_pool_and_its_counter(bo: Shop, ann_actor: Actor) -> None:
    plan = plan_of(bo.merchant, source=Source.POOL, stock=3)
    bought(ann_actor, plan)
    assert broken(POOL) == {}
    code = Licence.objects.filter(state=FREE)[0]
    code.delete()
    assert broken(POOL) == {f"I5 {POOL}": [{"variant": plan.pk, "codes": 1, "free": 2, "held": 0}]}
    Supply.objects.filter(key=f"sku:{plan.pk}").delete()
    assert broken(POOL)[f"I5 {POOL}"] == [{"variant": plan.pk, "codes": 1, "free": 0, "held": 0}]


def test_a_pool_whose_codes_are_in_unpaid_orders(bo: Shop) -> None:
    plan = plan_of(bo.merchant, source=Source.POOL, stock=3)
    Supply.objects.filter(key=f"sku:{plan.pk}").update(free=1, held=2)
    assert f"I5 {POOL}" not in broken(POOL), "they are still in the pool"


def test_codes_that_are_made_are_not_counted(bo: Shop) -> None:
    plan_of(bo.merchant, stock=3)
    assert broken() == {}


def test_two_visits_at_one_time(bo: Shop, ann_actor: Actor) -> None:
    salon = salon_of(bo, "王")
    order = booked(salon, ann_actor)
    assert broken(ALONE, TAKEN) == {}
    row = Appointment.objects.get()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE visit_appointment DROP CONSTRAINT visit_appointment_alone")
    row.line_id, row.order_id = uuid4(), uuid4()
    row.save(force_insert=True)
    (found,) = broken(ALONE, TAKEN)[f"I10 {ALONE}"]
    assert found["worker"] == row.worker_id and order.pk in (found["order"], found["other"])
    # One that was let go, and one that begins when the other ends, are no trouble.
    Appointment.objects.filter(pk=row.pk).update(is_live=False)
    assert broken(ALONE, TAKEN) == {}


def test_a_visit_whose_time_is_free(bo: Shop, ann_actor: Actor) -> None:
    salon = salon_of(bo, "王")
    booked(salon, ann_actor)
    row = Appointment.objects.get()
    assert hours_of(salon.people[0])["sold"] == 10
    row.during = type(row.during)(row.during.lower, row.during.upper + timedelta(minutes=30))
    row.save()
    (found,) = broken(TAKEN)[f"I10 {TAKEN}"]
    assert (found["worker"], found["quarters"]) == (row.worker_id, 2)


def test_seats_that_are_held_without_a_passage(bo: Shop, ann_actor: Actor) -> None:
    row = departure_of(seat_product(bo))
    seated(ann_actor, wish(row, 1))
    reserved(ann_actor, wish(row, 2))
    assert broken(SEATS) == {}
    key = row.key(variant_of(row.product).pk)
    Passage.objects.filter(standing=Passage.HELD).update(standing=Passage.FREED)
    assert broken(SEATS) == {f"I5 {SEATS}": [{"supply": key, "held": 2, "seats": 0}]}
    Passage.objects.update(standing=Passage.HELD)
    assert broken(SEATS) == {f"I5 {SEATS}": [{"supply": key, "held": 2, "seats": 3}]}
