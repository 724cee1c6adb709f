"""Departures to test with."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from tests.cast import NOW, Shop, product_of, variant_of
from wanku.catalog.models import Product
from wanku.inventory.models import Supply
from wanku.kinds.seat.models import Cabin, Departure, SeatTerms
from wanku.kinds.seat.rules import CabinData, Facts, Journey, Leaving
from wanku.kinds.seat.states import CONFIRMED, OPEN

SHANGHAI, TOKYO = "Asia/Shanghai", "Asia/Tokyo"
TABLE = [{"hours": 168, "bp": 0}, {"hours": 48, "bp": 3000}, {"hours": 4, "bp": 8000}]
STARTS = NOW + timedelta(days=30)
# Made up; the check characters are right.
CARDS = ("110101199003070134", "110101198512120027", "310101201005150039")


def journey_of(product: Product, *, seats: int = 10, **fields: Any) -> Journey:
    """What a desk says of a departure of all variants of a product."""
    cabins = tuple(CabinData(variant.pk, seats) for variant in product.variants.all())
    told: dict[str, Any] = {
        "origin": "上海",
        "destination": "东京",
        "zone_from": SHANGHAI,
        "zone_to": TOKYO,
        "cabins": cabins,
    }
    return Journey(**{**told, **fields})


def seat_product(
    shop: Shop, *, prices: Sequence[int] = (68000, 188000), real_name: bool = True, **fields: Any
) -> Product:
    """A product that is sold by departures, with terms."""
    product = product_of(shop.merchant, "上海—东京直飞", prices=prices, stock=0, kind="seat", **fields)
    SeatTerms.objects.create(product=product, merchant=shop.merchant, real_name=real_name, cancellation=TABLE)
    return product


def departure_of(
    product: Product,
    *,
    seats: int = 10,
    starts_at: datetime = STARTS,
    minimum: int = 1,
    fares: Sequence[int | None] = (),
    **fields: Any,
) -> Departure:
    """A departure of all variants, as the desk would have made it."""
    decide_at = starts_at - timedelta(hours=72) if minimum > 1 else None
    row = Departure.objects.create(
        product=product,
        merchant=product.merchant,
        state=OPEN if minimum > 1 else CONFIRMED,
        starts_at=starts_at,
        ends_at=fields.pop("ends_at", starts_at + timedelta(hours=3)),
        due_at=decide_at,
        minimum=minimum,
        decide_at=decide_at,
        created_at=NOW,
        **{
            "zone_from": SHANGHAI,
            "zone_to": TOKYO,
            "origin": "上海",
            "destination": "东京",
            "sale_until": starts_at - timedelta(hours=2),
            **fields,
        },
    )
    for at, variant in enumerate(product.variants.all()):
        Cabin.objects.create(departure=row, variant=variant, price=fares[at] if at < len(fares) else None)
        Supply.objects.create(merchant=product.merchant, key=row.key(variant.pk), free=seats, put_in=seats)
    return row


def seats_left(row: Departure, index: int = 0) -> int:
    """Free seats of a cabin as the database has them."""
    return Supply.objects.get(key=row.key(variant_of(row.product, index).pk)).free


def leaving(**fields: Any) -> Leaving:
    """A departure as pricing sees it, without a database."""
    starts_at = fields.get("starts_at", STARTS)
    told: dict[str, Any] = {
        "id": 5,
        "state": CONFIRMED,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=3),
        "sale_until": starts_at - timedelta(hours=2),
        "minimum": 1,
        "decide_at": None,
        "price": None,
        **fields,
    }
    words = {
        "departure": told["id"],
        "origin": "上海",
        "destination": "东京",
        "meeting_point": "T2",
        "starts_at": told["starts_at"].isoformat(),
        "ends_at": told["ends_at"].isoformat(),
        "zone_from": SHANGHAI,
        "zone_to": TOKYO,
        "real_name": True,
        "minimum": told["minimum"],
        "decide_at": told["decide_at"].isoformat() if told["decide_at"] else None,
    }
    return Leaving(**{"words": words, **told})


def facts(*rows: Leaving) -> Facts:
    """What is known of a variant."""
    return Facts({row.id: row for row in rows}, TABLE)


def party(*numbers: str) -> list[dict[str, str]]:
    """Travellers with identity cards, as a checkout sends them."""
    return [
        {"name": f"旅客{chr(0x7532 + n)}", "document": "resident", "number": number} for n, number in enumerate(numbers)
    ]
