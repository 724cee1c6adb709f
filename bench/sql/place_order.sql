-- The order of two lines as somebody writes it by hand who knows PostgreSQL: lock both supplies in id order, take the
-- pieces, insert the same rows with the same columns as Wanku does, in one statement. The rows are built from constants,
-- so nothing is looked up, decided, checked or answered.
-- :hot is 1 for the pair of SKUs 1 and 2, else two SKUs of one merchant are drawn as in bench/shop.py.
\set merchant 1
\set a 1
\set b 2
\if :hot = 0
\set merchant random(1, :merchants)
\set x random(1, :each)
\set y random(1, :each - 1)
\set y case when :y >= :x then :y + 1 else :y end
\set a (:merchant - 1) * :each + least(:x, :y)
\set b (:merchant - 1) * :each + greatest(:x, :y)
\endif
\set price_a 990 + :a * 37 % 500 * 100
\set price_b 990 + :b * 37 % 500 * 100
\set goods :price_a + :price_b
\set amount :goods + :freight
\set trade_number random(10000000000000000, 99999999999999999)
\set order_number random(10000000000000000, 99999999999999999)
BEGIN;
SELECT id, free FROM inventory_supply WHERE id IN (:a, :b) ORDER BY id FOR NO KEY UPDATE;
UPDATE inventory_supply SET free = free - 1, held = held + 1,
    low_since = CASE WHEN free - 1 <= low_at THEN coalesce(low_since, now()) END
WHERE id IN (:a, :b);
WITH trade AS (
    INSERT INTO orders_trade (id, number, guest_key, contact_name, contact_phone, contact_email, language, currency,
        amount, state, due_at, placed_at, request_scope, request_key, request_hash)
    SELECT uuidv7(), CAST(:trade_number AS text), key, '安小姐', '+8613800138000', 'ann@example.com', 'zh-hans', 'CNY',
        :amount, 'placed', now() + interval '15 minutes', now(), 'guest:' || key, gen_random_uuid()::text,
        sha256(uuid_send(key))
    FROM gen_random_uuid() AS key
    RETURNING id
), placed AS (
    INSERT INTO orders_order (id, number, trade_id, merchant_id, currency, goods, freight, amount, commission, address,
        note, terms, state, due_at, placed_at)
    SELECT uuidv7(), CAST(:order_number AS text), trade.id, :merchant, 'CNY', :goods, :freight, :amount,
        :goods * 3 / 100,
        '{"name": "安小姐", "phone": "+8613800138000", "province": "浙江省", "city": "杭州市", "district": "西湖区", "line": "文三路 1 号", "postcode": "310012"}',
        '',
        jsonb_build_object(
            'version', 1, 'merchant', '第1号店', 'goods', CAST(:goods AS bigint), 'freight', CAST(:freight AS bigint),
            'freight_reason', '{"code": "by_count", "facts": {"units": 2, "first": 1000, "first_fee": 800, "steps": 0, "step": 1000, "step_fee": 800, "free_from": null}}'::jsonb,
            'total', CAST(:amount AS bigint), 'ship_within_hours', 48, 'arrives_days', '[2, 5]'::jsonb,
            'clocks', '{"pay_goods": 900, "receipt_goods": 864000, "receipt_extension": 259200, "review_window": 2592000}'::jsonb
        ),
        'placed', now() + interval '15 minutes', now()
    FROM trade
    RETURNING id
), lines AS (
    INSERT INTO orders_line (id, order_id, merchant_id, kind, product_id, variant_id, demand, title, label, sku,
        picture_id, unit_price, quantity, amount, add_ons, returns, shipped)
    VALUES
        (uuidv7(), (SELECT id FROM placed), :merchant, 'ship', (:a + 3) / 4, :a,
         jsonb_build_object(CAST(:a AS text), 1), '白瓷茶壶手冲', '1号', 'SKU-' || CAST(:a AS text),
         gen_random_uuid(), :price_a, 1, :price_a, '[]', '{"rule": "no_reason", "days": 7}', 0),
        (uuidv7(), (SELECT id FROM placed), :merchant, 'ship', (:b + 3) / 4, :b,
         jsonb_build_object(CAST(:b AS text), 1), '亚麻衬衫竹编', '2号', 'SKU-' || CAST(:b AS text),
         gen_random_uuid(), :price_b, 1, :price_b, '[]', '{"rule": "no_reason", "days": 7}', 0)
)
INSERT INTO audit_move (subject_type, subject_id, merchant_id, trade_id, from_state, to_state, event, actor, because,
    facts, at)
VALUES
    ('trade', (SELECT id::text FROM trade), NULL, (SELECT id FROM trade), '', 'placed', 'place', 'buyer', '', '{}',
     now()),
    ('order', (SELECT id::text FROM placed), :merchant, (SELECT id FROM trade), '', 'placed', 'place', 'buyer', '',
     '{}', now());
COMMIT;
