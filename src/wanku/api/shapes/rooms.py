"""Waiting rooms: what a room knows, and a place in its line."""

from datetime import datetime

from pydantic import Field

from wanku.api.fields import Body, Id, Quantity, Shape


class WaitingRoomShape(Shape):
    """The queue of a product, as it was at most a second ago."""

    product_id: int
    free: int = Field(description="Pieces that can be ordered.")
    held: int = Field(description="Pieces in unpaid orders; they may come back.")
    passes: int = Field(description="People who may order now.")
    waiting: int = Field(description="People who wait.")
    frees_by: datetime | None = Field(description="When the last unpaid order is decided, where that is known.")
    is_gone: bool = Field(description="Nothing is free or held: nobody can join, and everybody who waits is told.")


class TicketBody(Body):
    """What somebody comes for; it may be left out."""

    variant_id: Id | None = None
    quantity: Quantity = 1
    add_ons: list[Id] = Field(default_factory=list, max_length=20, description="Ids of add-ons of the product.")


class TicketShape(Shape):
    """A place in line, or a pass."""

    id: int
    product_id: int
    state: str = Field(description="`waiting`, `admitted` (order now), `used`, `lapsed`, `left` or `gone`.")
    ahead: int = Field(description="People who wait before this one.")
    joined_at: datetime
    due_at: datetime | None = Field(description="When the place or the pass ends by itself.")
    room: WaitingRoomShape
