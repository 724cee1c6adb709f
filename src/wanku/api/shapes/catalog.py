"""Categories, products, reviews and questions."""

from datetime import datetime
from typing import Any

from pydantic import Field

from wanku.api.cursors import Page
from wanku.api.fields import Body, FilledLines, Plain, QueryAmount, QueryInt, Shape, Slug
from wanku.catalog.search import QUERY_MAX, Sort

MINOR = "Minor units (fen for CNY)."


class CategoryShape(Shape):
    """A node of the category tree."""

    slug: str
    name: str = Field(description="In the language of Accept-Language.")
    path: str = Field(description="Slugs from the root, e.g. `home/kitchen`.")
    parent: str | None = Field(description="Slug of the category above.")
    return_rule: str
    return_days: int = Field(description="Days of the no-reason window.")


class CategoriesShape(Shape):
    """The whole tree, parents before children."""

    items: list[CategoryShape]


class PictureShape(Shape):
    """A picture in its renditions."""

    url: str = Field(description="WebP, 480 pixels wide.")
    large_url: str = Field(description="WebP, 960 pixels wide.")
    alt: str
    variant_id: int | None = None


class ShopBrief(Shape):
    """Who sells it."""

    slug: str
    name: str


class ShopShape(ShopBrief):
    """A shop as the public sees it."""

    legal_name: str
    about: str
    notice: str
    ships_from: str
    state: str


class ProductBrief(Shape):
    """A product in a list."""

    id: int
    kind: str = Field(description="`ship` for goods, else a code of `GET /kinds`: what its orders ask for.")
    title: str
    subtitle: str
    merchant: ShopBrief
    category: str = Field(description="Slug.")
    currency: str = Field(description="ISO 4217.")
    price_min: int = Field(description=f"Lowest price of its variants. {MINOR}")
    price_max: int = Field(description=f"Highest price of its variants. {MINOR}")
    rating: float | None = Field(description="Mean of 1 to 5; null without reviews.")
    rating_count: int
    sold_count: int = Field(description="Pieces sold.")
    picture: PictureShape | None


class Pair(Shape):
    """One row of the parameter table."""

    name: str
    value: str


class OptionShape(Shape):
    """What one can choose, e.g. colour."""

    name: str
    values: list[str]


class VariantShape(Shape):
    """One thing that can be bought."""

    id: int = Field(description="Order by this.")
    sku: str
    values: list[str] = Field(description="One value of each option, in order.")
    price: int = Field(description=MINOR)
    list_price: int | None = Field(description=f"Shown struck out when higher than the price. {MINOR}")
    weight_g: int = Field(description="Grams.")
    free: int = Field(description="Pieces in stock when read; the order decides under lock.")


class AddOnShape(Shape):
    """An extra that may be chosen."""

    id: int
    name: str
    price: int = Field(description=f"For each piece. {MINOR}")


class ReturnTerms(Shape):
    """Whether it can be returned without a reason."""

    rule: str = Field(description="`no_reason`, `excludable` (if agreed when ordering) or `never`.")
    days: int = Field(description="Days from the day after receipt.")


class KindShape(Shape):
    """A kind of product that is not shipped."""

    code: str = Field(description="As in `kind` of products, orders and lines.")
    name: str
    needs_address: bool = Field(description="Whether an order of it may need an address.")
    choice: dict[str, Any] = Field(description="JSON Schema of `choice` on a line.")
    details: dict[str, Any] | None = Field(description="JSON Schema of `details` on a line of an order, where asked.")
    pay_seconds: int = Field(description="How long an unpaid order holds what it took.")


class KindsShape(Shape):
    """All kinds."""

    items: list[KindShape]


class ProductShape(ProductBrief):
    """A product with everything that is needed to order it."""

    description: str
    brand: str
    parameters: list[Pair]
    options: list[OptionShape]
    variants: list[VariantShape]
    add_ons: list[AddOnShape]
    pictures: list[PictureShape]
    returns: ReturnTerms
    ship_within_hours: int = Field(description="Promise until the parcel is handed over, hours.")
    arrives_days_min: int = Field(description="Expected days after shipping.")
    arrives_days_max: int = Field(description="Expected days after shipping.")
    limit_per_order: int | None = Field(description="Pieces at most per order.")
    limit_per_person: int | None = Field(description="Pieces at most for one person over all orders.")
    waiting_room: bool = Field(
        description="Buyers queue: order with an admitted ticket of `POST /rooms/{product_id}/tickets`."
    )


class ReviewShape(Shape):
    """What a buyer said."""

    id: int
    author: str = Field(description="Masked.")
    label: str = Field(description="The variant that was bought.")
    goods: int = Field(ge=1, le=5)
    service: int = Field(ge=1, le=5)
    delivery: int = Field(ge=1, le=5)
    text: str
    written_at: datetime
    follow_up: str
    followed_up_at: datetime | None
    reply: str
    replied_at: datetime | None
    hidden_because: str = Field(description="When hidden: the rule; the texts are empty then.")
    pictures: list[PictureShape]


class QuestionShape(Shape):
    """A question and its answer."""

    id: int
    product_id: int
    text: str
    asked_at: datetime
    answer: str
    answered_at: datetime | None


class Ask(Body):
    """A question on a product."""

    text: FilledLines = Field(min_length=1, max_length=300)


class ProductFilters(Body):
    """How a list of products is narrowed and ordered."""

    q: Plain = Field("", max_length=QUERY_MAX, description="Words, Chinese or Latin.")
    category: Slug | None = Field(None, description="Slug; its subtree counts.")
    merchant: Slug | None = Field(None, description="Slug of one shop.")
    price_min: QueryAmount | None = Field(None, description=MINOR)
    price_max: QueryAmount | None = Field(None, description=MINOR)
    rating_min: QueryInt | None = Field(None, ge=1, le=5, description="Mean score at least.")
    sort: Sort = Field(Sort.RELEVANCE, description="`price` and `-price` are cheapest and dearest first.")


class ProductsPage(Page[ProductBrief]):
    """One page of products."""

    similar: bool = Field(description="Nothing had all the words; these have some of them or are spelt alike.")
