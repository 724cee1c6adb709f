"""Seats and prices of a cabin."""

import pytest

from tests.cast import NOW, Shop, product_of, variant_of
from tests.seats import reserved, seated, wish
from wanku.access.actor import Actor
from wanku.flows.offering.cancel_departure import cancel_departure
from wanku.flows.offering.change_cabin import change_cabin
from wanku.flows.offering.tests.departures import picture
from wanku.inventory.models import Supply
from wanku.kernel.refusal import Refusal
from wanku.kinds.seat.models import Cabin
from wanku.kinds.seat.rules import CabinData
from wanku.kinds.seat.tests.world import STARTS, departure_of, seat_product

pytestmark = pytest.mark.django_db


def test_more_seats_fewer_seats_and_another_price(bo: Shop, ann_actor: Actor) -> None:
    row = departure_of(seat_product(bo), seats=10)
    variant = variant_of(row.product)
    order = seated(ann_actor, wish(row, 2))
    reserved(ann_actor, wish(row, 1))
    for seats, free in ((20, 17), (3, 0)):
        change_cabin(row.pk, CabinData(variant.pk, seats, 50000), actor=bo.actor, now=NOW)
        supply = Supply.objects.get(key=row.key(variant.pk))
        assert (supply.put_in, supply.free, supply.held, supply.sold) == (seats, free, 1, 2)
    assert Cabin.objects.get(departure=row, variant=variant).price == 50000
    order.refresh_from_db()
    assert order.amount == 2 * 68000
    before = picture()
    with pytest.raises(Refusal) as no:
        change_cabin(row.pk, CabinData(variant.pk, 2), actor=bo.actor, now=NOW)
    assert (no.value.code.name, no.value.facts["taken"]) == ("seats_taken", 3) and picture() == before


def test_a_cabin_that_was_not_sold_yet(bo: Shop) -> None:
    row = departure_of(seat_product(bo))
    variant = variant_of(row.product, 1)
    Cabin.objects.filter(departure=row, variant=variant).delete()
    Supply.objects.filter(key=row.key(variant.pk)).delete()
    change_cabin(row.pk, CabinData(variant.pk, 4), actor=bo.actor, now=NOW)
    assert Supply.objects.get(key=row.key(variant.pk)).free == 4
    assert Cabin.objects.filter(departure=row, variant=variant).exists()


def test_refusals_change_nothing(bo: Shop, cy: Shop) -> None:
    row = departure_of(seat_product(bo))
    own, foreign = variant_of(row.product).pk, variant_of(product_of(bo.merchant)).pk
    gone = departure_of(row.product, starts_at=STARTS.replace(day=20))
    cancel_departure(gone.pk, because="storm", actor=bo.actor, now=NOW)
    before = picture()
    for target, told, actor, now, code in (
        (row, CabinData(own, -1), bo.actor, NOW, "bad_value"),
        (row, CabinData(foreign, 5), bo.actor, NOW, "not_found"),
        (row, CabinData(own, 5), cy.actor, NOW, "not_found"),
        (row, CabinData(own, 5), bo.actor, STARTS, "wrong_state"),
        (gone, CabinData(own, 5), bo.actor, NOW, "wrong_state"),
    ):
        with pytest.raises(Refusal) as no:
            change_cabin(target.pk, told, actor=actor, now=now)
        assert no.value.code.name == code and picture() == before
