"""Letting the next ones in, as many as there are pieces; and telling everybody when there are none."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from wanku.audit.move import By, RowStep, move_rows
from wanku.audit.rules import due
from wanku.kernel.states import SYSTEM
from wanku.waiting_room.models import Ticket
from wanku.waiting_room.queries import read_room
from wanku.waiting_room.states import WAITING
from wanku.waiting_room.turns import rooms_with_a_line, take_turn


def admit_waiting(*, now: datetime, limit: int, product_ids: Collection[int] | None = None) -> int:
    """Admit those who are next, by order of arrival; returns how many tickets were moved.

    One room is dealt with by one process at a time, so that a free piece never makes two passes; the others go on to
    the next room. Where nothing is free and nothing is held, the places end as gone instead.

    Args:
        limit: tickets moved for each room in one transaction.
        product_ids: only these rooms; all with a line when none.
    """
    moved = 0
    for product_id in rooms_with_a_line() if product_ids is None else product_ids:
        with transaction.atomic():
            if take_turn(product_id):
                moved += _deal_with(product_id, now, limit)
    return moved


def _deal_with(product_id: int, now: datetime, limit: int) -> int:
    room = read_room(product_id, now)
    gone = room.is_gone
    count = min(limit, room.waiting if gone else room.room)
    if not count:
        return 0
    first = Ticket.objects.select_for_update(no_key=True, skip_locked=True).filter(product_id=product_id, state=WAITING)
    keys = first.order_by("pk").values_list("pk", flat=True)[:count]
    due_at = None if gone else due("room_pass", now)
    steps = [RowStep(key, WAITING, None, None, due_at) for key in keys]
    move_rows(Ticket, steps, "sell_out" if gone else "admit", by=By(SYSTEM), now=now)
    return len(steps)
