"""Waiting rooms: queueing for what sells in a rush."""

from django.http import HttpResponse
from ninja import Path, Router

from wanku.access.scopes import Scope
from wanku.api.callers import KNOWN, PUBLIC, buyer
from wanku.api.fields import PathId
from wanku.api.naming import renaming
from wanku.api.read import rooms as read
from wanku.api.repeats import respond
from wanku.api.shapes.rooms import TicketBody, TicketShape, WaitingRoomShape
from wanku.flows.queueing.join_room import join_room
from wanku.flows.queueing.leave_room import leave_room
from wanku.pricing.quote import Wish
from wanku.ui.request import Request

router = Router(tags=["rooms"], auth=KNOWN)


@router.get("/rooms/{product_id}", response=WaitingRoomShape, auth=PUBLIC, summary="A product's queue")
def get_room(request: Request, product_id: Path[PathId]) -> WaitingRoomShape:
    """Stock, passes and the length of the line of a product with `waiting_room`."""
    return read.room(request.actor, product_id, request.now)


@router.post("/rooms/{product_id}/tickets", response={201: TicketShape}, summary="Take a place in line")
def join(request: Request, product_id: Path[PathId], body: TicketBody) -> HttpResponse:
    """Join at the end; whoever has a place keeps it, so that a repeat is harmless. Scope `trades.place`.

    Where nobody waits the ticket is `admitted` at once. Ask `GET /rooms/{product_id}/ticket` until it is, then order:
    the order uses it up.
    """
    actor = buyer(request, Scope.TRADES_PLACE)
    wish = Wish(body.variant_id, body.quantity, tuple(body.add_ons)) if body.variant_id is not None else None
    with renaming({"variant": "variant_id"}):
        row = join_room(product_id, wish=wish, actor=actor, now=request.now)
    return respond(read.shown(row, request.now).model_dump(mode="json"), status=201, repeated=False)


@router.get("/rooms/{product_id}/ticket", response=TicketShape, summary="One's place in line")
def get_ticket(request: Request, product_id: Path[PathId]) -> TicketShape:
    """The caller's latest ticket for a product, in any state. Scope `trades.see`."""
    return read.ticket(buyer(request, Scope.TRADES_SEE), product_id, request.now)


@router.delete("/rooms/{product_id}/ticket", response=TicketShape, summary="Leave the line")
def leave(request: Request, product_id: Path[PathId]) -> TicketShape:
    """Give the place back; the next in line gets it. Scope `trades.place`."""
    row = leave_room(product_id, actor=buyer(request, Scope.TRADES_PLACE), now=request.now)
    return read.shown(row, request.now)
