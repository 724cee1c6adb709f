"""How far an order has come, in one statement: what its kept page and its living part are held against."""

from typing import Any, Final, NamedTuple

from wanku.access.actor import Actor
from wanku.kernel.arrays import execute, literal
from wanku.kernel.ids import clean_number

# Whose an order is says `Order.objects.bought_by`; a test holds these words to it. Rows are counted and summed: their
# keys are given out before their transactions commit, so a lower one may appear after a higher one.
_SQL: Final = """
    SELECT o.id::text, moves.latest, events.latest, moves.n, moves.total, events.n, events.total, reviews.*
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
    WHERE o.number = $1 AND (t.buyer_id = $2::bigint OR t.guest_key = $3::uuid AND t.buyer_id IS NULL
                             OR t.id = ANY($4::uuid[]))
"""


class Stamp(NamedTuple):
    """Changes whenever the page would.

    Attributes:
        version: what the page and its living part call it, ``move.event``.
        rest: everything else that is shown.
    """

    version: str
    rest: tuple[Any, ...]


def stamp_of(actor: Actor, number: str) -> Stamp | None:
    """Where the buyer's own order of a number stands; none when there is no such order of theirs. One query."""
    digits = clean_number(number)
    if digits is None:
        return None
    guest = actor.guest_key if actor.person_id is None else None
    rows = execute(_SQL, [digits, actor.person_id, guest, literal(actor.granted, "uuid")])
    if not rows:
        return None
    [(_, move, event, *_)] = rows
    return Stamp(f"{move or 0}.{event or 0}", rows[0])
