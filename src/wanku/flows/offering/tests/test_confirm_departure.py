"""A shop promises to go with a small group."""

import pytest

from tests.cast import NOW, Shop
from wanku.flows.offering.confirm_departure import confirm_departure
from wanku.flows.offering.tests.departures import picture
from wanku.kernel.refusal import Refusal
from wanku.kinds.seat.states import CONFIRMED
from wanku.kinds.seat.tests.world import STARTS, departure_of, seat_product

pytestmark = pytest.mark.django_db


def test_it_goes_from_now_on(bo: Shop) -> None:
    row = departure_of(seat_product(bo), minimum=8)
    found = confirm_departure(row.pk, actor=bo.actor, now=NOW)
    assert (found.state, found.due_at) == (CONFIRMED, None)


def test_refusals_change_nothing(bo: Shop, cy: Shop) -> None:
    row = departure_of(seat_product(bo), minimum=8)
    sure = departure_of(row.product, starts_at=STARTS.replace(day=20))
    before = picture()
    for target, actor, code in ((sure, bo.actor, "wrong_state"), (row, cy.actor, "not_found")):
        with pytest.raises(Refusal) as no:
            confirm_departure(target.pk, actor=actor, now=NOW)
        assert no.value.code.name == code and picture() == before
