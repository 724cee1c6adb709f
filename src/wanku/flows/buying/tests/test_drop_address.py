"""The address book: removing."""

import pytest

from tests.cast import ADDRESS, NOW
from wanku.access.actor import Actor
from wanku.flows.buying.drop_address import drop_address
from wanku.flows.buying.keep_address import keep_address
from wanku.kernel.refusal import Refusal
from wanku.people.models import Address


def test_the_next_one_becomes_usual(ann_actor: Actor) -> None:
    first = keep_address(ADDRESS, actor=ann_actor, now=NOW)
    keep_address({**ADDRESS, "line": "二号街"}, actor=ann_actor, now=NOW)
    drop_address(first.pk, actor=ann_actor, now=NOW)
    assert Address.objects.get().is_default


def test_only_ones_own(ann_actor: Actor, other_actor: Actor, guest_actor: Actor) -> None:
    kept = keep_address(ADDRESS, actor=ann_actor, now=NOW)
    for actor, code in ((guest_actor, "sign_in"), (other_actor, "not_found")):
        with pytest.raises(Refusal) as no:
            drop_address(kept.pk, actor=actor, now=NOW)
        assert no.value.code.name == code
    assert Address.objects.count() == 1
