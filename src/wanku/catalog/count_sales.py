"""Sales figures of products."""

from collections.abc import Mapping

from django.db import connection

COUNT = """
UPDATE catalog_product p SET sold_count = greatest(0, p.sold_count + v.pieces)
FROM unnest(%s::bigint[], %s::bigint[]) AS v(id, pieces) WHERE p.id = v.id
"""


def count_sales(pieces: Mapping[int, int]) -> None:
    """Add (or with negative numbers take back) pieces by product id; products are updated in id order."""
    ids = sorted(pieces)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM catalog_product WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", [ids])
        cursor.execute(COUNT, [ids, [pieces[i] for i in ids]])
