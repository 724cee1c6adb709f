"""A stock counter for everything that is sold."""

from collections.abc import Iterable

from wanku.catalog.models import Variant
from wanku.inventory.models import Supply


def ensure_supplies(variants: Iterable[Variant], *, low_at: int | None = None) -> dict[int, Supply]:
    """Make the counters that are missing, empty, and return those of all variants by variant id.

    Two statements, safe to call twice and from two sides at once. Inside the caller's transaction.

    Args:
        low_at: pieces at which the desk is told; the merchant's default when none. Existing counters keep theirs.
    """
    wanted = list(variants)
    Supply.objects.bulk_create(
        [
            Supply(
                merchant_id=variant.merchant_id,
                key=variant.supply_key,
                low_at=variant.merchant.low_stock_at if low_at is None else low_at,
            )
            for variant in wanted
        ],
        ignore_conflicts=True,
    )
    by_key = {supply.key: supply for supply in Supply.objects.filter(key__in=[v.supply_key for v in wanted])}
    return {variant.pk: by_key[variant.supply_key] for variant in wanted}
