"""A member takes over a guest's order."""

import pytest

from tests.bought import placed
from tests.cast import NOW, Shop, product_of
from wanku.access.actor import Actor
from wanku.audit.models import Move
from wanku.flows.buying.claim_trade import claim_trade
from wanku.kernel.refusal import Refusal


def test_number_and_contact_put_it_into_the_account(bo: Shop, guest_actor: Actor, ann_actor: Actor) -> None:
    trade = placed(guest_actor, (product_of(bo.merchant), 1))
    assert claim_trade(trade.number, "13800138000", source="test", actor=ann_actor, now=NOW) == trade.pk
    trade.refresh_from_db()
    assert trade.buyer_id == ann_actor.person_id
    move = Move.objects.get(event="claim")
    assert (move.trade_id, move.because) == (trade.pk, "number_and_contact")


def test_once_it_is_somebodys_nobody_else_gets_it(
    bo: Shop, guest_actor: Actor, ann_actor: Actor, other_actor: Actor
) -> None:
    trade = placed(guest_actor, (product_of(bo.merchant), 1))
    claim_trade(trade.number, "13800138000", source="test", actor=ann_actor, now=NOW)
    with pytest.raises(Refusal) as no:
        claim_trade(trade.number, "13800138000", source="test", actor=other_actor, now=NOW)
    assert no.value.code.name == "no_match"
    trade.refresh_from_db()
    assert trade.buyer_id == ann_actor.person_id


def test_a_guest_and_a_wrong_contact_are_refused(bo: Shop, guest_actor: Actor, ann_actor: Actor) -> None:
    trade = placed(guest_actor, (product_of(bo.merchant), 1))
    for actor, contact, code in ((guest_actor, "13800138000", "sign_in"), (ann_actor, "13900139000", "no_match")):
        with pytest.raises(Refusal) as no:
            claim_trade(trade.number, contact, source="test", actor=actor, now=NOW)
        assert no.value.code.name == code
    trade.refresh_from_db()
    assert trade.buyer_id is None
