"""A freeze is looked at again; silence never thaws it."""

from datetime import timedelta

import pytest

from tests.bank import Bank
from tests.cast import NOW, Shop
from tests.sale import Sale, paid
from wanku.access.actor import Actor
from wanku.flows.settling.remind_freezes import remind_freezes
from wanku.flows.settling.tests.test_freeze_money import freeze, mine
from wanku.flows.talking.tell_moves import tell_moves
from wanku.ledger.order_money import money_of, refund_bookings
from wanku.ledger.post import post_all
from wanku.notices.models import Notice

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


def test_finance_and_the_shop_are_reminded(bank: Bank, sale: Sale, bo: Shop, di_actor: Actor) -> None:
    paid(bank, sale)
    found = freeze(bo, di_actor, 5_000, sale.order_of(bo).number)
    assert remind_freezes(now=NOW + WEEK - timedelta(seconds=1)) == 0
    assert remind_freezes(now=NOW + WEEK) == 1
    assert remind_freezes(now=NOW + WEEK) == 0
    found.refresh_from_db()
    assert (found.state, found.due_at) == ("frozen", NOW + 2 * WEEK)
    assert mine(bo) == (14_800, 5_000, 0)
    tell_moves(now=NOW)
    assert Notice.objects.get(kind="freeze_lasts").reader == "platform"
    assert Notice.objects.get(kind="money_still_frozen").facts["amount"] == {"money": [5_000, "CNY"]}


def test_one_that_is_spent_ends(bank: Bank, sale: Sale, bo: Shop, di_actor: Actor) -> None:
    paid(bank, sale)
    order = sale.order_of(bo)
    found = freeze(bo, di_actor, None, order.number)
    post_all(refund_bookings(order, money_of([order.pk])[order.pk], refund_id=1, amount=19_800), now=NOW)
    assert remind_freezes(now=NOW + WEEK) == 1
    found.refresh_from_db()
    assert (found.state, found.due_at, found.ended_at) == ("ended", None, NOW + WEEK)
    tell_moves(now=NOW)
    assert not Notice.objects.filter(kind__in=["money_thawed", "money_still_frozen"]).exists()
