"""Reading: one's own only; desks and platform apart."""

from typing import Any

import pytest

from tests.cast import NOW, Shop
from wanku.access.actor import Actor
from wanku.flows.talking.read_notices import read_notices
from wanku.notices.models import Notice
from wanku.notices.queries import notices_of, unread_count
from wanku.notices.tell import Message, Recipient, tell
from wanku.people.models import Person


@pytest.fixture
def notices(ann: Person, bo: Shop, cy: Shop) -> dict[str, list[int]]:
    """Two for each of Ann, Bo's desk, Cy's desk and the platform, by reader."""
    readers = [f"person:{ann.pk}", f"merchant:{bo.merchant.pk}", f"merchant:{cy.merchant.pk}", "platform"]
    tell(
        [
            Message(f"test:{n}", "merchant_approved", Recipient(reader, address="x@example.com"), {}, email=True)
            for reader in readers
            for n in range(2)
        ],
        now=NOW,
    )
    shown = Notice.objects.filter(channel="in_app")
    return {reader: list(shown.filter(reader=reader).values_list("pk", flat=True)) for reader in readers}


def test_each_counts_and_reads_ones_own(
    notices: dict[str, list[int]], ann: Person, ann_actor: Actor, bo: Shop, di_actor: Actor
) -> None:
    every = [pk for pks in notices.values() for pk in pks]
    assert [unread_count(actor) for actor in (ann_actor, bo.actor, di_actor)] == [2, 2, 0]
    assert unread_count(di_actor, platform=True) == 2
    assert read_notices(every[:1], actor=ann_actor, now=NOW) == 1
    assert read_notices(every, actor=ann_actor, now=NOW) == 1
    assert read_notices(every, actor=ann_actor, now=NOW) == 0
    assert unread_count(ann_actor) == 0
    assert unread_count(bo.actor) == 2
    assert read_notices(None, actor=bo.actor, now=NOW) == 2
    assert read_notices(None, actor=di_actor, now=NOW, platform=True) == 2
    unread = Notice.objects.filter(channel="in_app", read_at=None)
    assert set(unread.values_list("reader", flat=True)) == {list(notices)[2]}


def test_strangers_read_nothing(
    notices: dict[str, list[int]], other_actor: Actor, guest_actor: Actor, bo: Shop, cy: Shop
) -> None:
    posing = Actor(person_id=cy.owner.pk, seats=cy.actor.seats, merchant_id=bo.merchant.pk)
    for actor in (other_actor, guest_actor, posing):
        assert not notices_of(actor).exists()
        assert unread_count(actor) == 0
        assert read_notices(None, actor=actor, now=NOW) == 0
    assert unread_count(bo.actor, platform=True) == 0
    assert read_notices(None, actor=bo.actor, now=NOW, platform=True) == 0
    assert not Notice.objects.exclude(read_at=None).exists()


def test_one_query_to_count(ann_actor: Actor, guest_actor: Actor, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        unread_count(ann_actor)
    with django_assert_num_queries(0):
        unread_count(guest_actor)


def test_the_bell_ends_at_ninety_nine(ann: Person, ann_actor: Actor) -> None:
    reader = Recipient(f"person:{ann.pk}")
    tell([Message(f"test:{n}", "merchant_approved", reader, {}) for n in range(120)], now=NOW)
    assert unread_count(ann_actor) == 99
