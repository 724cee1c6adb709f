"""A guest signs in: the cart, the orders and the places in line of this browser become the member's."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from wanku.access.actor import Actor
from wanku.audit.move import note
from wanku.carts.merge import merge
from wanku.carts.models import Cart
from wanku.carts.owner import own_cart
from wanku.orders import personal
from wanku.orders.models import Trade
from wanku.waiting_room.hand_over import hand_over


@dataclass(frozen=True, slots=True)
class Joined:
    """What became the member's, and how many cart lines did not fit."""

    trades: int
    lines_left_out: int


def join_guest(guest_key: UUID, *, actor: Actor, now: datetime) -> Joined:
    """Merge the guest's cart into the member's and hand over orders and places in line; harmless when repeated.

    Raises:
        ValueError: the actor is not signed in.
    """
    if actor.person_id is None:
        raise ValueError("only a member can take over a guest's things")
    with transaction.atomic():
        target = own_cart(actor, now)
        source = Cart.objects.select_for_update(no_key=True).filter(guest_key=guest_key).first()
        left_out = merge(source, target, now=now) if source is not None else 0
        trades = list(
            Trade.objects.select_for_update(no_key=True).filter(guest_key=guest_key, buyer=None).order_by("pk")
        )
        for trade in trades:
            trade.buyer_id = actor.person_id
            trade.save(update_fields=["buyer"])
            note(trade, "claim", by=actor.as_buyer(), now=now, because="signed_in")
        personal.take_over(trades)
        hand_over(guest_key, actor, now=now)
        return Joined(len(trades), left_out)
