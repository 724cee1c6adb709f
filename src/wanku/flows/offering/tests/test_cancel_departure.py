"""A shop calls a departure off: what it says, what is sold no more, who may."""

import pytest

from tests.cast import NOW, Shop
from tests.seats import reserved, seated, wish
from wanku.access.actor import Actor
from wanku.audit.models import Act, Move
from wanku.flows.offering.cancel_departure import cancel_departure
from wanku.flows.offering.tests.departures import picture
from wanku.kernel.refusal import Refusal
from wanku.kinds.seat.states import CANCELLED
from wanku.kinds.seat.tests.world import STARTS, departure_of, seat_product, seats_left

pytestmark = pytest.mark.django_db


def test_nothing_more_is_sold(bo: Shop, ann_actor: Actor) -> None:
    row = departure_of(seat_product(bo), minimum=5)
    seated(ann_actor, wish(row, 2))
    found = cancel_departure(row.pk, because=" 台风 停航 ", actor=bo.actor, now=NOW)
    assert (found.state, found.due_at, found.cancelled_because) == (CANCELLED, None, "台风 停航")
    assert (seats_left(row), seats_left(row, 1)) == (0, 0)
    with pytest.raises(Refusal) as no:
        reserved(ann_actor, wish(row))
    assert no.value.code.name == "departure_cancelled"
    told = Move.objects.get(subject_type="departure")
    assert (told.event, told.actor, told.facts) == ("cancel", "merchant", {"seats": 2})
    act = Act.objects.get(verb="cancel_departure")
    assert (act.because, act.facts["seats"]) == ("台风 停航", 2)


def test_refusals_change_nothing(bo: Shop, cy: Shop) -> None:
    row = departure_of(seat_product(bo))
    clerk = Actor(person_id=bo.owner.pk, seats={bo.merchant.pk: "clerk"}, merchant_id=bo.merchant.pk)
    before = picture()
    for because, actor, now, code in (
        ("", bo.actor, NOW, "bad_value"),
        ("storm", cy.actor, NOW, "not_found"),
        ("storm", clerk, NOW, "not_allowed"),
        ("storm", bo.actor, STARTS, "wrong_state"),
    ):
        with pytest.raises(Refusal) as no:
            cancel_departure(row.pk, because=because, actor=actor, now=now)
        assert no.value.code.name == code and picture() == before
    cancel_departure(row.pk, because="storm", actor=bo.actor, now=NOW)
    with pytest.raises(Refusal) as no:
        cancel_departure(row.pk, because="storm", actor=bo.actor, now=NOW)
    assert no.value.code.name == "wrong_state"
