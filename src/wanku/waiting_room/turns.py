"""Which rooms have a line, and whose turn it is to deal with one."""

from django.db import connection

# From one product to the next by the index of the queue: the cost is that of the rooms, however long their lines.
ROOMS = """
WITH RECURSIVE rooms AS (
    (SELECT product_id FROM waiting_room_ticket WHERE state = 'waiting' ORDER BY product_id LIMIT 1)
    UNION ALL
    SELECT (SELECT t.product_id FROM waiting_room_ticket t WHERE t.state = 'waiting' AND t.product_id > rooms.product_id
            ORDER BY t.product_id LIMIT 1)
    FROM rooms WHERE rooms.product_id IS NOT NULL
)
SELECT product_id FROM rooms WHERE product_id IS NOT NULL
"""
# Two numbers keep these locks apart from those of request keys, which have one.
TURN = "SELECT pg_try_advisory_xact_lock(%s, hashint8(%s))"
ROOM_LOCKS = 7_411


def rooms_with_a_line() -> list[int]:
    """Products for which somebody waits."""
    with connection.cursor() as cursor:
        cursor.execute(ROOMS)
        return [row[0] for row in cursor.fetchall()]


def take_turn(product_id: int) -> bool:
    """Deal with this room alone until the transaction ends; false when somebody else does."""
    with connection.cursor() as cursor:
        cursor.execute(TURN, [ROOM_LOCKS, product_id])
        return bool(cursor.fetchone()[0])
