"""Finance lets go of money that it held back."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.move import move
from wanku.audit.reason import reason
from wanku.audit.record import record
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.ledger.freezes import left_of, thaw_booking
from wanku.ledger.models import Freeze
from wanku.ledger.order_money import released
from wanku.ledger.post import post_all
from wanku.orders.models import Order


def thaw_money(freeze_id: UUID, *, because: str, actor: Actor, now: datetime) -> int:
    """End a freeze: what is left of it is available again, or held while its order's money is not released.

    Returns:
        what was set free, minor units; nothing when refunds of the order took all of it.

    Raises:
        Refusal: ``not_allowed``, ``not_found``, ``bad_value`` without a reason, ``wrong_state`` when it has ended.
    """
    require(actor, Permission.MONEY_FREEZE)
    because = reason(because)
    with transaction.atomic():
        order_id = Freeze.objects.filter(pk=freeze_id).values_list("order_id", flat=True).first()
        if order_id is not None:
            Order.objects.select_for_update(no_key=True, of=("self",)).get(pk=order_id)
        freeze = Freeze.objects.select_for_update(no_key=True).filter(pk=freeze_id).first()
        if freeze is None:
            raise Refusal(NOT_FOUND)
        left = left_of([freeze])[freeze.pk]
        facts = {"amount": left, "currency": freeze.currency, "because": because}
        move(freeze, "thaw", by=actor.as_platform(), now=now, facts=facts)
        freeze.ended_at, freeze.ended_because, freeze.ended_by = now, because, actor.person_id
        freeze.save(update_fields=["ended_at", "ended_because", "ended_by"])
        record(
            "thaw_money",
            actor_id=actor.person_id,
            subject_type="freeze",
            subject_id=freeze.pk,
            merchant_id=freeze.merchant_id,
            because=because,
            facts=facts,
            now=now,
        )
        if left:
            to_held = order_id is not None and not released([order_id])
            post_all([thaw_booking(freeze, left, to_held=to_held)], now=now)
    return left
