"""What the API says and takes of orders of which nothing is sent in parcels."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from wanku.api.fields import Body, Line, Shape
from wanku.api.shapes.catalog import ShopBrief

MINOR = "Minor units."
STATES = "`to_accept`, `accepted`, `under_way`, `started`, `done`, `no_show`, `rejected` or `cancelled`."


class ProofShape(Shape):
    """What the shop added to a step."""

    event: str
    at: datetime = Field(description="When it happened.")
    entered_at: datetime = Field(description="When it was entered, which may be later.")
    note: str
    pictures: list[UUID]


class BookingShape(Shape):
    """How the promise of an order is kept."""

    state: str = Field(description=STATES)
    word: str = Field(description="The state as this kind calls it, in your language.")
    due_at: datetime | None = Field(description="When silence has its outcome.")
    starts_at: datetime | None
    ends_at: datetime | None
    zone: str = Field(description="IANA name; the zone of the place.")
    code: str | None = Field(description="What the buyer shows to be let in; only its buyer sees it.")
    accepted_at: datetime | None
    started_at: datetime | None
    done_at: datetime | None
    rescheduled: int
    proof: list[ProofShape]


class CancellationShape(Shape):
    """What cancelling costs the buyer now."""

    allowed: bool
    fee: int = Field(description=MINOR)
    back: int = Field(description=f"What goes back. {MINOR}")
    currency: str
    notice: list[str] = Field(description="The table of the order, in words.")


class CancelBody(Body):
    """The fee that the buyer agreed to."""

    agreed_fee: int = Field(0, strict=True, ge=0, le=10**13, description=MINOR)
    because: Line = Field("", max_length=60)


class MoveBody(Body):
    """Another time."""

    choice: dict[str, Any] = Field(description="The new choice, whole, as the kind takes it in a cart.")


class DeskBookingShape(Shape):
    """A booking in the list of a desk."""

    number: str
    kind: str
    merchant: ShopBrief
    amount: int = Field(description=MINOR)
    currency: str
    booking: BookingShape


class StepBody(Body):
    """When it truly happened."""

    happened_at: AwareDatetime | None = Field(None, description="Left out: now.")


class ReasonBody(Body):
    """Why, for the buyer."""

    because: Line = Field(min_length=2, max_length=200)


class AdvanceBody(StepBody):
    """The next step, with proof where the kind takes some."""

    event: Literal["depart", "start", "finish", "no_show"]
    note: Line = Field("", max_length=500)
    pictures: list[UUID] = Field(
        default_factory=list, max_length=6, description="Of `POST /merchants/{slug}/pictures`."
    )


class CodeBody(Body):
    """The code that a guest shows."""

    code: Line = Field(min_length=1, max_length=40)
