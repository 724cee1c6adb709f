"""Somebody takes a place in line."""

from datetime import datetime

from wanku.access.actor import Actor
from wanku.audit.rules import due
from wanku.flows.queueing.admit_waiting import admit_waiting
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.orders import personal
from wanku.pricing.quote import LIMIT_PERSON, SOLD_OUT, UNAVAILABLE, Wish
from wanku.waiting_room.join import entrance, join
from wanku.waiting_room.models import Ticket
from wanku.waiting_room.person import person_key
from wanku.waiting_room.queries import look_again, room_of
from wanku.waiting_room.refusals import NO_ROOM
from wanku.waiting_room.states import WAITING


def join_room(product_id: int, *, wish: Wish | None, actor: Actor, now: datetime) -> Ticket:
    """Take a place at the end of a product's line, or keep the one that this person has.

    Where nobody waits and pieces are free, the place is a pass at once, so that without a crowd nobody notices a
    queue. Whether that is so is read at most once a second in each process: in a rush, joining costs two statements,
    one that reads the product by its key and one that inserts.

    Args:
        wish: what they came for, kept for the checkout.

    Raises:
        Refusal: ``not_found``; ``no_waiting_room`` where none is needed; ``unavailable`` for a variant that is not on
            offer; ``sold_out`` when nothing is left to wait for; ``limit_per_person`` for who has all they may have.
    """
    person = person_key(actor)
    title = _may_join(product_id, wish, person)
    room = room_of(product_id, now)
    if room.is_gone:
        raise Refusal(SOLD_OUT, title=title, left=0)
    told = {} if wish is None else {"variant": wish.variant_id, "quantity": wish.quantity, "add_ons": [*wish.add_ons]}
    ticket = join(product_id, person, wish=told, now=now, due_at=due("room_wait", now))
    if ticket.state == WAITING and room.lets_through:
        admit_waiting(now=now, limit=1, product_ids=[product_id])
        look_again(product_id)
        ticket.refresh_from_db()
    return ticket


def _may_join(product_id: int, wish: Wish | None, person: str) -> str:
    """The product's title, once everything about it is in order; one statement, two where a limit is set."""
    product = entrance(product_id, wish.variant_id if wish else None)
    if product is None:
        raise Refusal(NOT_FOUND)
    if not product.waiting_room:
        raise Refusal(NO_ROOM, title=product.title)
    if wish is not None and not product.offers_it:
        raise Refusal(UNAVAILABLE, field="variant", title=product.title)
    # A pass for somebody who may not order would only keep the next one waiting.
    limit, key = product.limit_per_person, (product_id, person)
    if limit is not None and personal.read([key]).get(key, 0) >= limit:
        raise Refusal(LIMIT_PERSON, title=product.title, limit=limit, left=0)
    return product.title
