-- One day of a shop's books: orders paid in the morning, released at night less commission, with every constraint and
-- trigger at work. $ parameters: bench.merchant, bench.day, bench.first (running number), bench.count (orders).
CREATE TEMP TABLE sold ON COMMIT DROP AS
SELECT n, gen_random_uuid() AS capture, gen_random_uuid() AS release, gen_random_uuid() AS commission,
    2000 + (n * 7919) % 30000 AS amount,
    current_setting('bench.day')::date::timestamp AT TIME ZONE 'Asia/Shanghai' + interval '8 hours'
        + (n - current_setting('bench.first')::bigint) * interval '11 hours' / current_setting('bench.count')::int AS at
FROM generate_series(current_setting('bench.first')::bigint,
    current_setting('bench.first')::bigint + current_setting('bench.count')::int - 1) AS n;

INSERT INTO ledger_entry (id, key, input_hash, reason, ref_type, ref_id, facts, at)
SELECT v.id, 'bench:' || v.reason || ':' || n, sha256(uuid_send(v.id)), v.reason, 'bench', n::text, '{}', v.at
FROM sold CROSS JOIN LATERAL (VALUES
    (capture, 'capture', at), (release, 'release', at + interval '4 hours'),
    (commission, 'commission', at + interval '4 hours')
) AS v(id, reason, at);

INSERT INTO ledger_posting (entry_id, account, currency, amount, merchant_id, at)
SELECT v.entry, v.account, 'CNY', v.amount, v.merchant, v.at
FROM sold
CROSS JOIN (SELECT current_setting('bench.merchant')::bigint AS id) AS m
CROSS JOIN LATERAL (VALUES
    (capture, 'gateway:bench:clearing', -sold.amount, NULL::bigint, at),
    (capture, 'merchant:' || m.id || ':held', sold.amount, m.id, at),
    (release, 'merchant:' || m.id || ':held', -sold.amount, m.id, at + interval '4 hours'),
    (release, 'merchant:' || m.id || ':available', sold.amount, m.id, at + interval '4 hours'),
    (commission, 'merchant:' || m.id || ':available', -(sold.amount / 33), m.id, at + interval '4 hours'),
    (commission, 'platform:commission', sold.amount / 33, m.id, at + interval '4 hours')
) AS v(entry, account, amount, merchant, at)
ORDER BY v.at, v.entry;

INSERT INTO ledger_balance (account, currency, amount)
SELECT account, 'CNY', sum(amount) FROM (
    SELECT 'merchant:' || current_setting('bench.merchant') || ':available' AS account, amount - amount / 33 AS amount
    FROM sold
) v GROUP BY account
ON CONFLICT (account, currency) DO UPDATE SET amount = ledger_balance.amount + excluded.amount;
