"""Taking a place in line."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection

from wanku.waiting_room.models import Ticket
from wanku.waiting_room.states import OPEN, ROOM_TICKET_MACHINE

# Whoever has a place keeps it and may change what they came for.
JOIN = """
INSERT INTO waiting_room_ticket (product_id, person_key, wish, state, due_at, joined_at)
VALUES (%s, %s, %s::jsonb, %s, %s, %s)
ON CONFLICT (product_id, person_key) WHERE state IN ('waiting', 'admitted') DO UPDATE SET wish = EXCLUDED.wish
RETURNING id, state, due_at, joined_at
"""
assert set(OPEN) == {"waiting", "admitted"}  # noqa: S101 - the statement above names them


def join(product_id: int, person_key: str, *, wish: Mapping[str, Any], now: datetime, due_at: datetime) -> Ticket:
    """The person's place in the line of a product: a new one at its end, or the one that they have. One statement."""
    given: list[Any] = [product_id, person_key, json.dumps(dict(wish)), ROOM_TICKET_MACHINE.initial, due_at, now]
    with connection.cursor() as cursor:
        cursor.execute(JOIN, given)
        key, state, due, joined = cursor.fetchone()
    return Ticket(
        pk=key,
        product_id=product_id,
        person_key=person_key,
        wish=dict(wish),
        state=state,
        due_at=due,
        joined_at=joined,
    )
