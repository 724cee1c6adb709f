"""What kept pages showed of things that change without the catalogue, and whether it is still so."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from django.db import connection

from wanku.storefront.read.cards import Card
from wanku.storefront.read.product import ProductPage

# Which of these products have a piece left of an offered variant.
_STOCKED = """
    SELECT DISTINCT v.product_id FROM catalog_variant v JOIN inventory_supply s ON s.key = 'sku:' || v.id
    WHERE v.product_id = ANY(%(cards)s) AND v.is_active AND s.free > 0
"""
# One row: what the product's own page shows besides.
_PRODUCT = f"""
    SELECT p.rating_count, p.rating_sum, p.sold_count, q.asked, q.answered_at, r.*,
        ARRAY(SELECT v.id FROM catalog_variant v WHERE v.product_id = p.id AND v.is_active ORDER BY v.id),
        ARRAY(SELECT coalesce(s.free, 0) FROM catalog_variant v LEFT JOIN inventory_supply s ON s.key = 'sku:' || v.id
              WHERE v.product_id = p.id AND v.is_active ORDER BY v.id),
        ARRAY({_STOCKED} ORDER BY 1)
    FROM catalog_product p
    CROSS JOIN (SELECT count(*) AS asked, max(answered_at) AS answered_at
                FROM catalog_question WHERE product_id = %(product)s AND NOT is_hidden) q
    CROSS JOIN (SELECT count(*) FILTER (WHERE hidden_because = ''), count(followed_up_at), max(followed_up_at),
                       count(replied_at), max(replied_at) FROM reviews_review WHERE id = ANY(%(reviews)s)) r
    WHERE p.id = %(product)s
"""  # noqa: S608 - put together from constants


@dataclass(frozen=True, slots=True)
class ShownCards:
    """Which of the products in a grid could be bought, as far as pieces are counted by variant."""

    cards: tuple[int, ...]
    stocked: frozenset[int]

    @classmethod
    def of(cls, cards: Iterable[Card]) -> Self:
        """As these cards say."""
        shown = {card.id: not card.out for card in cards if card.counted}
        return cls(tuple(shown), frozenset(key for key, stocked in shown.items() if stocked))

    def holds(self) -> bool:
        """Whether the same ones can be bought now; one query."""
        with connection.cursor() as cursor:
            cursor.execute(_STOCKED, {"cards": list(self.cards)})
            return {key for (key,) in cursor.fetchall()} == self.stocked


@dataclass(frozen=True, slots=True)
class ShownProduct:
    """What a product's page showed, in the columns of the query that asks again."""

    product: int
    reviews: tuple[int, ...]
    cards: tuple[int, ...]
    row: tuple[Any, ...]

    def holds(self) -> bool:
        """Whether stock, ratings, reviews, questions and the cards are still so; one query."""
        asked: dict[str, Any] = {"product": self.product, "reviews": list(self.reviews), "cards": list(self.cards)}
        with connection.cursor() as cursor:
            cursor.execute(_PRODUCT, asked)
            return bool(cursor.fetchone() == self.row)


def shown_product(page: ProductPage) -> ShownProduct:
    """What this page shows."""
    product, reviews = page.product, [one.review for one in page.reviews.shown]
    left = {int(variant["id"]): variant["left"] for variant in page.variants}
    follow_ups = [r.followed_up_at for r in reviews if r.followed_up_at is not None]
    counted = [card for card in page.related if card.counted]
    replies = [r.replied_at for r in reviews if r.replied_at is not None]
    row = (
        product.rating_count,
        product.rating_sum,
        product.sold_count,
        page.questions.paginator.count,
        page.answered_at,
        sum(not r.hidden_because for r in reviews),
        len(follow_ups),
        max(follow_ups, default=None),
        len(replies),
        max(replies, default=None),
        sorted(left),
        [left[key] for key in sorted(left)],
        sorted(card.id for card in counted if not card.out),
    )
    return ShownProduct(product.pk, tuple(r.pk for r in reviews), tuple(card.id for card in counted), row)
