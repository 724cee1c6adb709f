"""Wishes, their prices, and the cart."""

from typing import Any

from pydantic import Field, JsonValue

from wanku.api.fields import Body, Flag, Id, Line, Quantity, Shape
from wanku.api.shapes.catalog import MINOR, PictureShape, ShopBrief
from wanku.pricing.quote import LINES_MAX

FORM_MAX = 60
"""Fields of a choice."""


class Reason(Shape):
    """Why a number is what it is, or why something cannot be."""

    code: str
    text: str = Field(description="In the language of Accept-Language.")
    facts: dict[str, Any]


class Hindrance(Shape):
    """What stands in the way of ordering."""

    field: str | None
    code: str
    message: str


class AddOnPrice(Shape):
    """A chosen extra."""

    name: str
    price: int = Field(description=f"For each piece. {MINOR}")


class WishBody(Body):
    """A line that is wished."""

    variant_id: Id
    quantity: Quantity
    add_ons: list[Id] = Field(default_factory=list, max_length=20, description="Ids of add-ons of the product.")
    choice: dict[str, JsonValue] = Field(
        default_factory=dict,
        max_length=FORM_MAX,
        description="What is configured besides, for products that are not shipped: dates, a slot. See `kinds`.",
    )
    details: dict[str, JsonValue] = Field(
        default_factory=dict,
        max_length=FORM_MAX,
        description="What only an order asks for, and is kept encrypted: travellers, how to get in. See `kinds`.",
    )


class QuoteBody(Body):
    """What to price."""

    lines: list[WishBody] = Field(min_length=1, max_length=LINES_MAX)
    province: Line | None = Field(None, max_length=40, description="Where to; decides freight. E.g. 浙江省.")
    city: Line | None = Field(None, max_length=40, description="Decides who brings meals or comes there.")
    district: Line | None = Field(None, max_length=40, description="As the city.")


class QuoteLine(Shape):
    """One priced line."""

    index: int = Field(description="Place in the request's `lines`.")
    variant_id: int
    product_id: int
    title: str
    label: str
    sku: str
    quantity: int
    add_ons: list[AddOnPrice]
    unit_price: int = Field(description=f"With add-ons. {MINOR}")
    amount: int = Field(description=f"`unit_price × quantity`. {MINOR}")
    free: int = Field(description="Pieces in stock when read.")


class QuotePart(Shape):
    """What one shop's order will be."""

    merchant: ShopBrief
    lines: list[QuoteLine]
    goods: int = Field(description=MINOR)
    freight: int = Field(description=MINOR)
    freight_reason: Reason
    total: int = Field(description=MINOR)


class QuoteShape(Shape):
    """A whole checkout, priced; ordering it needs `refusals` to be empty and `total` as `agreed_total`."""

    parts: list[QuotePart]
    currency: str
    goods: int = Field(description=MINOR)
    freight: int = Field(description=MINOR)
    total: int = Field(description=MINOR)
    refusals: list[Hindrance]


class CartLineShape(Shape):
    """One line of a cart."""

    id: int
    variant_id: int
    product_id: int
    title: str
    label: str
    picture: PictureShape | None
    add_ons: list[int] = Field(description="Ids.")
    quantity: int
    most: int = Field(description="Pieces that one order can have now.")
    unit_price: int = Field(description=f"Today's, with add-ons. {MINOR}")
    seen_price: int = Field(description=f"What it was when put in or last accepted. {MINOR}")
    amount: int = Field(description=MINOR)
    standing: str = Field(description="`buyable`, or what hinders: `gone`, `sold_out`, `short`, `extra_gone`.")
    selected: bool


class CartPart(Shape):
    """One shop's lines."""

    merchant: ShopBrief
    lines: list[CartLineShape]
    goods: int = Field(description=f"Of chosen lines that can be bought, without freight. {MINOR}")


class CartShape(Shape):
    """A cart across shops."""

    parts: list[CartPart]
    currency: str
    goods: int = Field(description=f"Of chosen lines that can be bought, without freight. {MINOR}")
    pieces: int


class CartChangeBody(Body):
    """What to change on a line; what is left out stays."""

    quantity: Quantity | None = None
    selected: Flag | None = None
