"""The buyer needs more time to receive."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from wanku.access.actor import Actor
from wanku.audit.move import move
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.orders.clocks import due_for
from wanku.orders.models import Order
from wanku.orders.refusals import ALREADY_EXTENDED, NOT_RECEIVABLE
from wanku.orders.states import FULFILLED


def extend_receipt(order_id: UUID, *, actor: Actor, now: datetime) -> datetime:
    """Put off automatic receipt, once per order.

    Returns:
        the new deadline.

    Raises:
        Refusal: ``not_found`` for anyone but the buyer, ``not_receivable``, ``already_extended``.
    """
    with transaction.atomic():
        order = Order.objects.bought_by(actor).select_for_update(no_key=True, of=("self",)).filter(pk=order_id).first()
        if order is None:
            raise Refusal(NOT_FOUND)
        if order.state != FULFILLED:
            raise Refusal(NOT_RECEIVABLE, state=order.state)
        if order.extended_at is not None:
            raise Refusal(ALREADY_EXTENDED)
        # A deadline that passed while no sweeper ran still gives the buyer the whole extension.
        due_at = due_for(order, "receipt_extension", max(order.due_at or now, now))
        move(order, "extend", by=actor.as_buyer(), now=now, due_at=due_at, facts={"until": due_at.isoformat()})
        order.extended_at = now
        order.save(update_fields=["extended_at"])
        return due_at
