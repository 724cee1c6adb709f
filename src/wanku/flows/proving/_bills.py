"""I9: what the channels billed is what the ledger has, or a case of finance says why not."""

from wanku.kernel.refusal import gettext_noop
from wanku.ledger.proof import Check, check

_CLEARING = "'gateway:' || {}.gateway || ':clearing'"
_LINES = "FROM reconciliation_billline l JOIN reconciliation_bill b ON b.id = l.bill_id"
LINES = f"SELECT count(*) {_LINES} WHERE b.state = 'matched' AND l.gone_at IS NULL"
# A line beside the bookings of its number, and what was written off for it. The second line of one number has none.
# Looked up from scratch by number: what the comparison noted on the line is not believed.
LINES_AND_LEDGER = f"""
SELECT b.gateway, b.day, l.kind, l.number, l.found, l.currency, l.theirs, coalesce(o.ours, 0) AS ours
FROM (
    SELECT l.*, CASE l.kind WHEN 'payment' THEN -l.amount ELSE l.amount END AS theirs,
        row_number() OVER (PARTITION BY l.gateway, l.kind, l.number ORDER BY l.found <> 'matched', l.id) AS nth
    {_LINES} WHERE b.state = 'matched' AND l.gone_at IS NULL
) l
JOIN reconciliation_bill b ON b.id = l.bill_id
LEFT JOIN (
    SELECT gateway, kind, number, currency, sum(amount) AS ours
    FROM (
        SELECT a.gateway, 'payment' AS kind, a.number, p.currency, p.amount
        FROM payments_attempt a
        JOIN ledger_entry e ON e.ref_type = 'attempt' AND e.ref_id = a.id::text
          AND e.reason IN ('capture', 'capture_unwanted')
        JOIN ledger_posting p ON p.entry_id = e.id AND p.account = {_CLEARING.format("a")}
        UNION ALL
        SELECT g.gateway, 'refund', r.number, p.currency, p.amount
        FROM payments_refund r
        JOIN payments_attempt a ON a.id = r.attempt_id
        CROSS JOIN LATERAL (SELECT coalesce(nullif(r.route, ''), a.gateway) AS gateway) g
        JOIN ledger_entry e ON e.ref_type = 'refund' AND e.ref_id = r.id::text AND e.reason = 'refund'
        JOIN ledger_posting p ON p.entry_id = e.id AND p.account = {_CLEARING.format("g")}
    ) booked
    GROUP BY gateway, kind, number, currency
) o ON o.gateway = l.gateway AND o.kind = l.kind AND o.number = l.number AND o.currency = l.currency AND l.nth = 1
LEFT JOIN (
    SELECT c.line_id, sum(p.amount) AS corrected
    FROM reconciliation_financecase c
    JOIN ledger_entry e ON e.ref_type = 'finance_case' AND e.ref_id = c.id::text AND e.reason = 'write_off'
    JOIN ledger_posting p ON p.entry_id = e.id AND p.account = {_CLEARING.format("c")}
    WHERE c.line_id IS NOT NULL GROUP BY c.line_id
) w ON w.line_id = l.id
WHERE l.theirs <> coalesce(o.ours, 0) + coalesce(w.corrected, 0) AND l.found <> 'carried'
  AND NOT EXISTS (
    SELECT FROM reconciliation_financecase c
    WHERE c.line_id = l.id AND (c.state <> 'resolved' OR c.resolution = 'explained')
  )
"""  # noqa: S608 - put together from constants
_BILLED_DAYS = """
FROM ledger_entry e
JOIN ledger_posting p ON p.entry_id = e.id AND p.account LIKE 'gateway:%:clearing'
JOIN reconciliation_bill b ON b.gateway = split_part(p.account, ':', 2) AND b.state = 'matched'
  AND e.at >= b.day::timestamp AT TIME ZONE b.zone + interval '1 hour'
  AND e.at < (b.day + 1)::timestamp AT TIME ZONE b.zone - interval '1 hour'
WHERE e.reason IN ('capture', 'capture_unwanted', 'refund')
"""
ENTRIES = f"SELECT count(*) {_BILLED_DAYS}"
# The other way round, leaving the hours around midnight to the bills of two days.
ENTRIES_AND_BILLS = f"""
SELECT e.key AS entry, b.gateway, b.day, p.currency, p.amount
{_BILLED_DAYS}
  AND NOT EXISTS (
    SELECT FROM reconciliation_billline l
    WHERE l.gateway = b.gateway AND l.gone_at IS NULL AND (l.kind, l.number) IN (
        SELECT 'payment', a.number FROM payments_attempt a WHERE e.ref_type = 'attempt' AND a.id::text = e.ref_id
        UNION ALL
        SELECT 'refund', r.number FROM payments_refund r WHERE e.ref_type = 'refund' AND r.id::text = e.ref_id
    )
  )
  AND NOT EXISTS (SELECT FROM reconciliation_financecase c WHERE c.kind = 'missing_there' AND c.entry_id = e.id)
"""  # noqa: S608 - put together from constants
BILLS = "SELECT count(*) FROM reconciliation_bill WHERE state = 'matched'"
FEES = f"""
SELECT b.gateway, b.day, coalesce(l.currency, f.currency) AS currency, coalesce(l.fee, 0) AS billed,
    coalesce(f.fee, 0) AS booked
FROM (
    SELECT bill_id, currency, sum(fee)::bigint AS fee FROM reconciliation_billline
    WHERE gone_at IS NULL GROUP BY bill_id, currency
) l
FULL JOIN (
    SELECT b.id AS bill_id, p.currency, sum(p.amount)::bigint AS fee
    FROM reconciliation_bill b
    JOIN ledger_entry e ON e.ref_type = 'bill' AND e.ref_id = b.id::text AND e.reason = 'channel_fees'
    JOIN ledger_posting p ON p.entry_id = e.id AND p.account = {_CLEARING.format("b")}
    GROUP BY b.id, p.currency
) f USING (bill_id, currency)
JOIN reconciliation_bill b ON b.id = bill_id AND b.state = 'matched'
WHERE coalesce(l.fee, 0) <> coalesce(f.fee, 0)
"""  # noqa: S608 - put together from constants


def prove_bills() -> list[Check]:
    """I9 in both directions, and the fees."""
    return [
        check(
            "I9",
            gettext_noop("Every line of a compared bill is what the ledger has, or finance has a case of it."),
            all_of=LINES,
            wrong=LINES_AND_LEDGER,
        ),
        check(
            "I9",
            gettext_noop("Every booking of a billed day is in a bill, or finance has a case of it."),
            all_of=ENTRIES,
            wrong=ENTRIES_AND_BILLS,
        ),
        check(
            "I9",
            gettext_noop("What the channels charged in their bills is booked, once."),
            all_of=BILLS,
            wrong=FEES,
        ),
    ]
