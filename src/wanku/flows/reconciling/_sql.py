"""The statements of reconciliation: each serves a whole bill, however many lines it has.

``$1`` is always the channel. A line counts while ``gone_at`` is empty. What a payment or refund does to
``gateway:X:clearing`` is compared by our number, never by day: the day decides only whose bill should have it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from wanku.kernel.arrays import execute, literal

CHUNK: Final = 20_000
"""Lines in one statement; bounds the text that travels at once."""

MANY: Final = 2_000
"""Lines from which on the planner is told of them."""

KEEP_LINES = """
INSERT INTO reconciliation_billline (
    bill_id, key, gateway, kind, number, channel_ref, amount, fee, currency, at, found, seen
)
SELECT $2::uuid, key, $1::text, kind, number, channel_ref, amount, fee, currency, at, 'new', $3::int
FROM unnest($4::uuid[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::bigint[], $10::text[], $11::timestamptz[])
  AS v(key, kind, number, channel_ref, amount, fee, currency, at)
ON CONFLICT (bill_id, key) DO UPDATE SET seen = excluded.seen, gone_at = NULL,
  found = CASE WHEN reconciliation_billline.gone_at IS NULL THEN reconciliation_billline.found ELSE 'new' END
"""
# What is settled is never replaced: such a line stays, and that the channel dropped it becomes a case.
DROP_LINES = """
UPDATE reconciliation_billline SET gone_at = $3::timestamptz
WHERE gateway = $1::text AND bill_id = $2::uuid AND seen < $4::int AND gone_at IS NULL AND found <> 'matched'
"""
DROPPED_SETTLED = """
SELECT currency, sum(CASE kind WHEN 'payment' THEN amount ELSE -amount END)::bigint, count(*)
FROM reconciliation_billline
WHERE gateway = $1::text AND bill_id = $2::uuid AND seen < $3::int AND gone_at IS NULL
GROUP BY currency ORDER BY currency
"""
CASE_OF_CHANGE = """
INSERT INTO reconciliation_financecase (
    id, key, kind, gateway, day, subject, number, currency, ours, theirs, bill_id, state, due_at, resolution, because,
    opened_at
)
SELECT uuidv7(), 'changed:' || $2::text || ':' || $3::int || ':' || $4::text, 'changed', $1::text, $5::date, '', '',
    $4::text, $6::bigint, NULL, $2::uuid, 'open', $7::timestamptz, '', '', $8::timestamptz
ON CONFLICT (key) DO NOTHING
"""
# Some bills carry only the channel's own number.
NAME_LINES = """
UPDATE reconciliation_billline l SET number = v.number
FROM (
    SELECT 'payment' AS kind, gateway, channel_ref, number FROM payments_attempt
    WHERE gateway = $1::text AND channel_ref <> ''
    UNION ALL
    SELECT 'refund', a.gateway, r.channel_ref, r.number
    FROM payments_refund r JOIN payments_attempt a ON a.id = r.attempt_id
    WHERE a.gateway = $1::text AND r.channel_ref <> ''
) v
WHERE l.bill_id = ANY($2::uuid[]) AND l.gateway = $1::text AND l.number = '' AND l.gone_at IS NULL
  AND l.channel_ref <> '' AND v.kind = l.kind AND v.channel_ref = l.channel_ref
"""
_AGAIN = """EXISTS (
    SELECT FROM reconciliation_billline o
    WHERE o.gateway = l.gateway AND o.kind = l.kind AND o.number = l.number AND o.gone_at IS NULL AND l.number <> ''
      AND o.id <> l.id AND (o.found = 'matched' OR o.id < l.id)
)"""
# Near midnight our booking may be on the other side: nothing is said before the next day's bill is here as well.
_AT_THE_EDGE = """
    (l.at + $4::interval) AT TIME ZONE $5::text >= (b.day + 1)::timestamp
    AND NOT ((l.at + $4::interval) AT TIME ZONE $5::text)::date = ANY($3::date[])
"""
MATCH_PAYMENTS = f"""
UPDATE reconciliation_billline l SET attempt_id = v.attempt_id, entry_id = v.entry_id, found = v.found
FROM (
    SELECT l.id, a.id AS attempt_id, p.entry_id, CASE
        WHEN p.id IS NULL AND {_AT_THE_EDGE} THEN 'carried'
        WHEN a.id IS NULL THEN 'missing_here'
        WHEN a.currency <> l.currency THEN 'currency'
        WHEN {_AGAIN} THEN 'twice'
        WHEN coalesce(-p.amount, a.amount) <> l.amount THEN 'amount'
        WHEN p.id IS NULL THEN 'missing_here'
        WHEN abs(l.fee - l.amount * $6::numeric / 10000) > 1 THEN 'fee'
        ELSE 'matched' END AS found
    FROM reconciliation_billline l
    JOIN reconciliation_bill b ON b.id = l.bill_id
    LEFT JOIN payments_attempt a ON a.number = l.number AND a.gateway = l.gateway
    LEFT JOIN ledger_entry e ON e.ref_type = 'attempt' AND e.ref_id = a.id::text
      AND e.reason IN ('capture', 'capture_unwanted')
    LEFT JOIN ledger_posting p ON p.entry_id = e.id AND p.account = 'gateway:' || l.gateway || ':clearing'
    WHERE l.bill_id = ANY($2::uuid[]) AND l.gateway = $1::text AND l.kind = 'payment'
      AND l.gone_at IS NULL AND l.found <> 'matched'
) v
WHERE l.id = v.id AND (l.found, l.attempt_id, l.entry_id) IS DISTINCT FROM (v.found, v.attempt_id, v.entry_id)
"""  # noqa: S608 - put together from constants
# A refund is in the bill when the channel took it on, and in our books when it arrived: that may take days.
MATCH_REFUNDS = f"""
UPDATE reconciliation_billline l SET refund_id = v.refund_id, entry_id = v.entry_id, found = v.found
FROM (
    SELECT l.id, r.id AS refund_id, p.entry_id, CASE
        WHEN p.id IS NULL AND {_AT_THE_EDGE} THEN 'carried'
        WHEN r.id IS NULL THEN 'missing_here'
        WHEN r.currency <> l.currency THEN 'currency'
        WHEN {_AGAIN} THEN 'twice'
        WHEN coalesce(p.amount, r.amount) <> l.amount THEN 'amount'
        WHEN p.id IS NULL AND r.state <> 'stuck' AND l.at > $7::timestamptz THEN 'carried'
        WHEN p.id IS NULL THEN 'missing_here'
        WHEN NOT l.fee BETWEEN -(l.amount * $6::numeric / 10000) - 1 AND 0 THEN 'fee'
        ELSE 'matched' END AS found
    FROM reconciliation_billline l
    JOIN reconciliation_bill b ON b.id = l.bill_id
    LEFT JOIN (payments_refund r JOIN payments_attempt a ON a.id = r.attempt_id)
      ON r.number = l.number AND l.gateway IN (a.gateway, r.route)
    LEFT JOIN ledger_entry e ON e.ref_type = 'refund' AND e.ref_id = r.id::text AND e.reason = 'refund'
    LEFT JOIN ledger_posting p ON p.entry_id = e.id AND p.account = 'gateway:' || l.gateway || ':clearing'
    WHERE l.bill_id = ANY($2::uuid[]) AND l.gateway = $1::text AND l.kind = 'refund'
      AND l.gone_at IS NULL AND l.found <> 'matched'
) v
WHERE l.id = v.id AND (l.found, l.refund_id, l.entry_id) IS DISTINCT FROM (v.found, v.refund_id, v.entry_id)
"""  # noqa: S608 - put together from constants
# One case for each line that differs, of all kinds that a line can differ by.
CASES_OF_LINES = """
INSERT INTO reconciliation_financecase (
    id, key, kind, gateway, day, subject, number, currency, ours, theirs, bill_id, line_id, attempt_id, refund_id,
    entry_id, state, due_at, resolution, because, opened_at
)
SELECT uuidv7(), l.found || ':' || l.id, l.found, l.gateway, b.day, l.kind, l.number, l.currency,
    CASE WHEN l.found = 'fee' THEN round(l.amount * $3::numeric / 10000) * CASE l.kind WHEN 'payment' THEN 1 ELSE -1 END
         WHEN l.found = 'twice' THEN NULL ELSE abs(p.amount) END,
    CASE WHEN l.found = 'fee' THEN l.fee ELSE l.amount END,
    b.id, l.id, l.attempt_id, l.refund_id, l.entry_id, 'open', $4::timestamptz, '', '', $5::timestamptz
FROM reconciliation_billline l
JOIN reconciliation_bill b ON b.id = l.bill_id
LEFT JOIN ledger_posting p ON p.entry_id = l.entry_id AND p.account = 'gateway:' || l.gateway || ':clearing'
WHERE l.bill_id = ANY($2::uuid[]) AND l.gateway = $1::text AND l.gone_at IS NULL
  AND l.found NOT IN ('new', 'matched', 'carried')
ON CONFLICT (key) DO NOTHING
RETURNING kind
"""
# One case for each booking that no bill has, once every bill that might have it is here.
CASES_OF_ENTRIES = """
INSERT INTO reconciliation_financecase (
    id, key, kind, gateway, day, subject, number, currency, ours, theirs, bill_id, attempt_id, refund_id, entry_id,
    state, due_at, resolution, because, opened_at
)
SELECT uuidv7(), 'missing_there:' || e.id, 'missing_there', $1::text, (e.at AT TIME ZONE $5::text)::date,
    CASE e.ref_type WHEN 'attempt' THEN 'payment' ELSE 'refund' END, coalesce(a.number, r.number, ''), p.currency,
    abs(p.amount), NULL, b.id, a.id, r.id, e.id, 'open', $8::timestamptz, '', '', $9::timestamptz
FROM ledger_entry e
JOIN ledger_posting p ON p.entry_id = e.id AND p.account = $2::text
LEFT JOIN payments_attempt a ON a.id = CASE e.ref_type WHEN 'attempt' THEN e.ref_id::uuid END
LEFT JOIN payments_refund r ON r.id = CASE e.ref_type WHEN 'refund' THEN e.ref_id::uuid END
LEFT JOIN reconciliation_bill b ON b.gateway = $1::text AND b.day = (e.at AT TIME ZONE $5::text)::date
WHERE e.at >= $6::timestamptz AND e.at < $7::timestamptz AND e.reason IN ('capture', 'capture_unwanted', 'refund')
  AND ((e.at - $4::interval) AT TIME ZONE $5::text)::date = ANY($3::date[])
  AND ((e.at + $4::interval) AT TIME ZONE $5::text)::date = ANY($3::date[])
  AND NOT EXISTS (
    SELECT FROM reconciliation_billline l
    WHERE l.gateway = $1::text AND l.kind = CASE e.ref_type WHEN 'attempt' THEN 'payment' ELSE 'refund' END
      AND l.number = coalesce(a.number, r.number) AND l.gone_at IS NULL
  )
ON CONFLICT (key) DO NOTHING
RETURNING kind
"""
_GONE = """(
    l.found = 'matched' OR l.gone_at IS NOT NULL OR c.kind = 'missing_there' AND EXISTS (
        SELECT FROM reconciliation_billline n
        WHERE n.gateway = c.gateway AND n.kind = c.subject AND n.number = c.number AND n.gone_at IS NULL
    )
)"""
# Cases whose line agrees by now, or was replaced, or whose booking has a line after all.
CAME_RIGHT = f"""
SELECT c.id, c.state, coalesce(a.trade_id, r.trade_id)
FROM reconciliation_financecase c
LEFT JOIN reconciliation_billline l ON l.id = c.line_id
LEFT JOIN payments_attempt a ON a.id = c.attempt_id
LEFT JOIN payments_refund r ON r.id = c.refund_id
WHERE c.gateway = $1::text AND c.due_at IS NOT NULL AND {_GONE}
ORDER BY c.id FOR NO KEY UPDATE OF c
"""  # noqa: S608 - put together from constants
WRITE_OFFS_FOR_NOTHING = f"""
SELECT c.id, c.currency, p.amount
FROM reconciliation_financecase c
JOIN ledger_entry e ON e.key = 'write_off:' || c.id
JOIN ledger_posting p ON p.entry_id = e.id AND p.account = 'gateway:' || c.gateway || ':clearing'
LEFT JOIN reconciliation_billline l ON l.id = c.line_id
WHERE c.gateway = $1::text AND c.resolution = 'write_off' AND c.due_at IS NULL AND {_GONE}
  AND NOT EXISTS (SELECT FROM ledger_entry b WHERE b.key = 'write_off_back:' || c.id)
ORDER BY c.id
"""  # noqa: S608 - put together from constants
TOTALS = """
UPDATE reconciliation_bill b SET
    rows = coalesce(l.rows, 0), matched = coalesce(l.matched, 0), carried = coalesce(l.carried, 0),
    theirs = coalesce(l.theirs, '{}'), ours = coalesce(o.ours, '{}')
FROM unnest($2::uuid[]) AS wanted(id)
LEFT JOIN LATERAL (
    SELECT sum(n)::int AS rows, sum(matched)::int AS matched, sum(carried)::int AS carried,
        jsonb_object_agg(currency, jsonb_build_object('in', paid, 'back', back, 'fee', fee)) AS theirs
    FROM (
        SELECT currency, count(*) AS n, count(*) FILTER (WHERE found = 'matched') AS matched,
            count(*) FILTER (WHERE found = 'carried') AS carried, sum(fee) AS fee,
            coalesce(sum(amount) FILTER (WHERE kind = 'payment'), 0) AS paid,
            coalesce(sum(amount) FILTER (WHERE kind = 'refund'), 0) AS back
        FROM reconciliation_billline WHERE bill_id = wanted.id AND gone_at IS NULL GROUP BY currency
    ) c
) l ON true
LEFT JOIN LATERAL (
    SELECT jsonb_object_agg(currency, jsonb_build_object('in', paid, 'back', back, 'fee', fee)) AS ours
    FROM (
        SELECT p.currency, coalesce(-sum(p.amount) FILTER (WHERE e.kind = 'payment'), 0) AS paid,
            coalesce(sum(p.amount) FILTER (WHERE e.kind = 'refund'), 0) AS back,
            coalesce(sum(p.amount) FILTER (WHERE e.kind = 'fee'), 0) AS fee
        FROM (
            SELECT entry_id, min(kind) AS kind FROM reconciliation_billline
            WHERE bill_id = wanted.id AND gone_at IS NULL AND entry_id IS NOT NULL AND found <> 'twice'
            GROUP BY entry_id
            UNION ALL
            SELECT entry_id, subject FROM reconciliation_financecase
            WHERE bill_id = wanted.id AND kind = 'missing_there' AND resolution <> 'came_right'
            UNION ALL
            SELECT e.id, c.subject FROM reconciliation_financecase c
            JOIN ledger_entry e ON e.ref_type = 'finance_case' AND e.ref_id = c.id::text
            WHERE c.bill_id = wanted.id
            UNION ALL
            SELECT id, 'fee' FROM ledger_entry
            WHERE ref_type = 'bill' AND ref_id = wanted.id::text AND reason = 'channel_fees'
        ) e
        JOIN ledger_posting p ON p.entry_id = e.entry_id AND p.account = 'gateway:' || $1::text || ':clearing'
        GROUP BY p.currency
    ) c
) o ON true
WHERE b.id = wanted.id
"""
FEES = """
SELECT currency, sum(billed)::bigint, sum(booked)::bigint, max(entries)
FROM (
    SELECT currency, sum(fee) AS billed, 0 AS booked, 0 AS entries FROM reconciliation_billline
    WHERE gateway = $1::text AND bill_id = $2::uuid AND gone_at IS NULL GROUP BY currency
    UNION ALL
    SELECT p.currency, 0, sum(p.amount), count(*) FROM ledger_entry e
    JOIN ledger_posting p ON p.entry_id = e.id AND p.account = 'gateway:' || $1::text || ':clearing'
    WHERE e.ref_type = 'bill' AND e.ref_id = $2::text AND e.reason = 'channel_fees' GROUP BY p.currency
) f
GROUP BY currency ORDER BY currency
"""


@dataclass(frozen=True, slots=True)
class Scope:
    """What one look compares: bills of one channel, under lock, and what it may say about midnight.

    Attributes:
        done: days around whose bills are here, or for which nothing is to come.
        fee_bp: what was agreed with the channel, in hundredths of a percent; none compares no fees.
    """

    gateway: str
    bills: Sequence[UUID]
    done: Collection[date]
    edge: timedelta
    zone: str
    since: datetime
    until: datetime
    arrived_by: datetime
    fee_bp: int | None


def match_lines(scope: Scope) -> None:
    """Say of every line that is not settled what it stands beside."""
    bills = literal(scope.bills, "uuid")
    execute(NAME_LINES, [scope.gateway, bills], prepared=False)
    asked = [scope.gateway, bills, _dates(scope.done), scope.edge, scope.zone, scope.fee_bp]
    execute(MATCH_PAYMENTS, asked, prepared=False)
    execute(MATCH_REFUNDS, [*asked, scope.arrived_by], prepared=False)


def open_cases(scope: Scope, *, due_at: datetime, now: datetime) -> int:
    """Make a case of every difference that has none; how many."""
    bills = literal(scope.bills, "uuid")
    made = execute(CASES_OF_LINES, [scope.gateway, bills, scope.fee_bp or 0, due_at, now], prepared=False)
    entries: list[Any] = [scope.gateway, f"gateway:{scope.gateway}:clearing", _dates(scope.done), scope.edge]
    entries += [scope.zone, scope.since, scope.until, due_at, now]
    return len(made) + len(execute(CASES_OF_ENTRIES, entries, prepared=False))


def came_right(gateway: str) -> list[tuple[UUID, str, UUID | None]]:
    """Lock the cases of a channel that need nobody any more: id, state and trade."""
    return [(row[0], row[1], row[2]) for row in execute(CAME_RIGHT, [gateway], prepared=False)]


def write_offs_for_nothing(gateway: str) -> list[tuple[UUID, str, int]]:
    """Cases whose difference is gone although it was written off: id, currency, what was booked to clearing."""
    return [(row[0], row[1], row[2]) for row in execute(WRITE_OFFS_FOR_NOTHING, [gateway], prepared=False)]


def write_totals(gateway: str, bills: Sequence[UUID]) -> None:
    """Sum up both sides of bills."""
    execute(TOTALS, [gateway, literal(bills, "uuid")], prepared=False)


def refresh_statistics() -> None:
    """Tell the planner of the lines that were just written: it would take the table for small, and read it for each."""
    execute("ANALYZE reconciliation_billline", [], prepared=False)


def fees(gateway: str, bill_id: UUID) -> list[tuple[str, int, int, int]]:
    """By currency: what a bill charges, what of that is booked, and by how many entries."""
    return [(row[0], row[1], row[2], row[3]) for row in execute(FEES, [gateway, str(bill_id)], prepared=False)]


def _dates(days: Collection[date]) -> str:
    return literal([day.isoformat() for day in sorted(days)], "text")
