"""How far an order has come, in one statement: what its kept page and its living part are held against."""

from typing import Any, Final, NamedTuple

from wanku.access.actor import Actor
from wanku.kernel.arrays import execute, literal
from wanku.kernel.ids import clean_number
from wanku.kinds.registry import SHIP
from wanku.storefront.read.reader import COLUMNS, Reader

# Whose an order is says `Order.objects.bought_by`; a test holds these words to it. Rows are counted and summed: their
# keys are given out before their transactions commit, so a lower one may appear after a higher one.
_SQL: Final = f"""
    SELECT {COLUMNS}, o.id::text, o.kind, moves.latest, events.latest,
        moves.n, moves.total, events.n, events.total, reviews.*
    FROM orders_order o JOIN orders_trade t ON t.id = o.trade_id
    CROSS JOIN LATERAL (
        SELECT count(*) AS n, sum(id)::bigint AS total, max(id) AS latest FROM audit_move
        WHERE trade_id = o.trade_id AND (merchant_id = o.merchant_id OR merchant_id IS NULL)
    ) moves
    CROSS JOIN LATERAL (
        SELECT count(*) AS n, sum(e.id)::bigint AS total, max(e.id) AS latest
        FROM fulfilment_parcel p JOIN fulfilment_trackingevent e ON e.parcel_id = p.id WHERE p.order_id = o.id
    ) events
    CROSS JOIN LATERAL (
        SELECT count(*), count(followed_up_at), max(replied_at), count(*) FILTER (WHERE hidden_because <> '')
        FROM reviews_review WHERE order_id = o.id
    ) reviews
    WHERE o.number = $3 AND (t.buyer_id = $1::bigint OR t.guest_key = $2::uuid AND t.buyer_id IS NULL
                             OR t.id = ANY($4::uuid[]))
"""  # noqa: S608 - put together from constants


class Stamp(NamedTuple):
    """Changes whenever the page would.

    Attributes:
        version: what the page and its living part call it, ``move.event``.
        rest: everything else that is shown.
    """

    version: str
    rest: tuple[Any, ...]

    @property
    def is_shipped(self) -> bool:
        """Whether it is goods; what is booked shows what cancelling costs now, which changes with the hour."""
        return bool(self.rest[1] == SHIP)


def stamp_of(buyer: Actor, number: str) -> tuple[Stamp, Reader] | None:
    """Where the buyer's own order of a number stands, and what the frame shows of its reader. One query.

    Returns:
        none when there is no such order of theirs.
    """
    digits = clean_number(number)
    if digits is None:
        return None
    guest = buyer.guest_key if buyer.person_id is None else None
    rows = execute(_SQL, [buyer.person_id, guest, digits, literal(buyer.granted, "uuid")])
    if not rows:
        return None
    reader, rest = rows[0][:3], rows[0][3:]
    _, _, move, event, *_ = rest
    return Stamp(f"{move or 0}.{event or 0}", rest), Reader.of(buyer, reader)
