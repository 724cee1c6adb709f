"""The address book: adding and changing."""

import pytest

from tests.cast import ADDRESS, NOW
from wanku.access.actor import Actor
from wanku.flows.buying.keep_address import keep_address
from wanku.kernel.refusal import Refusal
from wanku.people.models import Address


def test_the_first_is_the_usual_one_until_another_is_chosen(ann_actor: Actor) -> None:
    first = keep_address(ADDRESS, actor=ann_actor, now=NOW)
    second = keep_address({**ADDRESS, "line": "二号街"}, actor=ann_actor, now=NOW)
    assert (first.is_default, second.is_default) == (True, False)
    keep_address({**ADDRESS, "line": "二号街"}, actor=ann_actor, now=NOW, address_id=second.pk, is_default=True)
    assert list(Address.objects.values_list("line", "is_default")) == [("二号街", True), (ADDRESS["line"], False)]


def test_every_fault_is_named_and_nothing_kept(ann_actor: Actor) -> None:
    with pytest.raises(Refusal) as no:
        keep_address({"phone": "12", "line": "x" * 201}, actor=ann_actor, now=NOW)
    fields = {each.field for each in (no.value, *no.value.also)}
    assert fields == {"address.name", "address.phone", "address.province", "address.city", "address.line"}
    assert not Address.objects.exists()


def test_a_guest_and_another_ones_address_are_refused(ann_actor: Actor, other_actor: Actor, guest_actor: Actor) -> None:
    kept = keep_address(ADDRESS, actor=ann_actor, now=NOW)
    for actor, code in ((guest_actor, "sign_in"), (other_actor, "not_found")):
        with pytest.raises(Refusal) as no:
            keep_address({**ADDRESS, "line": "他处"}, actor=actor, now=NOW, address_id=kept.pk)
        assert no.value.code.name == code
    kept.refresh_from_db()
    assert kept.line == ADDRESS["line"]


def test_the_book_has_an_end(ann_actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wanku.people.save_address.BOOK_MAX", 1)
    kept = keep_address(ADDRESS, actor=ann_actor, now=NOW)
    with pytest.raises(Refusal) as no:
        keep_address(ADDRESS, actor=ann_actor, now=NOW)
    assert no.value.code.name == "address_book_full"
    keep_address({**ADDRESS, "line": "改"}, actor=ann_actor, now=NOW, address_id=kept.pk)
    assert Address.objects.get().line == "改"
