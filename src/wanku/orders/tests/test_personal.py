"""What one person has of a limited product: who counts as one, and the counters themselves."""

import uuid
from typing import Any

import pytest

from tests.bought import placed
from tests.cast import Shop, product_of
from wanku.access.actor import Actor
from wanku.orders import personal
from wanku.orders.models import Line, PersonalCount, Trade
from wanku.orders.personal import keys

GUEST = uuid.UUID("00000000-0000-4000-8000-000000000007")


def counts() -> dict[tuple[int, str], int]:
    return {(row.product_id, row.person_key): row.pieces for row in PersonalCount.objects.all()}


def test_a_member_is_the_account_and_a_guest_is_browser_phone_and_mail() -> None:
    assert keys(person_id=7, guest_key=GUEST, phone="+8613800138000", email="a@b.cn") == {"person:7"}
    found = keys(guest_key=GUEST, phone="+8613800138000", email="a@b.cn")
    assert found == {f"guest:{GUEST}", "phone:+8613800138000", "email:a@b.cn"}
    assert keys(guest_key=GUEST) == {f"guest:{GUEST}"}


@pytest.mark.django_db
def test_counters_go_up_and_read_themselves(django_assert_num_queries: Any) -> None:
    personal.raise_by({(1, "person:7"): 2, (2, "person:7"): 1})
    with django_assert_num_queries(1):
        personal.raise_by({(1, "person:7"): 1, (1, "person:8"): 5})
    assert personal.read([(1, "person:7"), (2, "person:8"), (1, "person:8")]) == {
        (1, "person:7"): 3,
        (1, "person:8"): 5,
    }
    with django_assert_num_queries(0):
        personal.raise_by({})


def limited(bo: Shop, actor: Actor, limit: int | None = 2) -> tuple[Trade, list[Line]]:
    """A trade of two pieces as if it had been sold under a limit."""
    trade = placed(actor, (product_of(bo.merchant), 2))
    Line.objects.update(limit_per_person=limit)
    return trade, list(Line.objects.all())


def test_giving_back_lowers_every_key_of_the_trade(bo: Shop, guest_actor: Actor) -> None:
    trade, lines = limited(bo, guest_actor)
    product_id = lines[0].product_id
    PersonalCount.objects.all().delete()
    personal.raise_by({(product_id, key): 3 for key in [*personal.keys_of(trade), "person:9"]})
    personal.lower(trade, lines)
    assert len(counts()) == 4
    assert {key: n for (_, key), n in counts().items() if n != 1} == {"person:9": 3}


def test_what_was_not_limited_was_not_counted(bo: Shop, guest_actor: Actor, django_assert_num_queries: Any) -> None:
    trade, lines = limited(bo, guest_actor, limit=None)
    with django_assert_num_queries(0):
        personal.lower(trade, lines)
        assert personal.take_again(trade, lines)
    assert counts() == {}


def test_taking_again_is_all_or_nothing(bo: Shop, guest_actor: Actor) -> None:
    trade, lines = limited(bo, guest_actor)
    PersonalCount.objects.all().delete()
    personal.raise_by({(lines[0].product_id, "phone:+8613800138000"): 1})
    before = counts()
    assert not personal.take_again(trade, lines)
    assert counts() == before
    PersonalCount.objects.all().delete()
    assert personal.take_again(trade, lines)
    assert set(counts().values()) == {2} and len(counts()) == 3


def test_a_member_takes_over_what_stands(bo: Shop, guest_actor: Actor, ann_actor: Actor) -> None:
    trade, lines = limited(bo, guest_actor)
    PersonalCount.objects.all().delete()
    trade.buyer_id = ann_actor.person_id
    trade.save()
    personal.take_over([trade])
    assert counts() == {(lines[0].product_id, f"person:{ann_actor.person_id}"): 2}
    trade.orders.update(state="cancelled")
    personal.take_over([trade])
    assert set(counts().values()) == {2}
