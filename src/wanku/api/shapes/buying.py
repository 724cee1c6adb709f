"""Trades, orders and payments."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from wanku.api.fields import (
    Amount,
    Body,
    Email,
    FilledLine,
    Id,
    Line,
    Number,
    Phone,
    Plain,
    Shape,
    Slug,
)
from wanku.api.shapes.bookings import BookingShape
from wanku.api.shapes.cart import AddOnPrice, WishBody
from wanku.api.shapes.catalog import MINOR, PictureShape, ShopBrief
from wanku.pricing.quote import LINES_MAX

STATES = "`placed`, `paid`, `fulfilling`, `fulfilled`, `completed`, `cancelled` or `closed`."


class ContactBody(Body):
    """How to reach the buyer; a guest tracks with the phone or the e-mail, so one of them is needed."""

    name: FilledLine = Field(max_length=60)
    phone: Phone | None = None
    email: Email | None = None


class AddressBody(Body):
    """Where the goods go."""

    name: FilledLine = Field(max_length=60, description="Recipient.")
    phone: Phone
    province: FilledLine = Field(max_length=40, examples=["浙江省"])
    city: FilledLine = Field(max_length=40, examples=["杭州市"])
    district: Line = Field("", max_length=40)
    line: FilledLine = Field(max_length=200, description="Street and number.")
    postcode: Line = Field("", max_length=12)


class AddressShape(Shape):
    """Where the goods go, as frozen with the order."""

    name: str = ""
    phone: str = ""
    province: str = ""
    city: str = ""
    district: str = ""
    line: str = ""
    postcode: str = ""


class NoteBody(Body):
    """A word to one shop."""

    merchant: Slug
    text: FilledLine = Field(max_length=200)


class OrderBody(Body):
    """A checkout."""

    lines: list[WishBody] = Field(min_length=1, max_length=LINES_MAX)
    contact: ContactBody
    address: AddressBody | None = Field(None, description="Not needed where nothing is brought and nobody comes.")
    agreed_total: Amount = Field(description=f"The total that the buyer saw; another is refused and told. {MINOR}")
    agreed_no_return: list[Id] = Field(
        default_factory=list,
        max_length=LINES_MAX,
        description="Variants for which the buyer ticked that there is no return once opened.",
    )
    notes: list[NoteBody] = Field(default_factory=list, max_length=LINES_MAX)


class PricePart(Shape):
    """One number of a price."""

    code: str
    amount: int = Field(description=MINOR)
    facts: dict[str, Any]


class OrderLineShape(Shape):
    """One thing in an order, as it was sold."""

    id: UUID
    product_id: int
    variant_id: int
    title: str
    label: str
    sku: str
    kind: str
    choice: dict[str, Any] = Field(description="What was configured, as its kind has it; empty for goods.")
    parts: list[PricePart] = Field(description="What the unit price without add-ons is made of; empty for goods.")
    picture: PictureShape | None
    unit_price: int = Field(description=f"With add-ons. {MINOR}")
    quantity: int
    amount: int = Field(description=MINOR)
    add_ons: list[AddOnPrice]
    returns: dict[str, Any] = Field(description="Return terms: `rule`, `days`, and `agreed` where a tick was asked.")
    shipped: int = Field(description="Pieces that have left.")
    review_id: int | None = Field(description="The buyer's review.")


class TrackingShape(Shape):
    """One step that the carrier reported."""

    code: str = Field(description="`picked_up`, `in_transit`, `out_for_delivery`, `delivered` or `problem`.")
    at: datetime
    place: str
    text: str


class ParcelLineShape(Shape):
    """What is in a parcel."""

    line_id: UUID
    quantity: int


class ParcelShape(Shape):
    """One shipment."""

    id: UUID
    carrier: str = Field(description="A code of `GET /carriers`.")
    tracking: str
    state: str = Field(description="`shipped`, `delivered` or `received`.")
    shipped_at: datetime
    expected_from: date | None
    expected_to: date | None
    delivered_at: datetime | None
    lines: list[ParcelLineShape]
    events: list[TrackingShape] = Field(description="Latest first.")


class RefundShape(Shape):
    """Money on its way back."""

    number: str
    amount: int = Field(description=MINOR)
    currency: str
    reason: str
    state: str = Field(description="`created`, `sent`, `succeeded`, `failed` or `stuck`.")
    created_at: datetime
    succeeded_at: datetime | None


class OrderBrief(Shape):
    """One shop's part of a trade, in a list."""

    number: str
    trade_number: str
    merchant: ShopBrief
    kind: str = Field(description="`ship` for goods, else a code of `GET /kinds`; an order has one kind.")
    starts_at: datetime | None = Field(description="When the promise is to be kept, for what has a time.")
    ends_at: datetime | None
    state: str = Field(description=STATES)
    due_at: datetime | None = Field(description="When silence has its outcome, in states where someone must act.")
    currency: str
    goods: int = Field(description=MINOR)
    freight: int = Field(description=MINOR)
    amount: int = Field(description=f"`goods + freight`. {MINOR}")
    placed_at: datetime
    paid_at: datetime | None
    ship_by: datetime | None = Field(description="Until when it must be shipped.")
    late_since: datetime | None = Field(description="When that promise was first missed.")
    fulfilled_at: datetime | None
    completed_at: datetime | None
    extended_at: datetime | None
    lines: list[OrderLineShape]


class OrderShape(OrderBrief):
    """One shop's part of a trade, whole."""

    address: AddressShape
    note: str
    terms: dict[str, Any] = Field(description="Price composition, promise and clocks as frozen when it was placed.")
    parcels: list[ParcelShape]
    booking: BookingShape | None = Field(description="How it is kept, for what is not sent; none before the payment.")
    refunds: list[RefundShape]


class TradeBrief(Shape):
    """One checkout, in a list."""

    number: str
    state: str = Field(description="`placed`, `paid` or `cancelled`.")
    due_at: datetime | None = Field(description="Until when it must be paid.")
    currency: str
    amount: int = Field(description=MINOR)
    placed_at: datetime
    paid_at: datetime | None
    orders: list[OrderBrief]


class ContactShape(Shape):
    """How to reach the buyer."""

    name: str
    phone: str
    email: str


class AttemptShape(Shape):
    """One try to pay."""

    number: str
    gateway: str
    method: str
    state: str = Field(description="`created`, `pending`, `captured`, `failed` or `closed`.")
    currency: str
    amount: int = Field(description=MINOR)
    shown_as: str = Field(
        description="What `pay_url` is: `redirect` (an address to follow), `qr` (a text to draw as a QR code), `jsapi` "
        "(a JSON object for `WeixinJSBridge`) or `transfer` (a JSON object with the lines of an account)."
    )
    pay_url: str = Field(description="Where the buyer pays, as `shown_as` says; empty until it is open.")
    failure: str = Field(description="Code of the channel's refusal.")
    created_at: datetime
    expires_at: datetime
    captured_at: datetime | None


class AttemptsShape(Shape):
    """Every try to pay one trade, latest first."""

    items: list[AttemptShape]


class TradeShape(TradeBrief):
    """One checkout, whole."""

    contact: ContactShape
    orders: list[OrderShape]  # type: ignore[assignment]
    attempts: list[AttemptShape]


class StepShape(Shape):
    """One step of the timeline."""

    at: datetime
    subject: str = Field(description="`trade`, `order`, `parcel`, `attempt` or `refund`.")
    order_number: str | None
    event: str
    from_state: str
    to_state: str
    by: str = Field(description="`buyer`, `merchant`, `platform`, `clock`, `gateway` or `system`.")


class TimelineShape(Shape):
    """What happened, in order."""

    items: list[StepShape]


class TrackBody(Body):
    """What a guest knows about an order."""

    number: Number = Field(description="The number of the trade or of one of its orders.")
    contact: Plain = Field(min_length=3, max_length=254, description="The phone or e-mail given at checkout.")


class TrackedShape(Shape):
    """A found order and a token that sees it."""

    token: str = Field(description="Send it as `X-Guest-Token` from now on; it keeps what the sent one could see.")
    trade: TradeShape


class MethodShape(Shape):
    """A way to pay."""

    gateway: str
    method: str
    label: str


class MethodsShape(Shape):
    """Every way to pay here."""

    items: list[MethodShape]


class AttemptBody(Body):
    """How to pay; see `GET /payment-methods`."""

    gateway: Slug = Field(examples=["sandbox"])
    method: Slug = Field(examples=["page"])
    openid: str = Field(
        "", max_length=128, pattern=r"^[\w-]*$", description="The buyer's id at the channel, for `jsapi` inside WeChat."
    )


class WithdrawBody(Body):
    """Why a paid order is taken back."""

    because: Line = Field("", max_length=60)


class DeliveryBody(Body):
    """Where the goods go instead, or another word to the shop; what is left out stays."""

    address: AddressBody | None = None
    note: Line | None = Field(None, max_length=200)


class ExtendedShape(Shape):
    """The new clock."""

    due_at: datetime = Field(description="When receipt is taken as confirmed.")


class UrgedShape(Shape):
    """The merchant was reminded."""

    left: int = Field(description="How often the buyer may still urge.")
