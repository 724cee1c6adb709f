"""Somebody gives their place in line back."""

from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.audit.move import move
from wanku.kernel.refusal import NOT_FOUND, WRONG_STATE, Refusal
from wanku.waiting_room.models import Ticket
from wanku.waiting_room.person import person_key
from wanku.waiting_room.queries import ticket_of
from wanku.waiting_room.states import OPEN


def leave_room(product_id: int, *, actor: Actor, now: datetime) -> Ticket:
    """Leave the line of a product; a pass goes to the next.

    Raises:
        Refusal: ``not_found`` for who never was in it, ``wrong_state`` when the place has ended already.
    """
    found = ticket_of(product_id, person_key(actor))
    if found is None:
        raise Refusal(NOT_FOUND)
    with transaction.atomic():
        ticket = Ticket.objects.select_for_update(no_key=True).get(pk=found.pk)
        if ticket.state not in OPEN:
            raise Refusal(WRONG_STATE, state=ticket.state)
        move(ticket, "leave", by=actor.as_buyer(), now=now)
    return ticket
