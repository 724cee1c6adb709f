"""A member takes over an order that was placed as a guest."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from wanku.access.actor import Actor
from wanku.audit.move import note
from wanku.flows.buying._guest_trade import NO_MATCH, find_guest_trade
from wanku.kernel.refusal import SIGN_IN, Refusal
from wanku.orders import personal
from wanku.orders.models import Trade


def claim_trade(number: str, contact: str, *, source: str, actor: Actor, now: datetime) -> UUID:
    """Put a guest's trade into the member's account, after number and contact were shown.

    Raises:
        Refusal: ``sign_in``, ``no_match`` for a wrong number, a wrong contact and a trade that has an account already,
            ``too_often``.
    """
    if actor.person_id is None:
        raise Refusal(SIGN_IN)
    found = find_guest_trade(number, contact, source=source, now=now)
    with transaction.atomic():
        trade = Trade.objects.select_for_update(no_key=True).filter(pk=found.pk, buyer=None).first()
        if trade is None:
            raise Refusal(NO_MATCH)
        trade.buyer_id = actor.person_id
        trade.save(update_fields=["buyer"])
        personal.take_over([trade])
        note(trade, "claim", by=actor.as_buyer(), now=now, because="number_and_contact")
        return trade.pk
