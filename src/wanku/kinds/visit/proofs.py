"""What must hold of visits at any moment."""

from typing import Final

from wanku.kernel.invariant import Invariant
from wanku.kernel.refusal import gettext_noop

APPOINTMENTS: Final = "SELECT count(*) FROM visit_appointment WHERE is_live"
# Asked of the rows; that the database has a constraint which forbids it is not believed.
TWO_AT_ONCE: Final = """
SELECT a.worker_id AS worker, a.order_id AS order, b.order_id AS other, a.during * b.during AS both
FROM visit_appointment a
JOIN visit_appointment b ON b.worker_id = a.worker_id AND b.is_live AND b.during && a.during AND b.line_id > a.line_id
WHERE a.is_live
"""
# Quarters of an hour that somebody is promised for, way included, but that the counters have as free or do not have.
PROMISED_AND_NOT_TAKEN: Final = """
SELECT a.worker_id AS worker, a.order_id AS order, min(q.at) AS first, count(*) AS quarters
FROM visit_appointment a
CROSS JOIN LATERAL generate_series(
    lower(a.during), upper(a.during) - interval '15 minutes', interval '15 minutes'
) AS q(at)
LEFT JOIN inventory_supply s
    ON s.key = 'hour:' || a.worker_id || ':' || to_char(q.at AT TIME ZONE 'UTC', 'YYYYMMDD"T"HH24MI"Z"')
WHERE a.is_live AND coalesce(s.held + s.sold, 0) <> 1
GROUP BY a.line_id
"""
PROOFS: Final = (
    Invariant("I10", gettext_noop("Nobody is promised to two visits at one time."), APPOINTMENTS, TWO_AT_ONCE),
    Invariant(
        "I10",
        gettext_noop("The time of every visit that stands is taken, once, from whoever does it."),
        APPOINTMENTS,
        PROMISED_AND_NOT_TAKEN,
    ),
)
