"""The buyer says that it was done."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from wanku.access.actor import Actor
from wanku.flows.booking._conclude import conclude
from wanku.flows.booking._hold import hold_of_buyer
from wanku.flows.booking._words import not_before
from wanku.flows.fulfilling._complete import Completing, complete


def confirm_booking(order_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Confirm from the buyer's side what the merchant has not entered: the booking is done, the order complete.

    Raises:
        Refusal: ``not_found`` for anyone but the buyer; ``booking_too_early`` before its time; ``wrong_state`` unless
            it was accepted and is not over.
    """
    with transaction.atomic():
        held = hold_of_buyer(order_id, actor)
        not_before(held.booking.starts_at, now)
        by = actor.as_buyer()
        conclude(held, "finish", by=by, at=now, now=now, because="buyer")
        order = held.order
        complete([Completing(order.pk, order.state, order.trade_id, order.merchant_id)], "confirm", by=by, now=now)
