-- A payment that arrived, as somebody writes it by hand who knows PostgreSQL: keep the notice, lock trade, attempt, order,
-- supplies and products, pay them, record the moves, book the entry. The same rows with the same columns as Wanku writes;
-- nothing is verified or decided. (A colon before a letter is a variable to pgbench, also within quotes.) Each client takes the open attempts of its own share, one after another.
\set i :i + 1
\set g :base + :client_id * :each + :i
BEGIN;
INSERT INTO payments_channelevent (gateway, event_id, kind, body_hash, outcome, received_at)
VALUES ('sandbox', 'pgbench-' || CAST(:g AS text), 'captured', sha256(CAST(CAST(:g AS text) AS bytea)), 'applied', now());
SELECT t.id AS trade, a.id AS attempt, a.amount AS amount, a.gateway AS gateway
FROM payments_attempt a JOIN orders_trade t ON t.id = a.trade_id
WHERE a.number = 'bench-' || CAST(:g AS text) FOR NO KEY UPDATE \gset
SELECT id AS placed, merchant_id AS merchant FROM orders_order WHERE trade_id = CAST(:trade AS uuid) FOR NO KEY UPDATE \gset
SELECT min(CAST(d.key AS bigint)) AS a, max(CAST(d.key AS bigint)) AS b, min(l.product_id) AS p, max(l.product_id) AS q
FROM orders_line l, jsonb_each_text(l.demand) AS d WHERE l.order_id = CAST(:placed AS uuid) \gset
SELECT id FROM inventory_supply WHERE id IN (:a, :b) ORDER BY id FOR NO KEY UPDATE;
UPDATE inventory_supply SET held = held - 1, sold = sold + 1 WHERE id IN (:a, :b);
SELECT id FROM catalog_product WHERE id IN (:p, :q) ORDER BY id FOR NO KEY UPDATE;
UPDATE catalog_product SET sold_count = sold_count + CASE WHEN CAST(:p AS bigint) = CAST(:q AS bigint) THEN 2 ELSE 1 END
WHERE id IN (:p, :q);
WITH attempt AS (
    UPDATE payments_attempt SET channel_ref = 'SB-' || CAST(:g AS text), captured_at = now(), state = 'captured',
        due_at = NULL
    WHERE id = CAST(:attempt AS uuid)
), trade AS (
    UPDATE orders_trade SET paid_at = now(), state = 'paid', due_at = NULL WHERE id = CAST(:trade AS uuid)
), placed AS (
    UPDATE orders_order SET paid_at = now(), ship_by = now() + interval '48 hours', state = 'paid',
        due_at = now() + interval '48 hours'
    WHERE id = CAST(:placed AS uuid)
), moves AS (
    INSERT INTO audit_move (subject_type, subject_id, merchant_id, trade_id, from_state, to_state, event, actor, because,
        facts, at)
    VALUES
        ('attempt', CAST(:attempt AS text), NULL, CAST(:trade AS uuid), 'pending', 'captured', 'capture', 'gateway', '', '{}', now()),
        ('trade', CAST(:trade AS text), NULL, CAST(:trade AS uuid), 'placed', 'paid', 'pay', 'gateway', '',
         jsonb_build_object('gateway', CAST(:gateway AS text), 'amount', CAST(:amount AS bigint)), now()),
        ('order', CAST(:placed AS text), CAST(:merchant AS bigint), CAST(:trade AS uuid), 'placed', 'paid', 'pay', 'gateway', '', '{}', now())
), entry AS (
    INSERT INTO ledger_entry (id, key, input_hash, reason, ref_type, ref_id, facts, at)
    VALUES (uuidv7(), 'capture:' || CAST(:attempt AS text), sha256(uuid_send(CAST(:attempt AS uuid))), 'capture',
        'attempt', CAST(:attempt AS text), '{}', now())
    RETURNING id
)
INSERT INTO ledger_posting (entry_id, account, currency, amount, merchant_id, order_id, at)
SELECT entry.id, v.account, 'CNY', v.amount, v.merchant, v.placed, now()
FROM entry CROSS JOIN (VALUES
    ('gateway:' || CAST(:gateway AS text) || ':' || 'clearing', - CAST(:amount AS bigint), NULL::bigint, NULL::uuid),
    ('merchant:' || CAST(:merchant AS text) || ':' || 'held', CAST(:amount AS bigint), CAST(:merchant AS bigint),
     CAST(:placed AS uuid))
) AS v(account, amount, merchant, placed);
INSERT INTO ledger_balance (account, currency, amount)
VALUES ('merchant:' || CAST(:merchant AS text) || ':' || 'held', 'CNY', CAST(:amount AS bigint))
ON CONFLICT (account, currency) DO UPDATE SET amount = ledger_balance.amount + excluded.amount;
COMMIT;
