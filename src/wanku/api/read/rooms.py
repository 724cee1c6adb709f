"""Rooms and tickets as the API shows them."""

from datetime import datetime

from wanku.access.actor import Actor
from wanku.api.shapes.rooms import TicketShape, WaitingRoomShape
from wanku.catalog.models import Product
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.waiting_room.models import Ticket
from wanku.waiting_room.person import person_key
from wanku.waiting_room.queries import room_of, ticket_of
from wanku.waiting_room.states import WAITING


def room(actor: Actor, product_id: int, now: datetime) -> WaitingRoomShape:
    """A product's room.

    Raises:
        Refusal: ``not_found`` for a product that cannot be seen or that sells without a queue.
    """
    if not Product.objects.visible_to(actor).filter(pk=product_id, waiting_room=True).exists():
        raise Refusal(NOT_FOUND)
    return _room(product_id, now)


def ticket(actor: Actor, product_id: int, now: datetime) -> TicketShape:
    """The caller's latest ticket.

    Raises:
        Refusal: ``not_found`` for who never had one.
    """
    row = ticket_of(product_id, person_key(actor))
    if row is None:
        raise Refusal(NOT_FOUND)
    return shown(row, now)


def shown(row: Ticket, now: datetime) -> TicketShape:
    """A ticket with its place in line."""
    ahead = room_of(row.product_id, now).ahead_of(row) if row.state == WAITING else 0
    return TicketShape(
        id=row.pk,
        product_id=row.product_id,
        state=row.state,
        ahead=ahead,
        joined_at=row.joined_at,
        due_at=row.due_at,
        room=_room(row.product_id, now),
    )


def _room(product_id: int, now: datetime) -> WaitingRoomShape:
    found = room_of(product_id, now)
    names = ("free", "held", "passes", "waiting", "frees_by", "is_gone")
    return WaitingRoomShape(product_id=product_id, **{name: getattr(found, name) for name in names})
