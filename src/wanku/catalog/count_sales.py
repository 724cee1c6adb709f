"""Sales figures of products."""

from collections.abc import Mapping

from wanku.kernel.arrays import execute, literal

COUNT = """
WITH v AS (
    SELECT p.id, v.pieces FROM catalog_product p JOIN unnest($1::bigint[], $2::bigint[]) AS v(id, pieces) ON p.id = v.id
    ORDER BY p.id FOR NO KEY UPDATE OF p
)
UPDATE catalog_product p SET sold_count = greatest(0, p.sold_count + v.pieces) FROM v WHERE p.id = v.id
"""


def count_sales(pieces: Mapping[int, int]) -> None:
    """Add (or with negative numbers take back) pieces by product id; products are locked in id order."""
    if pieces:
        execute(COUNT, [literal(pieces, "bigint"), literal(pieces.values(), "bigint")])
