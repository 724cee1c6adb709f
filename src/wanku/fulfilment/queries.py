"""Readings of bookings."""

from uuid import UUID

from wanku.access.actor import Actor
from wanku.fulfilment.models import Booking
from wanku.orders.models import Order


def is_shown_proof(picture_id: UUID, actor: Actor) -> bool:
    """Whether a picture was given as proof of something that this buyer booked."""
    mine = Booking.objects.filter(order__in=Order.objects.bought_by(actor))
    return mine.filter(proof__contains=[{"pictures": [str(picture_id)]}]).exists()
