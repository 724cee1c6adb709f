"""What a room knows: its stock, its passes and its line."""

import time
from array import array
from bisect import bisect_left
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from wanku.waiting_room.models import Ticket
from wanku.waiting_room.rules import admissible, is_gone

KEEP_SECONDS = 1.0
KEPT_MAX = 256
UNPAID_MAX = timedelta(hours=2)
"""No order stays unpaid longer, so that the search for the last one's clock has a beginning."""
_kept: dict[int, tuple[float, "Room"]] = {}

# One statement, so that stock, passes and line are of one moment.
ROOM = """
SELECT coalesce(s.free, 0), coalesce(s.held, 0),
       (SELECT count(*) FROM waiting_room_ticket WHERE product_id = %(product)s AND state = 'admitted'),
       (SELECT array_agg(id ORDER BY id) FROM waiting_room_ticket WHERE product_id = %(product)s AND state = 'waiting'),
       (SELECT max(t.due_at) FROM waiting_room_ticket k JOIN orders_trade t ON t.id = k.trade_id
        WHERE k.product_id = %(product)s AND k.state = 'used' AND k.used_at > %(since)s AND t.state = 'placed')
FROM (
    SELECT sum(s.free) AS free, sum(s.held) AS held
    FROM catalog_variant v JOIN inventory_supply s ON s.key = 'sku:' || v.id
    WHERE v.product_id = %(product)s AND v.is_active
) s
"""


@dataclass(frozen=True, slots=True)
class Room:
    """A product's room at one moment.

    Attributes:
        free, held: pieces that can be ordered, and pieces in unpaid orders, over all variants on offer.
        passes: how many may order now.
        line: ids of those who wait, in order of arrival.
        frees_by: when the last unpaid order's clock runs out, if one is known.
    """

    free: int
    held: int
    passes: int
    line: "array[int]"
    frees_by: datetime | None

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self.line)

    @property
    def is_gone(self) -> bool:
        """Whether waiting is for nothing."""
        return is_gone(free=self.free, held=self.held)

    @property
    def room(self) -> int:
        """How many of those who wait may be admitted now."""
        return admissible(free=self.free, passes=self.passes, waiting=self.waiting)

    @property
    def lets_through(self) -> bool:
        """Whether somebody who comes now would be admitted at once."""
        return self.waiting == 0 and self.free > self.passes

    def ahead_of(self, ticket: Ticket) -> int:
        """How many wait before this one."""
        return bisect_left(self.line, ticket.pk)

    def place_of(self, ticket_id: int) -> int | None:
        """How many wait before a ticket; none when it does not wait any more."""
        place = bisect_left(self.line, ticket_id)
        return place if place < len(self.line) and self.line[place] == ticket_id else None


def read_room(product_id: int, now: datetime) -> Room:
    """The room as it is: one statement, whose cost grows with the line."""
    with connection.cursor() as cursor:
        cursor.execute(ROOM, {"product": product_id, "since": now - UNPAID_MAX})
        free, held, passes, line, frees_by = cursor.fetchone()
    return Room(int(free), int(held), passes, array("q", line or ()), frees_by)


def room_of(product_id: int, now: datetime) -> Room:
    """The room as this process saw it at most a second ago: one reading for however many who look."""
    moment = time.monotonic()
    kept = _kept.get(product_id)
    if kept is None or moment - kept[0] > KEEP_SECONDS:
        if len(_kept) >= KEPT_MAX:
            _kept.clear()
        kept = _kept[product_id] = (moment, read_room(product_id, now))
    return kept[1]


def look_again(product_id: int) -> None:
    """Let the next reader see the room as it is now; for who has just changed it."""
    _kept.pop(product_id, None)


def forget() -> None:
    """Drop what this process kept, between tests."""
    _kept.clear()


def ticket_of(product_id: int, person_key: str) -> Ticket | None:
    """The person's latest ticket for a product, in any state."""
    return Ticket.objects.filter(product_id=product_id, person_key=person_key).order_by("-pk").first()
