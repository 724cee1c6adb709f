"""Seasons of a room type."""

from dataclasses import replace
from datetime import date

import pytest

from tests.cast import NOW, Shop
from wanku.flows.offering.set_seasons import set_seasons
from wanku.kernel.refusal import Refusal
from wanku.kinds.stay.load import load_facts
from wanku.kinds.stay.models import Season
from wanku.kinds.stay.rules import SeasonData
from wanku.kinds.stay.tests.houses import house_of, room_of

pytestmark = pytest.mark.django_db
SPRING = SeasonData("春节", date(2027, 2, 5), date(2027, 2, 12), 120_000, min_nights=2)
MAY = SeasonData("五一", date(2027, 5, 1), date(2027, 5, 5), 90_000, (None,) * 5 + (99_000, None))


def test_they_replace_those_before(bo: Shop) -> None:
    room = room_of(house_of(bo.merchant))
    set_seasons(room.pk, [MAY, SPRING], actor=bo.actor, now=NOW)
    facts = load_facts([room.rates.get().pk])[room.rates.get().pk]
    assert [facts.night_price(date(2027, 5, day)) for day in (1, 2, 6)] == [99_000, 90_000, 50_000]
    set_seasons(room.pk, [replace(SPRING, price=1)], actor=bo.actor, now=NOW)
    assert Season.objects.get().price == 1


def test_refusals(bo: Shop, cy: Shop) -> None:
    room = room_of(house_of(bo.merchant))
    set_seasons(room.pk, [SPRING], actor=bo.actor, now=NOW)
    for told, actor, code, field in (
        ([MAY], cy.actor, "not_found", None),
        ([MAY], replace(bo.actor, seats={bo.merchant.pk: "service"}), "not_allowed", None),
        ([replace(MAY, name="")], bo.actor, "bad_value", "seasons.0.name"),
        ([replace(MAY, last=date(2027, 4, 30))], bo.actor, "bad_value", "seasons.0.last"),
        ([MAY, replace(MAY, first=MAY.last)], bo.actor, "bad_value", "seasons.1.first"),
        ([replace(MAY, price=0)], bo.actor, "bad_value", "seasons.0.price"),
        ([replace(MAY, weekdays=(1,))], bo.actor, "bad_value", "seasons.0.weekdays"),
        ([replace(MAY, min_nights=0)], bo.actor, "bad_value", "seasons.0.min_nights"),
        ([MAY] * 41, bo.actor, "bad_value", "seasons"),
    ):
        with pytest.raises(Refusal) as caught:
            set_seasons(room.pk, told, actor=actor, now=NOW)
        assert (caught.value.code.name, caught.value.field) == (code, field)
    assert Season.objects.get().name == "春节"
