"""How fresh a copy of a shop's catalogue is.

Triggers raise a shop's version in the transaction that changes what it offers (products, variants, add-ons, pictures,
freight, its own standing, commission of a category), so whoever keeps a copy asks for one number instead of reading
everything again, and no writer can forget to tell. Stock, reviews and sales counts change with every order and are
not part of it.
"""

from collections.abc import Collection
from typing import Final

from django.db import connection

from wanku.kernel.arrays import execute, literal

BY_VARIANT: Final = """
SELECT DISTINCT v.merchant_id, coalesce(s.version, 0)
FROM catalog_variant v LEFT JOIN catalog_shopversion s ON s.merchant_id = v.merchant_id WHERE v.id = ANY($1::bigint[])
"""
ALL: Final = "SELECT coalesce(sum(version), 0)::bigint, count(*) FROM catalog_shopversion"


def versions_of_variants(variants: Collection[int]) -> dict[int, int]:
    """Version by merchant id, of the merchants that offer these variants; a shop that never changed has 0."""
    return {row[0]: row[1] for row in execute(BY_VARIANT, [literal(variants, "bigint")])}


def version_of_all() -> tuple[int, int]:
    """A value that differs whenever anything on offer anywhere differs."""
    with connection.cursor() as cursor:
        cursor.execute(ALL)
        total, shops = cursor.fetchone()
    return total, shops
