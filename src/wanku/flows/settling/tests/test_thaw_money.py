"""Frozen money goes back to where it belongs by now."""

from uuid import uuid4

import pytest

from tests.bank import Bank
from tests.cast import NOW, Shop
from tests.sale import Sale, paid
from wanku.access.actor import Actor
from wanku.flows.settling.release_order import release_order
from wanku.flows.settling.tests.test_freeze_money import freeze, mine
from wanku.flows.settling.thaw_money import thaw_money
from wanku.kernel.refusal import Refusal
from wanku.ledger.models import Entry, Freeze
from wanku.ledger.order_money import money_of, refund_bookings
from wanku.ledger.post import post_all

pytestmark = pytest.mark.django_db


def thaw(found: Freeze, actor: Actor) -> int:
    return thaw_money(found.pk, because="已核实", actor=actor, now=NOW)


def test_back_to_held_before_the_release(bank: Bank, sale: Sale, bo: Shop, di_actor: Actor) -> None:
    paid(bank, sale)
    found = freeze(bo, di_actor, 5_000, sale.order_of(bo).number)
    assert thaw(found, di_actor) == 5_000
    assert mine(bo) == (19_800, 0, 0)
    found.refresh_from_db()
    assert (found.state, found.due_at, found.ended_at, found.ended_by) == ("ended", None, NOW, di_actor.person_id)
    assert found.ended_because == "已核实"


def test_available_after_the_release(bank: Bank, sale: Sale, bo: Shop, di_actor: Actor) -> None:
    paid(bank, sale)
    found = freeze(bo, di_actor, 5_000, sale.order_of(bo).number)
    release_order(sale.order_of(bo), now=NOW)
    assert mine(bo) == (0, 5_000, 14_206)
    assert thaw(found, di_actor) == 5_000
    assert mine(bo) == (0, 0, 19_206)


def test_an_amount_without_an_order(bank: Bank, sale: Sale, bo: Shop, di_actor: Actor) -> None:
    paid(bank, sale)
    release_order(sale.order_of(bo), now=NOW)
    assert thaw(freeze(bo, di_actor, 200), di_actor) == 200
    assert mine(bo) == (0, 0, 19_206)


def test_only_what_refunds_left(bank: Bank, sale: Sale, bo: Shop, di_actor: Actor) -> None:
    paid(bank, sale)
    order = sale.order_of(bo)
    found = freeze(bo, di_actor, 15_000, order.number)
    post_all(refund_bookings(order, money_of([order.pk])[order.pk], refund_id=1, amount=10_000), now=NOW)
    assert mine(bo) == (0, 9_800, 0)
    assert thaw(found, di_actor) == 9_800
    assert mine(bo) == (9_800, 0, 0)


def test_nothing_is_left(bank: Bank, sale: Sale, bo: Shop, di_actor: Actor) -> None:
    paid(bank, sale)
    order = sale.order_of(bo)
    found = freeze(bo, di_actor, None, order.number)
    post_all(refund_bookings(order, money_of([order.pk])[order.pk], refund_id=1, amount=19_800), now=NOW)
    assert thaw(found, di_actor) == 0
    assert not Entry.objects.filter(reason="thaw").exists()


def test_refused(bank: Bank, sale: Sale, bo: Shop, di_actor: Actor) -> None:
    paid(bank, sale)
    found = freeze(bo, di_actor, 5_000, sale.order_of(bo).number)
    with pytest.raises(Refusal, match="not_allowed"):
        thaw(found, bo.actor)
    with pytest.raises(Refusal, match="not_found"):
        thaw_money(uuid4(), because="已核实", actor=di_actor, now=NOW)
    with pytest.raises(Refusal, match="bad_value"):
        thaw_money(found.pk, because=" ", actor=di_actor, now=NOW)
    assert mine(bo) == (14_800, 5_000, 0)
    thaw(found, di_actor)
    with pytest.raises(Refusal, match="wrong_state"):
        thaw(found, di_actor)
    assert mine(bo) == (19_800, 0, 0)
