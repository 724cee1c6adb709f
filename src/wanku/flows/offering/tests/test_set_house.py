"""A product becomes a house."""

from dataclasses import replace
from datetime import time

import pytest

from tests.bought import placed
from tests.cast import NOW, Shop, product_of
from wanku.access.actor import Actor
from wanku.audit.models import Act
from wanku.flows.offering.set_house import set_house
from wanku.inventory.models import Supply
from wanku.kernel.refusal import Refusal
from wanku.kinds.stay.models import Place, Property
from wanku.kinds.stay.rules import HouseData
from wanku.kinds.stay.tests.houses import house_of

pytestmark = pytest.mark.django_db
GOOD = HouseData(" 杭州 ", "北山街 1 号", check_in=time(14), check_out=time(11), stars=4, facilities=("wifi", "pool"))


def test_it_is_where_it_says(bo: Shop, cy: Shop) -> None:
    product = product_of(bo.merchant)
    house = set_house(product.pk, GOOD, actor=bo.actor, now=NOW)
    product.refresh_from_db()
    assert (product.kind, house.place.name, house.facilities) == ("stay", "杭州", ["wifi", "pool"])
    other = set_house(product_of(cy.merchant).pk, GOOD, actor=cy.actor, now=NOW)
    assert other.place == house.place
    again = set_house(product.pk, replace(GOOD, place="苏州", zone="Europe/Berlin"), actor=bo.actor, now=NOW)
    assert (again.pk, again.place.name, again.zone) == (house.pk, "苏州", "Europe/Berlin")
    assert Act.objects.filter(verb="set_house").count() == 3


def test_a_house_that_sells_further_ahead_opens_more_nights(bo: Shop) -> None:
    house = house_of(bo.merchant, nights=5)
    set_house(house.pk, replace(GOOD, ahead_days=20), actor=bo.actor, now=NOW)
    assert Supply.objects.filter(key__startswith="night:").count() == 22


def test_refusals(bo: Shop, cy: Shop, ann_actor: Actor) -> None:
    product = product_of(bo.merchant)
    for told, actor, code, field in (
        (GOOD, cy.actor, "not_found", None),
        (GOOD, ann_actor, "not_found", None),
        (GOOD, replace(bo.actor, seats={bo.merchant.pk: "clerk"}), "not_allowed", None),
        (replace(GOOD, place=" "), bo.actor, "bad_value", "place"),
        (replace(GOOD, address=""), bo.actor, "bad_value", "address"),
        (replace(GOOD, zone="Mars/Olympus"), bo.actor, "bad_value", "zone"),
        (replace(GOOD, stars=6), bo.actor, "bad_value", "stars"),
        (replace(GOOD, facilities=("moat",)), bo.actor, "bad_value", "facilities"),
        (replace(GOOD, ahead_days=0), bo.actor, "bad_value", "ahead_days"),
        (replace(GOOD, phone="1" * 31), bo.actor, "bad_value", "phone"),
        (replace(GOOD, rules="x" * 2001), bo.actor, "bad_value", "rules"),
    ):
        with pytest.raises(Refusal) as caught:
            set_house(product.pk, told, actor=actor, now=NOW)
        assert (caught.value.code.name, caught.value.field) == (code, field)
    product.refresh_from_db()
    assert product.kind == "ship"
    assert not Property.objects.exists()
    assert not Place.objects.exists()


def test_what_was_ordered_as_goods_stays_goods(bo: Shop, ann_actor: Actor) -> None:
    product = product_of(bo.merchant)
    placed(ann_actor, (product, 1))
    with pytest.raises(Refusal) as caught:
        set_house(product.pk, GOOD, actor=bo.actor, now=NOW)
    assert caught.value.code.name == "ordered_as_another_kind"
    assert not Property.objects.exists()
