"""Bodies of a purchase, for tests."""

from typing import Any
from uuid import uuid4

from tests.cast import ADDRESS, variant_of
from wanku.api.tests.caller import Api
from wanku.catalog.models import Product

CONTACT = {"name": "安小姐", "phone": "13800138000", "email": "ann@example.com"}


def wish(product: Product, quantity: int = 1, *add_ons: int) -> dict[str, Any]:
    """A line for a product's first variant."""
    return {"variant_id": variant_of(product).pk, "quantity": quantity, "add_ons": list(add_ons)}


def order_body(api: Api, *lines: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A checkout that agrees to what it costs now."""
    quoted = api.post("/quotes", {"lines": list(lines), "province": ADDRESS["province"]}).json()
    return {"lines": list(lines), "contact": CONTACT, "address": ADDRESS, "agreed_total": quoted["total"], **fields}


def place(api: Api, *lines: dict[str, Any], key: str | None = None, **fields: Any) -> Any:
    """Place an order of lines."""
    return api.post("/orders", order_body(api, *lines, **fields), Idempotency_Key=key or uuid4().hex)


def body_of(product: Product, quantity: int = 1, **fields: Any) -> dict[str, Any]:
    """A checkout of one product that agrees to its price."""
    variant = variant_of(product)
    return {
        "lines": [{"variant_id": variant.pk, "quantity": quantity}],
        "contact": CONTACT,
        "address": ADDRESS,
        "agreed_total": variant.price * quantity,
        **fields,
    }
