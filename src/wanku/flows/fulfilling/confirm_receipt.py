"""The buyer has everything."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from wanku.access.actor import Actor
from wanku.flows.fulfilling._complete import Completing, complete
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.orders.models import Order
from wanku.orders.refusals import NOT_RECEIVABLE
from wanku.orders.states import FULFILLED


def confirm_receipt(order_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Confirm that all parcels of an order arrived: the order is complete and its after-sales window opens.

    Raises:
        Refusal: ``not_found`` for anyone but the buyer, ``not_receivable`` before shipping and after completion.
    """
    with transaction.atomic():
        mine = Order.objects.bought_by(actor).select_for_update(no_key=True, of=("self",)).filter(pk=order_id)
        row = mine.values_list(*Completing._fields).first()
        if row is None:
            raise Refusal(NOT_FOUND)
        order = Completing(*row)
        if order.state != FULFILLED:
            raise Refusal(NOT_RECEIVABLE, state=order.state)
        complete([order], "confirm", by=actor.as_buyer(), now=now)
