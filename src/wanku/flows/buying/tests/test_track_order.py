"""A guest finds an order again."""

import pytest

from tests.bought import placed
from tests.cast import NOW, Shop, product_of
from wanku.access.actor import Actor
from wanku.access.models import GuessCount
from wanku.flows.buying import _guest_trade
from wanku.flows.buying.track_order import track_order
from wanku.kernel.refusal import Refusal
from wanku.orders.models import Order


def test_by_trade_or_order_number_and_phone_or_email(bo: Shop, guest_actor: Actor) -> None:
    trade = placed(guest_actor, (product_of(bo.merchant), 1))
    for number in (trade.number, Order.objects.get().number, f" {trade.number[:6]}-{trade.number[6:]} "):
        for contact in ("13800138000", "+86 138 0013 8000", " Ann@Example.com "):
            assert track_order(number, contact, source="test", now=NOW) == trade.pk
            GuessCount.objects.all().delete()


@pytest.mark.parametrize("contact", ["", "13900139000", "nobody@example.com", "@", "安"])
def test_a_wrong_contact_is_no_match(bo: Shop, guest_actor: Actor, contact: str) -> None:
    trade = placed(guest_actor, (product_of(bo.merchant), 1))
    with pytest.raises(Refusal) as no:
        track_order(trade.number, contact, source="test", now=NOW)
    assert no.value.code.name == "no_match"


def test_a_trade_without_email_is_not_found_by_an_empty_one(bo: Shop, guest_actor: Actor) -> None:
    trade = placed(guest_actor, (product_of(bo.merchant), 1))
    trade.contact_email = ""
    trade.save()
    with pytest.raises(Refusal):
        track_order(trade.number, " ", source="test", now=NOW)


def test_a_members_trade_is_no_match(bo: Shop, ann_actor: Actor) -> None:
    trade = placed(ann_actor, (product_of(bo.merchant), 1))
    with pytest.raises(Refusal) as no:
        track_order(trade.number, "13800138000", source="test", now=NOW)
    assert no.value.code.name == "no_match"


def test_refused_guesses_count_and_end(bo: Shop, guest_actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_guest_trade, "PER_NUMBER", 2)
    trade = placed(guest_actor, (product_of(bo.merchant), 1))
    refusals = []
    for _ in range(3):
        with pytest.raises(Refusal) as no:
            track_order(trade.number, "13900139000", source="test", now=NOW)
        refusals.append(no.value)
    assert [refusal.code.name for refusal in refusals] == ["no_match", "no_match", "too_often"]
    again = refusals[-1].facts["at"]
    assert track_order(trade.number, "13800138000", source="test", now=again) == trade.pk
