-- A clock that ran out, by hand: the trade and its order are cancelled, the pieces are free again, two moves say so.
-- Each client takes the due trades of its own share, one after another.
\set i :i + 1
\set g :base + :client_id * :each + :i
BEGIN;
SELECT trade_id AS trade, order_id AS placed, merchant_id AS merchant, a, b FROM bench_due WHERE g = :g \gset
SELECT id FROM orders_trade WHERE id = CAST(:trade AS uuid) AND state = 'placed' FOR NO KEY UPDATE;
SELECT id FROM orders_order WHERE id = CAST(:placed AS uuid) FOR NO KEY UPDATE;
SELECT id FROM inventory_supply WHERE id IN (:a, :b) ORDER BY id FOR NO KEY UPDATE;
UPDATE inventory_supply SET free = free + 1, held = held - 1,
    low_since = CASE WHEN free + 1 > low_at THEN NULL ELSE low_since END
WHERE id IN (:a, :b);
WITH trade AS (
    UPDATE orders_trade SET state = 'cancelled', due_at = NULL WHERE id = CAST(:trade AS uuid)
), placed AS (
    UPDATE orders_order SET state = 'cancelled', due_at = NULL WHERE id = CAST(:placed AS uuid)
)
INSERT INTO audit_move (subject_type, subject_id, merchant_id, trade_id, from_state, to_state, event, actor, because,
    facts, at)
VALUES
    ('trade', CAST(:trade AS text), NULL, CAST(:trade AS uuid), 'placed', 'cancelled', 'expire', 'clock', 'not_paid', '{}', now()),
    ('order', CAST(:placed AS text), CAST(:merchant AS bigint), CAST(:trade AS uuid), 'placed', 'cancelled', 'expire', 'clock', 'not_paid', '{}', now());
COMMIT;
