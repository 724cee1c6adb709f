"""What rooms and rates mean for the product that they are sold as."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from wanku.catalog.index import index
from wanku.catalog.models import Product, Variant
from wanku.kinds.stay.models import Rate

# Names of options are the shop's words, stored as the rest of what it says.
ROOM: Final = "房型"
RATE: Final = "方案"


def offer_rooms(product: Product, *, now: datetime) -> None:
    """Bring options, variants and the price cache of a locked product to its rooms and rates.

    A variant that is no rate (the one that every product is made with) is no longer offered.
    """
    rates = list(
        Rate.objects.filter(room__property_id=product.pk, room__is_active=True, variant__is_active=True)
        .select_related("variant", "room")
        .order_by("room__position", "room_id", "position")
    )
    variants = []
    for place, rate in enumerate(rates):
        rate.variant.values, rate.variant.position = [rate.room.name, rate.name], place
        variants.append(rate.variant)
    Variant.objects.bulk_update(variants, ["values", "position"])
    Variant.objects.filter(product=product, is_active=True).exclude(pk__in=[v.pk for v in variants]).update(
        is_active=False
    )
    product.options = [
        {"name": ROOM, "values": _once(rate.room.name for rate in rates)},
        {"name": RATE, "values": _once(rate.name for rate in rates)},
    ]
    prices = [variant.price for variant in variants]
    product.price_min, product.price_max = min(prices, default=0), max(prices, default=0)
    product.updated_at = now
    product.save(update_fields=["options", "price_min", "price_max", "updated_at"])
    index(product)


def _once(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))
