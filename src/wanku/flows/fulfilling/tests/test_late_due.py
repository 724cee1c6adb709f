"""Silence of the merchant: late, reminded, listed."""

from datetime import timedelta

from tests.bought import paid, placed
from tests.cast import NOW, Shop, product_of
from wanku.access.actor import Actor
from wanku.audit.models import Move
from wanku.flows.fulfilling.late_due import late_due
from wanku.flows.fulfilling.ship_order import ship_order
from wanku.orders.models import Line, Order

PROMISED = NOW + timedelta(hours=48)


def reminders(order: Order) -> list[int]:
    """Numbers of the reminders so far."""
    moves = Move.objects.filter(subject_id=str(order.pk), event="late").order_by("id")
    return [move.facts["reminder"] for move in moves]


def test_late_once_and_reminded_daily(ann_actor: Actor, bo: Shop) -> None:
    order = paid(ann_actor, (product_of(bo.merchant), 1))[0]
    assert late_due(now=PROMISED - timedelta(seconds=1), limit=10) == 0
    seen = PROMISED + timedelta(minutes=3)
    assert late_due(now=seen, limit=10) == 1
    order.refresh_from_db()
    assert (order.state, order.late_since, order.ship_by) == ("paid", PROMISED, PROMISED)
    assert order.due_at == PROMISED + timedelta(hours=24)
    assert late_due(now=seen, limit=10) == 0
    for day in (1, 2, 3):
        assert late_due(now=PROMISED + timedelta(days=day), limit=10) == 1
    order.refresh_from_db()
    assert order.late_since == PROMISED
    assert reminders(order) == [0, 1, 2, 3]
    assert order.due_at == PROMISED + timedelta(days=4)


def test_a_sweeper_that_was_away_reminds_once(ann_actor: Actor, bo: Shop) -> None:
    order = paid(ann_actor, (product_of(bo.merchant), 1))[0]
    assert late_due(now=PROMISED + timedelta(days=5, hours=1), limit=10) == 1
    assert late_due(now=PROMISED + timedelta(days=5, hours=1), limit=10) == 0
    order.refresh_from_db()
    assert order.due_at == PROMISED + timedelta(days=6)
    assert reminders(order) == [0]


def test_a_part_that_left_does_not_stop_the_clock(ann_actor: Actor, bo: Shop) -> None:
    order = paid(ann_actor, (product_of(bo.merchant), 2))[0]
    line = Line.objects.get(order=order)
    ship_order(order.pk, pieces={line.pk: 1}, carrier="sf", tracking="SF1234567890123", actor=bo.actor, now=NOW)
    assert late_due(now=PROMISED, limit=10) == 1
    order.refresh_from_db()
    assert (order.state, order.late_since) == ("fulfilling", PROMISED)
    ship_order(order.pk, pieces=None, carrier="sf", tracking="SF1234567890124", actor=bo.actor, now=PROMISED)
    order.refresh_from_db()
    assert (order.state, order.late_since) == ("fulfilled", PROMISED), "lateness stays visible"
    assert late_due(now=PROMISED + timedelta(days=2), limit=10) == 0


def test_unpaid_orders_are_nobodys_delay(ann_actor: Actor, bo: Shop) -> None:
    placed(ann_actor, (product_of(bo.merchant), 1))
    assert late_due(now=PROMISED, limit=10) == 0
