"""What breaks an invariant across nouns; each is one statement, so that it sees one moment even under load."""

TRADES = "SELECT count(*) FROM orders_trade"
# I3: paid ⇔ exactly one attempt pays it ⇔ exactly one capture entry over exactly what was asked.
PAID_AND_CAPTURED = """
SELECT t.number AS trade, t.state, t.amount, coalesce(a.attempts, 0) AS attempts, coalesce(a.entries, 0) AS entries,
       coalesce(a.booked, 0) AS booked
FROM orders_trade t
LEFT JOIN (
    SELECT a.trade_id, count(DISTINCT a.id) AS attempts, count(DISTINCT e.id) AS entries,
           coalesce(-sum(p.amount), 0)::bigint AS booked
    FROM payments_attempt a
    LEFT JOIN ledger_entry e ON e.reason = 'capture' AND e.ref_type = 'attempt' AND e.ref_id = a.id::text
    LEFT JOIN ledger_posting p ON p.entry_id = e.id AND p.account = 'gateway:' || a.gateway || ':clearing'
    WHERE a.state = 'captured' AND NOT a.duplicate
    GROUP BY a.trade_id
) a ON a.trade_id = t.id
WHERE CASE WHEN t.state = 'paid'
    THEN (coalesce(a.attempts, 0), coalesce(a.entries, 0), coalesce(a.booked, 0)) <> (1, 1, t.amount)
    ELSE (coalesce(a.attempts, 0), coalesce(a.entries, 0)) <> (0, 0) END
"""
UNWANTED = "SELECT count(*) FROM payments_attempt WHERE duplicate"
# The other half of I3: money that pays nothing is booked once as owed to the buyer, and a refund of all of it exists.
UNWANTED_NOT_OWED = """
SELECT a.number AS attempt, a.amount, count(DISTINCT e.id) AS entries,
       (SELECT coalesce(sum(r.amount), 0) FROM payments_refund r WHERE r.attempt_id = a.id)::bigint AS refunds
FROM payments_attempt a
LEFT JOIN ledger_entry e ON e.reason = 'capture_unwanted' AND e.ref_type = 'attempt' AND e.ref_id = a.id::text
WHERE a.duplicate
GROUP BY a.id
HAVING count(DISTINCT e.id) <> 1
    OR (SELECT coalesce(sum(r.amount), 0) FROM payments_refund r WHERE r.attempt_id = a.id) <> a.amount
"""
REFUNDS = "SELECT count(*) FROM payments_refund"
# I4, by the channel: never more back than came in, and nothing back for what never came.
REFUNDED_TOO_MUCH = """
SELECT a.number AS attempt, a.state, a.amount AS captured, sum(r.amount)::bigint AS refunded
FROM payments_refund r JOIN payments_attempt a ON a.id = r.attempt_id
GROUP BY a.id
HAVING a.state <> 'captured' OR sum(r.amount) > a.amount
"""
# I4, by the ledger: a refund that arrived is booked exactly once, one that did not is not.
REFUND_ENTRIES = """
SELECT r.number AS refund, r.state, r.amount, count(DISTINCT e.id) AS entries,
       coalesce(sum(p.amount), 0)::bigint AS booked
FROM payments_refund r
JOIN payments_attempt a ON a.id = r.attempt_id
LEFT JOIN ledger_entry e ON e.reason = 'refund' AND e.ref_type = 'refund' AND e.ref_id = r.id::text
LEFT JOIN ledger_posting p ON p.entry_id = e.id
    AND p.account = CASE r.route WHEN '' THEN 'gateway:' || a.gateway || ':clearing' ELSE 'bank:main' END
GROUP BY r.id
HAVING (count(DISTINCT e.id), coalesce(sum(p.amount), 0))
    <> CASE WHEN r.state = 'succeeded' THEN (1::bigint, r.amount::numeric) ELSE (0::bigint, 0::numeric) END
"""
SUPPLIES = "SELECT count(*) FROM inventory_supply"
# I5 with its causes: what is held is in unpaid orders, what is sold is in paid ones, without what was called off.
SUPPLIES_AND_ORDERS = """
SELECT s.key AS supply, s.put_in, s.free, s.held, s.sold, coalesce(n.held, 0)::bigint AS held_by_orders,
       coalesce(n.sold, 0)::bigint AS sold_by_orders
FROM inventory_supply s
LEFT JOIN (
    SELECT d.key::bigint AS supply_id,
           sum(d.value::bigint) FILTER (WHERE o.state = 'placed') AS held,
           sum(d.value::bigint * (l.quantity - l.called_off) / l.quantity)
               FILTER (WHERE o.state IN ('paid', 'fulfilling', 'fulfilled', 'completed', 'closed')) AS sold
    FROM orders_line l
    JOIN orders_order o ON o.id = l.order_id
    CROSS JOIN LATERAL jsonb_each_text(l.demand) AS d(key, value)
    GROUP BY d.key::bigint
) n ON n.supply_id = s.id
WHERE s.put_in <> s.free + s.held + s.sold OR s.free < 0
   OR s.held <> coalesce(n.held, 0) OR s.sold <> coalesce(n.sold, 0)
"""
PERSONAL_COUNTS = "SELECT count(*) FROM orders_personalcount"
# What one person has of a limited product is in orders that stand, by every key that their trades count for.
PERSONAL_COUNTS_AND_ORDERS = """
SELECT product_id AS product, coalesce(c.pieces, 0) AS counted, coalesce(n.pieces, 0)::bigint AS in_orders
FROM orders_personalcount c
FULL JOIN (
    SELECT l.product_id, k.person_key, sum(l.quantity - l.called_off) AS pieces
    FROM orders_line l
    JOIN orders_order o ON o.id = l.order_id
    JOIN orders_trade t ON t.id = o.trade_id
    CROSS JOIN LATERAL (
        VALUES ('person:' || t.buyer_id), ('guest:' || t.guest_key),
               ('phone:' || CASE WHEN t.guest_key IS NOT NULL THEN nullif(t.contact_phone, '') END),
               ('email:' || CASE WHEN t.guest_key IS NOT NULL THEN nullif(t.contact_email, '') END)
    ) AS k(person_key)
    WHERE l.limit_per_person IS NOT NULL AND k.person_key IS NOT NULL AND o.state NOT IN ('cancelled', 'closed')
    GROUP BY l.product_id, k.person_key
) n USING (product_id, person_key)
WHERE coalesce(c.pieces, 0) <> coalesce(n.pieces, 0)
"""
ORDERS = "SELECT count(*) FROM orders_order"
# Each order by itself: held or frozen for it is what was not paid back, until its after-sales window has closed.
HELD_BY_ORDER = """
SELECT o.number AS order, o.state, o.amount, coalesce(r.amount, 0)::bigint AS refunds,
       coalesce(h.held, 0)::bigint AS held, coalesce(h.frozen, 0)::bigint AS frozen
FROM orders_order o
LEFT JOIN (
    SELECT order_id, sum(amount) FILTER (WHERE account LIKE 'merchant:%:held') AS held,
           sum(amount) FILTER (WHERE account LIKE 'merchant:%:frozen') AS frozen,
           -sum(amount) FILTER (WHERE account = 'platform:promotions') AS discount
    FROM ledger_posting WHERE order_id IS NOT NULL GROUP BY order_id
) h ON h.order_id = o.id
LEFT JOIN (SELECT order_id, sum(amount) AS amount FROM payments_refund GROUP BY order_id) r ON r.order_id = o.id
LEFT JOIN settlement_window w ON w.order_id = o.id AND w.state = 'open'
WHERE CASE WHEN o.state IN ('paid', 'fulfilling', 'fulfilled') OR w.id IS NOT NULL
    THEN coalesce(h.held, 0) + coalesce(h.frozen, 0) <> o.amount + coalesce(h.discount, 0) - coalesce(r.amount, 0)
    ELSE coalesce(h.held, 0) <> 0 END
"""
# I4, by the order: never more back than was paid for it, and its parts sum to the refund.
REFUNDED_PARTS = """
SELECT o.number AS order, o.amount, sum(r.amount)::bigint AS refunds, sum(r.freight)::bigint AS freight,
       sum(coalesce(p.amount, 0))::bigint AS lines
FROM payments_refund r JOIN orders_order o ON o.id = r.order_id
LEFT JOIN (SELECT refund_id, sum(amount) AS amount FROM payments_refundline GROUP BY refund_id) p ON p.refund_id = r.id
GROUP BY o.id
HAVING sum(r.amount) > o.amount OR sum(r.freight) > o.freight
    OR sum(r.amount) FILTER (WHERE p.refund_id IS NOT NULL OR r.freight > 0)
       <> sum(r.freight + coalesce(p.amount, 0)) FILTER (WHERE p.refund_id IS NOT NULL OR r.freight > 0)
"""
PAYOUTS = "SELECT count(*) FROM settlement_payout"
# Each payout by itself: what is under way for it, and what has left by the bank, follow from its state.
PAYOUTS_BOOKED = """
SELECT p.number AS payout, p.state, p.amount, coalesce(b.under_way, 0)::bigint AS under_way,
       coalesce(b.gone, 0)::bigint AS gone
FROM settlement_payout p
LEFT JOIN (
    SELECT e.ref_id, sum(l.amount) FILTER (WHERE l.account = 'payout:clearing') AS under_way,
           sum(l.amount) FILTER (WHERE l.account LIKE 'bank:%') AS gone
    FROM ledger_entry e JOIN ledger_posting l ON l.entry_id = e.id WHERE e.ref_type = 'payout' GROUP BY e.ref_id
) b ON b.ref_id = p.id::text
WHERE (coalesce(b.under_way, 0), coalesce(b.gone, 0)) <> CASE
    WHEN p.state IN ('created', 'approved', 'sent') THEN (p.amount::numeric, 0::numeric)
    WHEN p.state = 'paid' THEN (0::numeric, p.amount::numeric) ELSE (0::numeric, 0::numeric) END
"""
