"""A room type goes off sale."""

from dataclasses import replace

import pytest

from tests.cast import NOW, Shop
from wanku.catalog.models import Product
from wanku.flows.offering.remove_room import remove_room
from wanku.inventory.models import Supply
from wanku.kernel.refusal import Refusal
from wanku.kinds.stay.load import load_facts
from wanku.kinds.stay.tests.houses import house_of, room_of

pytestmark = pytest.mark.django_db


def test_it_cannot_be_had_any_more_and_its_nights_stay(bo: Shop) -> None:
    house = house_of(bo.merchant, prices=(50_000, 80_000), nights=3)
    room = room_of(house)
    remove_room(room.pk, actor=bo.actor, now=NOW)
    assert load_facts([room.rates.get().pk]) == {}
    product = Product.objects.get(pk=house.pk)
    assert [variant.is_active for variant in product.variants.all()] == [False, True]
    assert (product.price_min, product.price_max) == (80_000, 80_000)
    assert Supply.objects.filter(key__startswith=f"night:{room.pk}:").count() == 3
    with pytest.raises(Refusal) as caught:
        remove_room(room.pk, actor=bo.actor, now=NOW)
    assert caught.value.code.name == "not_found"


def test_refusals(bo: Shop, cy: Shop) -> None:
    room = room_of(house_of(bo.merchant))
    for actor, code in (
        (cy.actor, "not_found"),
        (replace(bo.actor, seats={bo.merchant.pk: "finance"}), "not_allowed"),
    ):
        with pytest.raises(Refusal) as caught:
            remove_room(room.pk, actor=actor, now=NOW)
        assert caught.value.code.name == code
    room.refresh_from_db()
    assert room.is_active
