"""Two editors at the same moment: no name is used twice."""

from functools import partial
from typing import Any

import pytest

from tests.at_once import Meeting, at_once, locks_off
from tests.cast import NOW
from wanku.access.actor import Actor
from wanku.flows.policing.save_place import save_place
from wanku.kernel.refusal import Refusal
from wanku.kinds.stay.models import Place
from wanku.kinds.stay.write_place import PlaceData

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault]
WRITES = "wanku.flows.policing.save_place.record"


def both(di_actor: Actor, *, name: str) -> list[Place | Exception]:
    """Two that call a place alike in English; ``name`` is the second one's own."""
    Place.objects.create(name="苏州")
    add = partial(save_place, actor=di_actor, now=NOW)
    first, second = PlaceData("杭州", {"en": "Hangzhou"}), PlaceData(name, {"en": "Hangzhou"})
    return at_once(partial(add, first), partial(add, second))


@pytest.mark.parametrize("name", ["杭州", "西湖"])
def test_two_that_add_the_same_name_make_one(name: str, di_actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    Meeting().before(monkeypatch, WRITES)
    answers = both(di_actor, name=name)
    [refusal] = [answer for answer in answers if isinstance(answer, Exception)]
    assert isinstance(refusal, Refusal)
    assert {each.code.name for each in refusal.every()} == {"bad_value"}
    assert Place.objects.count() == 2


def test_control_without_the_lock_one_name_is_used_twice(di_actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    locks_off(monkeypatch)
    meeting = Meeting()
    meeting.before(monkeypatch, WRITES)
    both(di_actor, name="西湖")
    assert meeting.met
    assert Place.objects.filter(names__en="Hangzhou").count() == 2


def test_a_shop_that_types_the_name_first_wins(di_actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Shops add places without the lock; the editor hears of it in words."""

    def checked_too_early(data: PlaceData, others: list[Place]) -> dict[str, Any]:
        Place.objects.create(name=data.name)
        return {"name": data.name, "names": {}, "is_hidden": False}

    monkeypatch.setattr("wanku.kinds.stay.write_place._checked", checked_too_early)
    with pytest.raises(Refusal) as refused:
        save_place(PlaceData("杭州", {}), actor=di_actor, now=NOW)
    assert (refused.value.code.name, refused.value.field) == ("bad_value", "name")
    assert Place.objects.count() == 0, "all of it is undone, here the shop's as well"
