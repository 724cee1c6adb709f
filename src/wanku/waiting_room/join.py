"""Taking a place in line. Both statements are prepared ones: in a rush they are all that an arrival costs."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from wanku.kernel.arrays import execute, literal
from wanku.merchants.models import SHOWN_STATES
from wanku.waiting_room.models import Ticket
from wanku.waiting_room.states import OPEN, ROOM_TICKET_MACHINE

ENTRANCE: Final = """
SELECT p.title, p.waiting_room, p.limit_per_person,
       EXISTS (SELECT FROM catalog_variant v WHERE v.id = $2 AND v.product_id = p.id AND v.is_active)
FROM catalog_product p JOIN merchants_merchant m ON m.id = p.merchant_id
WHERE p.id = $1 AND p.state = 'on_sale' AND m.state = ANY($3::text[])
"""
# Whoever has a place keeps it and may change what they came for.
JOIN: Final = """
INSERT INTO waiting_room_ticket (product_id, person_key, wish, state, due_at, joined_at)
VALUES ($1, $2, $3::jsonb, $4, $5, $6)
ON CONFLICT (product_id, person_key) WHERE state IN ('waiting', 'admitted') DO UPDATE SET wish = EXCLUDED.wish
RETURNING id, state, due_at, joined_at
"""
assert set(OPEN) == {"waiting", "admitted"}  # noqa: S101 - the statement above names them


class Entrance(NamedTuple):
    """A product on sale, as far as somebody who comes needs it; ``offers_it``: the variant that they want."""

    title: str
    waiting_room: bool
    limit_per_person: int | None
    offers_it: bool


def entrance(product_id: int, variant_id: int | None) -> Entrance | None:
    """What one who comes to a product must know; none where it is not on sale. One statement."""
    rows = execute(ENTRANCE, [product_id, variant_id or 0, literal(SHOWN_STATES, "text")])
    return Entrance(*rows[0]) if rows else None


def join(product_id: int, person_key: str, *, wish: Mapping[str, Any], now: datetime, due_at: datetime) -> Ticket:
    """The person's place in the line of a product: a new one at its end, or the one that they have. One statement."""
    given = [product_id, person_key, json.dumps(dict(wish)), ROOM_TICKET_MACHINE.initial, due_at, now]
    ((key, state, due, joined),) = execute(JOIN, given)
    return Ticket(
        pk=key,
        product_id=product_id,
        person_key=person_key,
        wish=dict(wish),
        state=state,
        due_at=due,
        joined_at=joined,
    )
