"""What the product page shows of licences."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from wanku.inventory.queries import free_by_key
from wanku.kinds.issue.models import ISSUED, Licence, LicencePlan, Source
from wanku.kinds.issue.words import machines_text, seats_text, term_text

LOW = 5
"""Codes at which the page says how many are left."""


def show(product_id: int, asked: Mapping[str, str]) -> dict[str, Any]:
    """Editions in the order of the variants, each with its terms and seats; three statements at most."""
    plans = LicencePlan.objects.filter(variant__product=product_id, variant__is_active=True)
    rows = list(plans.select_related("variant__product").order_by("variant__position", "pk"))
    free = free_by_key([row.variant.supply_key for row in rows])
    licence = _to_extend(product_id, asked.get("choice.renews", ""))
    shown = [row for row in rows if licence is None or row.source == Source.SIGNED]
    wanted = asked.get("variant", "")
    chosen = next((row.pk for row in shown if str(row.pk) == wanted), shown[0].pk if shown else None)
    editions: dict[str, list[dict[str, Any]]] = {}
    for row in shown:
        left = free.get(row.variant.supply_key, 0)
        editions.setdefault(row.edition, []).append(
            {
                "id": row.pk,
                "term": term_text(row.term_days),
                "seats": seats_text(row.seats) if row.seats > 1 else "",
                # On how many devices a code of somebody else works is for them to say.
                "machines": machines_text(row.machines) if row.source == Source.SIGNED else "",
                "price": row.variant.price,
                "was": row.variant.list_price,
                "left": left,
                "low": 0 < left <= LOW,
                "chosen": row.pk == chosen,
            }
        )
    quantity = asked.get("quantity", "1")
    return {
        "editions": [{"name": name, "options": options} for name, options in editions.items()],
        "quantity": int(quantity) if quantity.isascii() and quantity.isdigit() and len(quantity) < 4 else 1,
        "renews": licence,
        "lost": licence is None and bool(asked.get("choice.renews")),
        "ours": all(row.source == Source.SIGNED for row in rows),
        "currency": rows[0].variant.product.currency if rows else "CNY",
    }


def _to_extend(product_id: int, renews: str) -> Licence | None:
    try:
        key = UUID(renews)
    except ValueError:
        return None
    return Licence.objects.filter(pk=key, product_id=product_id, state=ISSUED, plan__source=Source.SIGNED).first()
