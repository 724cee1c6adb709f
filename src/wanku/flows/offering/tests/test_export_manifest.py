"""The list of those aboard: complete, and never read unseen."""

from datetime import date, timedelta

import pytest

from tests.cast import NOW, Shop
from tests.seats import reserved, seated, wish
from wanku.access.actor import Actor
from wanku.audit.models import Act
from wanku.flows.booking.cancel_booking import cancel_booking
from wanku.flows.offering.export_manifest import export_manifest
from wanku.kernel.refusal import Refusal
from wanku.kinds.seat.tests.world import CARDS, STARTS, departure_of, seat_product

pytestmark = pytest.mark.django_db


def test_everybody_with_a_paid_seat(bo: Shop, ann_actor: Actor, guest_actor: Actor) -> None:
    row = departure_of(seat_product(bo))
    order = seated(ann_actor, wish(row, 2), wish(row, 1, index=1))
    reserved(guest_actor, wish(row))
    seated(ann_actor, wish(departure_of(row.product, starts_at=STARTS + timedelta(days=1))))
    gone = seated(guest_actor, wish(row))
    cancel_booking(gone.pk, actor=guest_actor, now=NOW)
    clerk = Actor(person_id=bo.owner.pk, seats={bo.merchant.pk: "clerk"}, merchant_id=bo.merchant.pk)
    found, people = export_manifest(row.pk, actor=clerk, now=NOW)
    assert found == row
    assert [(each.cabin, each.name, each.number) for each in people] == [
        ("1号", "王小明", CARDS[0]),
        ("1号", "李雷", CARDS[1]),
        ("2号", "王小明", CARDS[0]),
    ]
    first = people[0]
    assert (first.order, first.document, first.birth_date) == (order.number, "resident", date(1990, 3, 7))
    assert (first.phone, first.standing) == ("+8613800138000", "accepted")
    act = Act.objects.get(verb="export_manifest")
    assert (act.actor_id, act.merchant_id, act.facts["travellers"]) == (bo.owner.pk, bo.merchant.pk, 3)
    assert CARDS[0] not in str(act.facts)


def test_nobody_else_reads_it_and_nothing_is_written(bo: Shop, cy: Shop, ann_actor: Actor) -> None:
    row = departure_of(seat_product(bo))
    seated(ann_actor, wish(row))
    service = Actor(person_id=bo.owner.pk, seats={bo.merchant.pk: "service"}, merchant_id=bo.merchant.pk)
    for actor, code in ((cy.actor, "not_found"), (ann_actor, "not_found"), (service, "not_allowed")):
        with pytest.raises(Refusal) as no:
            export_manifest(row.pk, actor=actor, now=NOW)
        assert no.value.code.name == code
    assert not Act.objects.exists()
