"""A product with a queue, and people in it."""

import uuid
from datetime import datetime
from typing import Any

from tests.cast import NOW, Shop, product_of
from wanku.access.actor import Actor
from wanku.catalog.models import Product
from wanku.flows.queueing.join_room import join_room
from wanku.waiting_room.models import Ticket
from wanku.waiting_room.queries import forget


def queued(bo: Shop, stock: int = 2, **fields: Any) -> Product:
    """A product that is sold by queue."""
    return product_of(bo.merchant, stock=stock, waiting_room=True, **fields)


def guest(number: int) -> Actor:
    """One of many guests."""
    return Actor(guest_key=uuid.UUID(int=number + 1))


def people(product: Product, count: int, now: datetime = NOW) -> list[Ticket]:
    """So many guests, one after the other; what this process kept of the room is as fresh as after a second."""
    tickets = []
    for number in range(count):
        forget()
        tickets.append(join_room(product.pk, wish=None, actor=guest(number), now=now))
    return tickets


def states() -> list[str]:
    """States of all tickets by arrival."""
    return list(Ticket.objects.order_by("pk").values_list("state", flat=True))
