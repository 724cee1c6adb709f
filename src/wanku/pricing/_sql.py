"""What is on offer, as one statement: the order engine and every page with prices read by it."""

from typing import Final

_AS_READ: Final = {
    "variant_id": "v.id",
    "product_id": "v.product_id",
    "merchant_id": "v.merchant_id",
    "merchant_name": "m.name",
    "kind": "p.kind",
    "title": "p.title",
    "label": """coalesce((SELECT string_agg(option, ' / ' ORDER BY place)
        FROM jsonb_array_elements_text(v."values") WITH ORDINALITY AS chosen(option, place)), '')""",
    "sku": "v.sku",
    "slug": "p.slug",
    "merchant_slug": "m.slug",
    # The variant's own picture, else the product's first.
    "picture_id": """(SELECT x.picture_id FROM catalog_productpicture x
        WHERE x.product_id = p.id AND x.picture_id IS NOT NULL
        ORDER BY x.variant_id IS NOT DISTINCT FROM v.id DESC, x.position, x.id LIMIT 1)""",
    "price": "v.price",
    "currency": "p.currency",
    "weight_g": "v.weight_g",
    "limit_per_order": "p.limit_per_order",
    "limit_per_person": "p.limit_per_person",
    "waiting_room": "p.waiting_room",
    "ship_within_hours": "p.ship_within_hours",
}
_PARTS: Final = {
    "extras": """(SELECT json_agg(json_build_array(a.id, a.name, a.price) ORDER BY a.position, a.id)::text
        FROM catalog_addon a WHERE a.product_id = p.id AND a.is_active)""",
    "supply_id": "s.id",
    "free": "s.free",
    "is_active": "v.is_active",
    "product_state": "p.state",
    "merchant_state": "m.state",
    "return_rule": "coalesce(nullif(p.return_rule, ''), c.return_rule)",
    "return_days": "coalesce(p.return_days, c.return_days)",
    "arrives_days_min": "p.arrives_days_min",
    "arrives_days_max": "p.arrives_days_max",
    "category_bp": "c.commission_bp",
    "merchant_bp": "m.commission_bp",
}
AS_READ: Final = tuple(_AS_READ)
"""Fields of an offer that stand in a column as they are."""
COLUMNS: Final = (*_AS_READ, *_PARTS)
OFFERS: Final = f"""
SELECT {", ".join((*_AS_READ.values(), *_PARTS.values()))}
FROM unnest($1::bigint[]) AS asked(id)
JOIN catalog_variant v ON v.id = asked.id
JOIN catalog_product p ON p.id = v.product_id
JOIN catalog_category c ON c.id = p.category_id
JOIN merchants_merchant m ON m.id = v.merchant_id
LEFT JOIN inventory_supply s ON s.key = 'sku:' || v.id
ORDER BY v.id
"""  # noqa: S608 - fragments of this file, never input
