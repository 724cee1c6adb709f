"""Sealed details are read by those who need them, and never unseen."""

import pytest

from tests.cast import NOW, Shop
from tests.seats import seated, wish
from wanku.access.actor import Actor
from wanku.audit.models import Act
from wanku.flows.booking.read_details import read_details
from wanku.kernel.refusal import Refusal
from wanku.kinds.seat.tests.world import CARDS, departure_of, seat_product
from wanku.orders.models import Line

pytestmark = pytest.mark.django_db


def test_in_plain_and_written_down(bo: Shop, ann_actor: Actor) -> None:
    order = seated(ann_actor, wish(departure_of(seat_product(bo)), 2))
    line = Line.objects.get()
    assert CARDS[0] not in line.sealed and "王小明" not in line.sealed
    found = read_details(order.pk, actor=bo.actor, now=NOW)
    assert [each["number"] for each in found[line.pk]["travellers"]] == list(CARDS[:2])
    act = Act.objects.get(verb="read_details")
    assert (act.actor_id, act.subject_id, act.facts["number"]) == (bo.owner.pk, str(order.pk), order.number)
    assert CARDS[0] not in str(act.facts)


def test_nobody_else_and_nothing_is_written(bo: Shop, cy: Shop, ann_actor: Actor) -> None:
    order = seated(ann_actor, wish(departure_of(seat_product(bo))))
    service = Actor(person_id=bo.owner.pk, seats={bo.merchant.pk: "service"}, merchant_id=bo.merchant.pk)
    for actor, code in ((cy.actor, "not_found"), (ann_actor, "not_found"), (service, "not_allowed")):
        with pytest.raises(Refusal) as no:
            read_details(order.pk, actor=actor, now=NOW)
        assert no.value.code.name == code
    assert not Act.objects.exists()
