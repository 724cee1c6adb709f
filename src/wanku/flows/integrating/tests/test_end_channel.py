"""The end of a former account."""

from datetime import timedelta

import pytest

from tests.cast import NOW
from wanku.access.actor import Actor
from wanku.access.models import PlatformRole
from wanku.audit.models import Act
from wanku.flows.integrating.end_channel import end_channel
from wanku.flows.integrating.set_channel import set_channel
from wanku.kernel.refusal import Refusal
from wanku.payments.accounts import accounts_of
from wanku.payments.models import ChannelAccount


def put(toll: str, word: str, days: int) -> ChannelAccount:
    """Set an account."""
    at = NOW + timedelta(days=days)
    return set_channel(toll, public={"app_id": "2021"}, secret={"word": word}, actor=None, now=at)


def test_a_former_account_proves_nothing_any_more(toll: str, di_actor: Actor) -> None:
    first, second = put(toll, "one", 0), put(toll, "two", 1)
    end = NOW + timedelta(days=2)
    for _ in range(2):
        end_channel(first.pk, because="its key leaked", actor=di_actor, now=end)
    assert [(a.key, a.proves(end)) for a in accounts_of(toll)] == [(second.pk, True), (first.pk, False)]
    assert accounts_of(toll)[1].proves(end - timedelta(seconds=1))
    ended = Act.objects.get(verb="end_channel")
    assert (ended.because, ended.facts) == ("its key leaked", {"channel": toll})


def test_those_that_stay(toll: str, di_actor: Actor, ann_actor: Actor, guest_actor: Actor) -> None:
    first, second = put(toll, "one", 0), put(toll, "two", 1)
    finance = Actor(person_id=ann_actor.person_id, platform=frozenset({PlatformRole.FINANCE}))
    for actor, row, because, code in (
        (di_actor, second.pk, "a reason", "channel_in_use"),
        (di_actor, second.pk + 1, "a reason", "not_found"),
        (di_actor, first.pk, " ", "bad_value"),
        (finance, first.pk, "a reason", "not_allowed"),
        (ann_actor, first.pk, "a reason", "not_allowed"),
        (guest_actor, first.pk, "a reason", "sign_in"),
    ):
        with pytest.raises(Refusal, match=code):
            end_channel(row, because=because, actor=actor, now=NOW)
    assert not ChannelAccount.objects.filter(until__isnull=False).exists()
    assert not Act.objects.filter(verb="end_channel").exists()
