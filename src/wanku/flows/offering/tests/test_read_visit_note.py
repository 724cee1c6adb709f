"""What only the person who comes needs to know."""

from dataclasses import replace

import pytest

from tests.bought import paid
from tests.cast import NOW, Shop, product_of
from tests.visits import booked, salon_of
from wanku.access.actor import Actor
from wanku.audit.models import Act
from wanku.flows.booking.accept_booking import accept_booking
from wanku.flows.offering.read_visit_note import read_visit_note
from wanku.kernel.refusal import Refusal

pytestmark = pytest.mark.django_db


def test_it_is_read_from_accepting_on_and_recorded(bo: Shop, cy: Shop, ann_actor: Actor) -> None:
    order = booked(salon_of(bo, "王"), ann_actor, details={"work": "擦窗", "access": "4711"})
    goods = paid(ann_actor, (product_of(bo.merchant), 1))[0]
    service = replace(bo.actor, seats={bo.merchant.pk: "service"})
    for which, actor, code in (
        (order, bo.actor, "visit_note_closed"),
        (order, cy.actor, "not_found"),
        (order, ann_actor, "not_found"),
        (order, service, "not_allowed"),
        (goods, bo.actor, "not_found"),
    ):
        with pytest.raises(Refusal, match=code):
            read_visit_note(which.pk, actor=actor, now=NOW)
    assert not Act.objects.filter(verb="read_visit_note").exists()
    accept_booking(order.pk, actor=bo.actor, now=NOW)
    assert read_visit_note(order.pk, actor=bo.actor, now=NOW) == {"work": "擦窗", "access": "4711"}
    assert Act.objects.get(verb="read_visit_note").actor_id == bo.owner.pk
