"""The start page."""

from dataclasses import dataclass

from wanku.catalog.models import Category, Product
from wanku.catalog.queries import Tree
from wanku.inventory.queries import has_stock
from wanku.merchants.models import Merchant
from wanku.reviews.models import Review
from wanku.storefront.read.cards import Card, cards, for_cards

NEW_SHOWN, BEST_SHOWN, SHOPS_SHOWN, PRAISE_SHOWN = 10, 10, 8, 6
PRAISE_SCORE = 4
# Praise is chosen among the latest reviews: an index serves it, however many there are.
PRAISE_AMONG = 60


@dataclass(frozen=True, slots=True)
class Praise:
    """A good review beside what it praises."""

    review: Review
    card: Card


@dataclass(frozen=True, slots=True)
class Home:
    """What the start page shows."""

    roots: list[Category]
    new: list[Card]
    best: list[Card]
    praise: list[Praise]
    shops: list[Merchant]


def home(tree: Tree) -> Home:
    """Read the start page: six queries besides the tree, whatever the size of the catalogue."""
    offered = for_cards(Product.objects.on_sale())
    # What is sold out is still found by searching; the start page shows what can be had.
    stocked = offered.filter(has_stock())
    new = stocked.order_by("-listed_at", "-pk")[:NEW_SHOWN]
    best = stocked.filter(sold_count__gt=0).order_by("-sold_count", "-pk")[:BEST_SHOWN]
    reviews = _praise()
    praised = offered.filter(pk__in=reviews)
    new_cards, best_cards, praised_cards = cards(new, best, praised)
    by_id = {card.id: card for card in praised_cards}
    praise = [Praise(review, by_id[product_id]) for product_id, review in reviews.items() if product_id in by_id]
    shops = list(Merchant.objects.shown().order_by("-applied_at", "pk")[:SHOPS_SHOWN])
    return Home(tree.roots, new_cards, best_cards, praise[:PRAISE_SHOWN], shops)


def _praise() -> dict[int, Review]:
    """The latest good reviews with words, one a product."""
    latest = Review.objects.filter(hidden_because="").order_by("-written_at")[:PRAISE_AMONG]
    found: dict[int, Review] = {}
    for review in latest:
        if review.goods >= PRAISE_SCORE and review.text:
            found.setdefault(review.product_id, review)
    return found
