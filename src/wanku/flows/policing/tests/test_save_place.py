"""Destinations."""

from dataclasses import replace

import pytest

from tests.cast import NOW, Shop
from wanku.access.actor import Actor
from wanku.audit.models import Act
from wanku.catalog.versions import version_of_all
from wanku.flows.policing.save_place import save_place
from wanku.kernel.refusal import Refusal
from wanku.kinds.stay.models import Place, Property
from wanku.kinds.stay.tests.houses import house_of
from wanku.kinds.stay.write_place import PlaceData

HANGZHOU = PlaceData(" 杭州 ", {"en": "Hangzhou", "zh-hant": "杭州"})


def test_added_then_renamed_and_hidden(di_actor: Actor, bo: Shop) -> None:
    place = save_place(HANGZHOU, actor=di_actor, now=NOW)
    assert (place.name, place.names, place.is_hidden) == ("杭州", {"en": "Hangzhou"}, False)
    house, other = house_of(bo.merchant), house_of(bo.merchant, place="苏州")
    before = version_of_all()
    save_place(replace(HANGZHOU, name="杭州西湖", is_hidden=True), place_id=place.pk, actor=di_actor, now=NOW)
    assert version_of_all() != before, "kept pages say the name"
    place.refresh_from_db()
    assert (place.name, place.is_hidden) == ("杭州西湖", True)
    assert Property.objects.get(pk=house.pk).place == place != Property.objects.get(pk=other.pk).place
    changed, added = Act.objects.order_by("-id")[:2]
    assert (added.verb, changed.verb, changed.subject_id) == ("add_place", "change_place", str(place.pk))
    assert changed.facts == {
        "name": ["杭州", "杭州西湖"],
        "names": [{"en": "Hangzhou"}, {"en": "Hangzhou", "zh-hant": "杭州"}],
        "is_hidden": [False, True],
    }


@pytest.mark.parametrize(
    ("data", "fields"),
    [
        (PlaceData("", {}), ["name"]),
        (PlaceData("x" * 61, {}), ["name"]),
        (PlaceData("HANGZHOU", {}), ["name"]),
        (PlaceData("汉口", {"en": "杭州", "zh-hant": "y" * 61}), ["names.zh-hant", "names.en"]),
    ],
    ids=["empty", "long", "another’s in another language", "names"],
)
def test_names_that_are_none(data: PlaceData, fields: list[str], di_actor: Actor) -> None:
    save_place(HANGZHOU, actor=di_actor, now=NOW)
    acts = Act.objects.count()
    for place_id in (None, save_place(PlaceData("苏州", {}), actor=di_actor, now=NOW).pk):
        with pytest.raises(Refusal) as no:
            save_place(data, place_id=place_id, actor=di_actor, now=NOW)
        assert [each.field for each in no.value.every()] == fields
    assert list(Place.objects.order_by("pk").values_list("name", flat=True)) == ["杭州", "苏州"]
    assert Act.objects.count() == acts + 1


def test_who_may_not_and_what_is_not_there(di_actor: Actor, ann_actor: Actor, bo: Shop) -> None:
    for actor in (ann_actor, bo.actor):
        with pytest.raises(Refusal, match="not_allowed"):
            save_place(HANGZHOU, actor=actor, now=NOW)
    with pytest.raises(Refusal, match="not_found"):
        save_place(HANGZHOU, place_id=999_999, actor=di_actor, now=NOW)
    assert not Place.objects.exists() and not Act.objects.exists()
