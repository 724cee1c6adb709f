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
# From one account straight to the next one, along the index: as many steps as there are accounts.
ACCOUNTS: Final = """
WITH RECURSIVE names(account) AS (
    (SELECT account FROM ledger_posting ORDER BY account LIMIT 1)
    UNION ALL
    SELECT (SELECT p.account FROM ledger_posting p WHERE p.account > names.account ORDER BY p.account LIMIT 1)
    FROM names WHERE names.account IS NOT NULL
)
SELECT account FROM names WHERE account IS NOT NULL ORDER BY account
"""
# $1 accounts
SUMS: Final = """
WITH since AS (
    SELECT coalesce((max(day) + 1)::timestamp AT TIME ZONE 'Asia/Shanghai', '-infinity'::timestamptz) AS at
    FROM ledger_daytotal
)
SELECT account, currency, sum(amount)::bigint, sum(postings)::bigint FROM (
    SELECT account, currency, incoming - outgoing AS amount, postings FROM ledger_daytotal
    WHERE account = ANY($1::text[])
    UNION ALL
    SELECT account, currency, amount, 1 FROM ledger_posting
    WHERE account = ANY($1::text[]) AND at >= (SELECT at FROM since)
) parts GROUP BY account, currency ORDER BY account, currency
"""
# $1 accounts, $2 since, $3 until, $4 and $5 place (time and entry) behind which, $6 reason or empty, $7 limit
NEWEST_ENTRIES: Final = """
SELECT p.entry_id FROM unnest($1::text[]) AS a(account) CROSS JOIN LATERAL (
    SELECT p.at, p.entry_id FROM ledger_posting p
    WHERE p.account = a.account AND p.at >= $2::timestamptz AND p.at < $3::timestamptz
        AND p.at <= $4::timestamptz AND (p.at, p.entry_id) < ($4::timestamptz, $5::uuid)
        AND ($6::text = '' OR EXISTS (SELECT FROM ledger_entry e WHERE e.id = p.entry_id AND e.reason = $6::text))
    GROUP BY p.at, p.entry_id ORDER BY p.at DESC, p.entry_id DESC LIMIT $7
) p GROUP BY p.at, p.entry_id ORDER BY p.at DESC, p.entry_id DESC LIMIT $7
"""
