"""How many pieces of a product one person has, for products with a limit per person.

Who orders takes turns with themselves: an advisory lock per product and person, in order of its number, held until
the transaction ends. Rows would do as well, but most who are refused would leave an empty one behind; giving back
needs no turn, since it only makes room.
"""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from wanku.kernel.arrays import execute, literal
from wanku.kernel.once import digest
from wanku.orders.models import Line, Trade
from wanku.orders.states import CANCELLED, CLOSED

Key = tuple[int, str]
"""Product and person."""
GIVEN_BACK = (CANCELLED, CLOSED)
"""States of orders whose pieces count for nobody."""

LOCK = """
SELECT pg_advisory_xact_lock(key) FROM (SELECT DISTINCT key FROM unnest($1::bigint[]) key ORDER BY key) keys
"""
READ = """
SELECT c.product_id, c.person_key, c.pieces
FROM orders_personalcount c JOIN unnest($1::bigint[], $2::text[]) AS asked(product_id, person_key)
  ON c.product_id = asked.product_id AND c.person_key = asked.person_key
"""
RAISE = """
INSERT INTO orders_personalcount (product_id, person_key, pieces)
SELECT v.product_id, v.person_key, v.pieces
FROM unnest($1::bigint[], $2::text[], $3::bigint[]) AS v(product_id, person_key, pieces)
ORDER BY v.product_id, v.person_key
ON CONFLICT (product_id, person_key) DO UPDATE SET pieces = orders_personalcount.pieces + EXCLUDED.pieces
"""
LOWER = """
WITH back AS (
    SELECT c.id, v.pieces
    FROM orders_personalcount c JOIN unnest($1::bigint[], $2::text[], $3::bigint[]) AS v(product_id, person_key, pieces)
      ON c.product_id = v.product_id AND c.person_key = v.person_key
    ORDER BY c.product_id, c.person_key FOR NO KEY UPDATE OF c
)
UPDATE orders_personalcount c SET pieces = c.pieces - back.pieces FROM back WHERE c.id = back.id
"""


def keys(
    *, person_id: int | None = None, guest_key: UUID | None = None, phone: str = "", email: str = ""
) -> frozenset[str]:
    """Everything that one buyer is known by.

    A member is the account, whoever the goods are for. A guest is the browser, the phone (E.164) and the e-mail
    (lower case): whoever changes one of them is still the same person by the others.
    """
    if person_id is not None:
        return frozenset({f"person:{person_id}"})
    found = {f"guest:{guest_key}"} if guest_key is not None else set()
    found |= {f"phone:{phone}"} if phone else set()
    found |= {f"email:{email}"} if email else set()
    return frozenset(found)


def keys_of(trade: Trade) -> frozenset[str]:
    """Everything that a trade counts for: who placed it, and the member who took it over since."""
    found: set[str] = set()
    if trade.guest_key is not None:
        found |= keys(guest_key=trade.guest_key, phone=trade.contact_phone, email=trade.contact_email)
    if trade.buyer_id is not None:
        found |= keys(person_id=trade.buyer_id)
    return frozenset(found)


def counted(lines: Iterable[Line]) -> dict[int, int]:
    """``{product id: pieces}`` of the lines that were sold under a limit, without what was called off."""
    found: dict[int, int] = {}
    for line in lines:
        if line.limit_per_person is not None:
            found[line.product_id] = found.get(line.product_id, 0) + line.standing
    return found


def limits(lines: Iterable[Line]) -> dict[int, int]:
    """``{product id: pieces that one person may have}`` as the lines were sold."""
    return {line.product_id: line.limit_per_person for line in lines if line.limit_per_person is not None}


def lock(asked: Collection[Key]) -> dict[Key, int]:
    """Take turns for these and read their counters; what is missing has none. Two statements."""
    numbers = [int.from_bytes(digest(["limit", *key])[:8], signed=True) for key in asked]
    execute(LOCK, [literal(numbers, "bigint")])
    return read(asked)


def read(asked: Collection[Key]) -> dict[Key, int]:
    """Counters as they stand; what is missing has none. One statement."""
    products, people = literal([key[0] for key in asked], "bigint"), literal([key[1] for key in asked], "text")
    return {(product_id, person): pieces for product_id, person, pieces in execute(READ, [products, people])}


def raise_by(changes: Mapping[Key, int]) -> None:
    """Count pieces that were ordered; nothing where nothing is limited."""
    _change(RAISE, changes)


def lower(trade: Trade, lines: Iterable[Line]) -> None:
    """Count back what was cancelled or closed; nothing where nothing was limited."""
    lower_all([(trade, lines)])


def lower_pieces(trade: Trade, pieces: Mapping[Line, int]) -> None:
    """Count back so many pieces of each line; nothing where nothing was limited."""
    limited: dict[int, int] = {}
    for line, count in pieces.items():
        if line.limit_per_person is not None and count:
            limited[line.product_id] = limited.get(line.product_id, 0) + count
    _change(LOWER, spread(limited, keys_of(trade)))


def lower_all(given_back: Iterable[tuple[Trade, Iterable[Line]]]) -> None:
    """`lower` for many trades in one statement, so that the counters of all are locked in one order."""
    changes: dict[Key, int] = {}
    for trade, lines in given_back:
        for key, pieces in spread(counted(lines), keys_of(trade)).items():
            changes[key] = changes.get(key, 0) + pieces
    _change(LOWER, changes)


def spread(pieces: Mapping[int, int], people: Iterable[str]) -> dict[Key, int]:
    """The same pieces for each of the keys."""
    return {(product_id, person): count for person in people for product_id, count in pieces.items()}


def take_again(trade: Trade, lines: Collection[Line]) -> bool:
    """Count a cancelled trade's pieces once more, all or nothing, under the limits that it was sold under."""
    wanted = spread(counted(lines), keys_of(trade))
    if not wanted:
        return True
    most, has = limits(lines), lock(wanted)
    if any(has.get(key, 0) + pieces > most[key[0]] for key, pieces in wanted.items()):
        return False
    raise_by(wanted)
    return True


def take_over(trades: Collection[Trade]) -> None:
    """Count guests' pieces for the member who took their trades over; it may be more than the limit."""
    lines = Line.objects.filter(order__trade__in=trades, limit_per_person__isnull=False)
    wanted: dict[Key, int] = {}
    for line in lines.exclude(order__state__in=GIVEN_BACK).select_related("order__trade"):
        for key, pieces in spread(counted([line]), keys(person_id=line.order.trade.buyer_id)).items():
            wanted[key] = wanted.get(key, 0) + pieces
    raise_by(wanted)


def _change(statement: str, changes: Mapping[Key, int]) -> None:
    if changes:
        products, people = literal([key[0] for key in changes], "bigint"), literal([key[1] for key in changes], "text")
        execute(statement, [products, people, literal(changes.values(), "bigint")])
