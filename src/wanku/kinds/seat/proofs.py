"""What must hold of seats at any moment."""

from typing import Final

from wanku.kernel.invariant import Invariant
from wanku.kernel.refusal import gettext_noop

PASSAGES: Final = "SELECT count(*) FROM seat_passage WHERE standing = 'held'"
HELD_AND_COUNTERS: Final = """
SELECT key AS supply, coalesce(s.held, 0) AS held, coalesce(p.seats, 0) AS seats
FROM (SELECT key, held FROM inventory_supply WHERE key LIKE 'seat:%') s
FULL JOIN (
    SELECT 'seat:' || departure_id || ':' || variant_id AS key, sum(seats)::bigint AS seats FROM seat_passage
    WHERE standing = 'held' GROUP BY 1
) p USING (key)
WHERE coalesce(s.held, 0) <> coalesce(p.seats, 0)
"""
PROOFS: Final = (
    Invariant(
        "I5",
        gettext_noop("Seats that unpaid orders hold are those of the passages on that departure."),
        PASSAGES,
        HELD_AND_COUNTERS,
    ),
)
