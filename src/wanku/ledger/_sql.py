"""Statements on postings. Accounts are read one by one along their index, so a page costs what it shows."""

from typing import Final

# $1 accounts, $2 since, $3 and $4 place before which, $5 limit
NEWEST: Final = """
SELECT p.id, p.at, p.account, p.currency, p.amount, p.order_id, e.reason, e.ref_type, e.ref_id FROM (
    SELECT p.* FROM unnest($1::text[]) AS a(account) CROSS JOIN LATERAL (
        SELECT * FROM ledger_posting
        WHERE account = a.account AND (at, id) < ($3::timestamptz, $4::bigint) AND at >= $2::timestamptz
        ORDER BY at DESC, id DESC LIMIT $5
    ) p ORDER BY p.at DESC, p.id DESC LIMIT $5
) p JOIN ledger_entry e ON e.id = p.entry_id ORDER BY p.at DESC, p.id DESC
"""
# $1 accounts, $2 and $3 place after which, $4 until, $5 limit
OLDEST: Final = """
SELECT p.id, p.at, p.account, p.currency, p.amount, p.order_id, e.reason, e.ref_type, e.ref_id FROM (
    SELECT p.* FROM unnest($1::text[]) AS a(account) CROSS JOIN LATERAL (
        SELECT * FROM ledger_posting
        WHERE account = a.account AND (at, id) > ($2::timestamptz, $3::bigint) AND at < $4::timestamptz
        ORDER BY at, id LIMIT $5
    ) p ORDER BY p.at, p.id LIMIT $5
) p JOIN ledger_entry e ON e.id = p.entry_id ORDER BY p.at, p.id
"""
# $1 accounts, $2 day of the place, $3 its begin, $4 and $5 the place. Closed days count by their totals, all later
# ones (and the beginning of the place's own day) by their postings.
BALANCES_BEFORE: Final = """
WITH closed AS (SELECT max(day) AS day FROM ledger_daytotal),
since AS (
    SELECT least($3::timestamptz, ((SELECT day FROM closed) + 1)::timestamp AT TIME ZONE 'Asia/Shanghai') AS at,
        (SELECT day IS NULL FROM closed) AS never
)
SELECT account, currency, sum(amount)::bigint FROM (
    SELECT account, currency, incoming - outgoing AS amount FROM ledger_daytotal
    WHERE account = ANY($1::text[]) AND day < $2::date
    UNION ALL
    SELECT account, currency, amount FROM ledger_posting
    WHERE account = ANY($1::text[]) AND (at, id) < ($4::timestamptz, $5::bigint)
        AND at >= (SELECT CASE WHEN never THEN '-infinity'::timestamptz ELSE since.at END FROM since)
) parts GROUP BY account, currency
"""
# $1 accounts, $2 last day, $3 its end, $4 how many days
DAYS: Final = """
WITH closed AS (SELECT max(day) AS day FROM ledger_daytotal),
totals AS (
    SELECT account, currency, day, incoming, outgoing, postings FROM ledger_daytotal
    WHERE account = ANY($1::text[]) AND day <= $2::date AND day IN (
        SELECT day FROM ledger_daytotal WHERE account = ANY($1::text[]) AND day <= $2::date
        GROUP BY day ORDER BY day DESC LIMIT $4
    )
    UNION ALL
    SELECT account, currency, (at AT TIME ZONE 'Asia/Shanghai')::date,
        coalesce(sum(amount) FILTER (WHERE amount > 0), 0)::bigint,
        coalesce(-sum(amount) FILTER (WHERE amount < 0), 0)::bigint, count(*)::int
    FROM ledger_posting
    WHERE account = ANY($1::text[]) AND at < $3::timestamptz AND at >= coalesce(
        (SELECT (day + 1)::timestamp AT TIME ZONE 'Asia/Shanghai' FROM closed), '-infinity'::timestamptz)
    GROUP BY 1, 2, 3
)
SELECT * FROM totals WHERE day IN (SELECT DISTINCT day FROM totals ORDER BY day DESC LIMIT $4)
"""
