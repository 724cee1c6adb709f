-- One chunk of trades with all that belongs to them; bench/growth.py fills the table stage and sets bench.*. The table
-- grown is in order of time, and so is what is read from it.
CREATE TEMP TABLE grown AS
WITH settings AS (
    SELECT current_setting('bench.past') AS past, current_setting('bench.now')::timestamptz AS now,
        current_setting('bench.merchants')::int AS merchants, current_setting('bench.each')::int AS each,
        current_setting('bench.variants')::int AS variants, current_setting('bench.freight')::bigint AS freight,
        current_setting('bench.first_buyer')::bigint AS first_buyer, current_setting('bench.buyers')::bigint AS buyers
), drawn AS (
    SELECT stage.*, settings.*, abs(hashint8extended(g, 1)) % merchants AS shop,
        abs(hashint8extended(g, 2)) % each AS x, abs(hashint8extended(g, 3)) % (each - 1) AS y
    FROM stage, settings
), chosen AS (
    SELECT *, shop * each + x + 1 AS a, shop * each + CASE WHEN y >= x THEN y + 1 ELSE y END + 1 AS b FROM drawn
)
SELECT g, at, trade_number, order_number, now, freight, variants, a, b,
    shops.id AS merchant,
    CASE WHEN past = 'history' THEN first_buyer + g % buyers END AS buyer,
    CASE WHEN past <> 'history' THEN gen_random_uuid() END AS guest,
    990 + a * 37 % 500 * 100 AS price_a, 990 + b * 37 % 500 * 100 AS price_b,
    CASE WHEN past <> 'history' THEN 'placed' WHEN abs(hashint8extended(g, 4)) % 100 < 15 THEN 'cancelled'
        WHEN at > now - interval '40 hours' THEN 'paid' ELSE 'completed' END AS state,
    past = 'open' AS opened,
    at + interval '3 minutes' AS paid, at + interval '1 day' AS sent, at + interval '4 days' AS done,
    uuidv7(at - clock_timestamp()) AS trade, uuidv7(at - clock_timestamp()) AS placed,
    uuidv7(at - clock_timestamp()) AS line_a, uuidv7(at - clock_timestamp()) AS line_b,
    uuidv7(at - clock_timestamp()) AS attempt, uuidv7(at - clock_timestamp()) AS parcel,
    uuidv7(at - clock_timestamp()) AS capture, uuidv7(at - clock_timestamp()) AS release
FROM chosen JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM merchants_merchant) AS shops
    ON shops.place = chosen.shop
ORDER BY g;
ALTER TABLE grown ADD COLUMN goods bigint GENERATED ALWAYS AS (price_a + price_b) STORED,
    ADD COLUMN amount bigint GENERATED ALWAYS AS (price_a + price_b + freight) STORED,
    ADD COLUMN commission bigint GENERATED ALWAYS AS ((price_a + price_b) * 3 / 100) STORED,
    ADD COLUMN money boolean GENERATED ALWAYS AS (state IN ('paid', 'completed')) STORED;

INSERT INTO orders_trade (id, number, buyer_id, guest_key, contact_name, contact_phone, contact_email, language,
    currency, amount, state, due_at, placed_at, paid_at, request_scope, request_key, request_hash)
SELECT trade, trade_number, buyer, guest, '安小姐', '+8613800138000', '', 'zh-hans', 'CNY', amount,
    CASE WHEN money THEN 'paid' ELSE state END, CASE WHEN state = 'placed' THEN at + interval '15 minutes' END,
    at, CASE WHEN money THEN paid END, coalesce('person:' || buyer, 'guest:' || guest), md5(trade::text),
    sha256(uuid_send(trade))
FROM grown;

INSERT INTO orders_order (id, number, trade_id, merchant_id, currency, goods, freight, amount, commission, address, note,
    terms, state, due_at, placed_at, paid_at, ship_by, fulfilled_at, completed_at)
SELECT placed, order_number, trade, merchant, 'CNY', goods, freight, amount, commission,
    '{"name": "安小姐", "phone": "+8613800138000", "province": "浙江省", "city": "杭州市", "district": "西湖区", "line": "文三路 1 号", "postcode": "310012"}',
    '', jsonb_build_object(
        'version', 1, 'merchant', '第1号店', 'goods', goods, 'freight', freight,
        'freight_reason', '{"code": "by_count", "facts": {"units": 2, "first": 1000, "first_fee": 800, "steps": 0, "step": 1000, "step_fee": 800, "free_from": null}}'::jsonb,
        'total', amount, 'ship_within_hours', 48, 'arrives_days', '[2, 5]'::jsonb,
        'clocks', '{"pay_goods": 900, "receipt_goods": 864000, "receipt_extension": 259200, "review_window": 2592000}'::jsonb
    ),
    state,
    CASE state WHEN 'placed' THEN at + interval '15 minutes' WHEN 'paid' THEN paid + interval '48 hours' END,
    at, CASE WHEN money THEN paid END, CASE WHEN money THEN paid + interval '48 hours' END,
    CASE WHEN state = 'completed' THEN sent END, CASE WHEN state = 'completed' THEN done END
FROM grown;

INSERT INTO orders_line (id, order_id, merchant_id, kind, product_id, variant_id, demand, title, label, sku, picture_id,
    unit_price, quantity, amount, add_ons, returns, shipped)
SELECT v.line, placed, grown.merchant, 'ship', p.id, v.sku, jsonb_build_object(v.sku::text, 1), p.title, '1号',
    'SKU-' || v.sku, i.picture_id, v.price, 1, v.price, '[]', '{"rule": "no_reason", "days": 7}',
    CASE WHEN grown.state = 'completed' THEN 1 ELSE 0 END
FROM grown
CROSS JOIN LATERAL (VALUES (line_a, a, price_a), (line_b, b, price_b)) AS v(line, sku, price)
JOIN catalog_product p ON p.id = (v.sku + variants - 1) / variants
JOIN catalog_productpicture i ON i.product_id = p.id;

INSERT INTO payments_attempt (id, trade_id, number, gateway, method, currency, amount, channel_ref, shown_as, pay_url,
    failure, asked, duplicate, created_at, expires_at, captured_at, state, due_at)
SELECT attempt, trade, 'bench-' || g, 'sandbox', 'page', 'CNY', amount, CASE WHEN money THEN 'SB-' || g ELSE '' END,
    'redirect', '', '', 0, false, at, at + interval '15 minutes', CASE WHEN money THEN paid END,
    CASE WHEN money THEN 'captured' ELSE 'pending' END, CASE WHEN NOT money THEN at + interval '20 minutes' END
FROM grown WHERE money OR opened;

INSERT INTO fulfilment_parcel (id, order_id, merchant_id, carrier, tracking, shipped_at, expected_from, expected_to,
    delivered_at, received_at, state)
SELECT parcel, placed, merchant, 'sf', 'SF' || lpad(g::text, 13, '0'), sent, (sent + interval '2 days')::date,
    (sent + interval '5 days')::date, done - interval '1 hour', done, 'received'
FROM grown WHERE state = 'completed';
INSERT INTO fulfilment_parcelline (parcel_id, line_id, quantity)
SELECT parcel, v.line, 1 FROM grown CROSS JOIN LATERAL (VALUES (line_a), (line_b)) AS v(line)
WHERE state = 'completed';

INSERT INTO audit_move (subject_type, subject_id, merchant_id, trade_id, from_state, to_state, event, actor, actor_id,
    because, facts, at, sent_at)
SELECT v.subject, v.id::text, v.merchant, trade, v.before, v.after, v.event, v.actor,
    CASE WHEN v.actor = 'buyer' THEN buyer END, '', '{}', v.moment, v.moment
FROM grown CROSS JOIN LATERAL (VALUES
    (true, 'trade', trade, NULL::bigint, '', 'placed', 'place', 'buyer', at),
    (true, 'order', placed, merchant, '', 'placed', 'place', 'buyer', at),
    (money OR opened, 'attempt', attempt, NULL, 'created', 'pending', 'open', 'system', at),
    (state = 'cancelled', 'trade', trade, NULL, 'placed', 'cancelled', 'expire', 'clock', at + interval '15 minutes'),
    (state = 'cancelled', 'order', placed, merchant, 'placed', 'cancelled', 'expire', 'clock', at + interval '15 minutes'),
    (money, 'attempt', attempt, NULL, 'pending', 'captured', 'capture', 'gateway', paid),
    (money, 'trade', trade, NULL, 'placed', 'paid', 'pay', 'gateway', paid),
    (money, 'order', placed, merchant, 'placed', 'paid', 'pay', 'gateway', paid),
    (state = 'completed', 'order', placed, merchant, 'paid', 'fulfilled', 'fulfil', 'merchant', sent),
    (state = 'completed', 'parcel', parcel, merchant, 'delivered', 'received', 'receive', 'buyer', done),
    (state = 'completed', 'order', placed, merchant, 'fulfilled', 'completed', 'confirm', 'buyer', done)
) AS v(happened, subject, id, merchant, before, after, event, actor, moment)
WHERE v.happened;

INSERT INTO ledger_entry (id, key, input_hash, reason, ref_type, ref_id, facts, at)
SELECT v.id, v.reason || ':' || v.ref, sha256(uuid_send(v.id)), v.reason, v.kind, v.ref::text, '{}', v.moment
FROM grown CROSS JOIN LATERAL (VALUES
    (money, capture, 'capture', 'attempt', attempt, paid),
    (state = 'completed', release, 'release', 'order', placed, done)
) AS v(happened, id, reason, kind, ref, moment)
WHERE v.happened;
INSERT INTO ledger_posting (entry_id, account, currency, amount, merchant_id, order_id, at)
SELECT v.entry, v.account, 'CNY', v.amount, v.merchant, v.ref, v.moment
FROM grown CROSS JOIN LATERAL (VALUES
    (money, capture, 'gateway:sandbox:clearing', -grown.amount, NULL::bigint, NULL::uuid, paid),
    (money, capture, 'merchant:' || merchant || ':held', grown.amount, merchant, placed, paid),
    (state = 'completed', release, 'merchant:' || merchant || ':held', -grown.amount, merchant, placed, done),
    (state = 'completed', release, 'merchant:' || merchant || ':available', grown.amount - commission, merchant, placed, done),
    (state = 'completed', release, 'platform:commission', commission, merchant, placed, done)
) AS v(happened, entry, account, amount, merchant, ref, moment)
WHERE v.happened;
-- From here on rows are shared by all who fill.
SELECT pg_advisory_xact_lock(7368787);
INSERT INTO ledger_balance (account, currency, amount)
SELECT v.account, 'CNY', sum(v.amount) FROM grown CROSS JOIN LATERAL (VALUES
    (state = 'paid', 'merchant:' || merchant || ':held', grown.amount),
    (state = 'completed', 'merchant:' || merchant || ':held', 0),
    (state = 'completed', 'merchant:' || merchant || ':available', grown.amount - commission)
) AS v(happened, account, amount)
WHERE v.happened GROUP BY v.account
ON CONFLICT (account, currency) DO UPDATE SET amount = ledger_balance.amount + excluded.amount;

UPDATE inventory_supply s SET free = s.free - n.held - n.sold, held = s.held + n.held, sold = s.sold + n.sold
FROM (
    SELECT v.sku, count(*) FILTER (WHERE state = 'placed') AS held, count(*) FILTER (WHERE money) AS sold
    FROM grown CROSS JOIN LATERAL (VALUES (a), (b)) AS v(sku) GROUP BY v.sku
) n WHERE s.id = n.sku;
UPDATE catalog_product p SET sold_count = p.sold_count + n.sold
FROM (
    SELECT (v.sku + variants - 1) / variants AS product, count(*) AS sold
    FROM grown CROSS JOIN LATERAL (VALUES (a), (b)) AS v(sku) WHERE money GROUP BY 1
) n WHERE p.id = n.product;
DROP TABLE grown, stage;
