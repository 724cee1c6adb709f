"""What a shop's own programs send and read."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from wanku.api.fields import Amount, Body, FilledLine, FilledLines, Id, Line, Lines, Plain, Shape, Slug
from wanku.api.shapes.buying import ContactShape, OrderShape, ParcelShape
from wanku.api.shapes.catalog import MINOR, ProductShape
from wanku.catalog import rules
from wanku.kernel.money import AMOUNT_MAX

Value = Annotated[FilledLine, Field(max_length=rules.VALUE_MAX)]


class DeskOrderShape(OrderShape):
    """A sold order with whom to reach about it."""

    contact: ContactShape


class PiecesBody(Body):
    """Pieces of one line."""

    line_id: UUID
    quantity: int = Field(strict=True, ge=1, le=999)


class ShipBody(Body):
    """One parcel."""

    carrier: Plain = Field(max_length=20, description="A code of `GET /carriers`.")
    tracking: Line = Field("", max_length=40, description="The carrier's number.")
    pieces: list[PiecesBody] | None = Field(
        None, min_length=1, max_length=100, description="What is in it; left out: everything that is left."
    )


class ShipRow(Body):
    """All that is left of one order, in one parcel."""

    number: Plain = Field(max_length=40)
    carrier: Plain = Field(max_length=20)
    tracking: Line = Field("", max_length=40)


class BulkShipBody(Body):
    """A day's parcels."""

    rows: list[ShipRow] = Field(min_length=1, max_length=200)


class ShipOutcome(Shape):
    """What became of a row."""

    number: str
    parcel_id: UUID | None
    code: str | None = Field(description="Why it was refused.")
    message: str | None


class BulkShipShape(Shape):
    """One outcome for each row, in order."""

    items: list[ShipOutcome]
    shipped: int
    refused: int


class ShippedShape(Shape):
    """The parcel and the order after it."""

    parcel: ParcelShape
    order: OrderShape


class OptionBody(Body):
    """Something to choose."""

    name: FilledLine = Field(max_length=rules.OPTION_NAME_MAX)
    values: list[Value] = Field(min_length=1, max_length=rules.VALUES_MAX)


class VariantBody(Body):
    """One configuration."""

    sku: FilledLine = Field(max_length=rules.SKU_MAX, description="Unique in the shop; a variant keeps its id by it.")
    price: int = Field(strict=True, ge=1, le=AMOUNT_MAX, description=MINOR)
    values: list[Value] = Field(default_factory=list, max_length=rules.OPTIONS_MAX)
    list_price: int | None = Field(None, strict=True, ge=1, le=AMOUNT_MAX, description=MINOR)
    weight_g: int = Field(0, strict=True, ge=0, le=rules.WEIGHT_MAX, description="Grams.")
    barcode: Line = Field("", max_length=rules.BARCODE_MAX)
    stock_change: int = Field(
        0,
        strict=True,
        ge=-10_000_000,
        le=10_000_000,
        description="Pieces to add, or with a minus to take out; a change and no level, so that sold ones stay sold.",
    )


class AddOnBody(Body):
    """An extra."""

    name: FilledLine = Field(max_length=rules.ADD_ON_NAME_MAX)
    price: Amount


class PairBody(Body):
    """One row of the parameter table."""

    name: FilledLine = Field(max_length=rules.PARAMETER_NAME_MAX)
    value: FilledLine = Field(max_length=rules.PARAMETER_VALUE_MAX)


class ProductPictureBody(Body):
    """A picture in its place."""

    picture_id: UUID = Field(description="From `POST /merchants/{slug}/pictures`.")
    alt: Line = Field("", max_length=200)
    sku: Line = Field("", max_length=rules.SKU_MAX, description="The variant that it shows.")


class ProductBody(Body):
    """A product, whole; what is left out is emptied."""

    title: FilledLine = Field(max_length=rules.TITLE_MAX)
    category: Slug
    variants: list[VariantBody] = Field(min_length=1, max_length=rules.VARIANTS_MAX)
    subtitle: Line = Field("", max_length=rules.SUBTITLE_MAX)
    description: Lines = Field("", max_length=rules.DESCRIPTION_MAX)
    brand: Line = Field("", max_length=rules.BRAND_MAX)
    options: list[OptionBody] = Field(default_factory=list, max_length=rules.OPTIONS_MAX)
    parameters: list[PairBody] = Field(default_factory=list, max_length=rules.PARAMETERS_MAX)
    add_ons: list[AddOnBody] = Field(default_factory=list, max_length=rules.ADD_ONS_MAX)
    pictures: list[ProductPictureBody] = Field(default_factory=list, max_length=rules.PICTURES_MAX)
    ship_within_hours: int = Field(48, strict=True, ge=1, le=rules.PRE_SALE_HOURS_MAX, description="Hours.")
    arrives_days_min: int = Field(2, strict=True, ge=0, le=rules.ARRIVES_DAYS_MAX, description="Days after shipping.")
    arrives_days_max: int = Field(5, strict=True, ge=0, le=rules.ARRIVES_DAYS_MAX, description="Days after shipping.")
    return_rule: Literal["", "no_reason", "excludable", "never"] = Field("", description="Empty: the category's.")
    return_days: int | None = Field(
        None, strict=True, ge=0, le=rules.RETURN_DAYS_MAX, description="Null: the category's."
    )
    limit_per_order: int | None = Field(None, strict=True, ge=1, le=rules.LIMIT_MAX, description="Pieces.")
    limit_per_person: int | None = Field(
        None, strict=True, ge=1, le=rules.LIMIT_MAX, description="Pieces that one person may have, counted while set."
    )
    waiting_room: bool = Field(default=False, strict=True, description="Queue buyers when this sells in a rush.")
    kind: str = Field(
        "ship", max_length=8, description="Of a new product: `ship`, `stay`, `seat`, `visit`, `meal`, `issue`."
    )


class DeskProductShape(ProductShape):
    """A product as its shop sees it."""

    state: str = Field(description="`draft`, `on_sale`, `off` or `removed`.")
    updated_at: datetime


class ProductStateBody(Body):
    """Whether it is offered."""

    state: Literal["on_sale", "off", "removed"]


class StockBody(Body):
    """A change of stock."""

    variant_id: Id
    change: int = Field(strict=True, ge=-10_000_000, le=10_000_000, description="Pieces to add; minus takes out.")
    because: FilledLine = Field(max_length=200, description="For the stock log.")


class StockShape(Shape):
    """One stock counter: `put_in = free + held + sold`."""

    variant_id: int
    free: int = Field(description="Pieces that can be ordered.")
    held: int = Field(description="Pieces in unpaid orders.")
    sold: int = Field(description="Pieces in paid orders.")
    put_in: int = Field(description="Sum of the stock log.")


class TextBody(Body):
    """An answer to a buyer."""

    text: FilledLines = Field(max_length=1000)


class StatementLine(Shape):
    """One movement of the shop's money."""

    id: int
    at: datetime
    reason: str = Field(description="`capture`, `release`, `refund` …")
    account: str = Field(description="`held`, `available` or `frozen`.")
    amount: int = Field(description=f"Minus: out of it. {MINOR}")
    balance: int = Field(description=f"Of the account after it; below zero the shop owes it. {MINOR}")
    total: int = Field(description=f"Of all accounts after it. {MINOR}")
    currency: str
    order_number: str | None


class BalanceShape(Shape):
    """What is in one account."""

    account: str = Field(description="`held` until orders are released, then `available`; `frozen` by the platform.")
    currency: str
    amount: int = Field(description=MINOR)


class StatementShape(Shape):
    """Balances, and a page of movements, latest first."""

    balances: list[BalanceShape]
    items: list[StatementLine]
    next_cursor: str | None


class CarrierShape(Shape):
    """A company that moves parcels."""

    code: str
    name: str
    example: str = Field(description="A tracking number that would be right.")


class CarriersShape(Shape):
    """Every carrier that may be named."""

    items: list[CarrierShape]
