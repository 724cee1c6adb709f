"""Seats and price of one cabin on one departure."""

from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission
from wanku.flows.offering._departures import departure_at_desk, lock_departure, note_act
from wanku.inventory.models import Supply
from wanku.inventory.restock import restock
from wanku.kernel.refusal import NOT_FOUND, Code, Refusal, gettext_noop, refuse_all
from wanku.kinds.seat.models import Cabin
from wanku.kinds.seat.rules import CabinData, check_cabin

SEATS_TAKEN = Code("seats_taken", gettext_noop("%(taken)s seats are ordered already; it cannot have fewer."), 409)


def change_cabin(departure_id: int, told: CabinData, *, actor: Actor, now: datetime) -> Cabin:
    """Give a cabin so many seats in all and its price on this departure; a cabin that was not sold on it is now.

    Orders keep their price. Seats that are ordered cannot be taken away.

    Raises:
        Refusal: ``not_found``, also for a variant of another product; ``not_allowed``; ``wrong_state`` for a departure
            that was cancelled or has left; ``bad_value``; ``seats_taken``.
    """
    found = departure_at_desk(departure_id, Permission.PRODUCTS_EDIT, actor)
    refuse_all(check_cabin(told))
    if not found.product.variants.filter(pk=told.variant_id, is_active=True).exists():
        raise Refusal(NOT_FOUND)
    key = found.key(told.variant_id)
    with transaction.atomic():
        Supply.objects.bulk_create([Supply(merchant_id=found.merchant_id, key=key, low_at=0)], ignore_conflicts=True)
        row = lock_departure(departure_id, now=now)
        supply = Supply.objects.get(key=key)
        taken = supply.held + supply.sold
        if told.seats < taken:
            raise Refusal(SEATS_TAKEN, field=f"cabins.{told.variant_id}.seats", taken=taken)
        restock(key, told.seats - supply.put_in, because="departure", by_id=actor.person_id, now=now)
        cabin, _made = Cabin.objects.update_or_create(
            departure=row, variant_id=told.variant_id, defaults={"price": told.price}
        )
        note_act(
            "change_cabin",
            row,
            actor=actor,
            now=now,
            variant=told.variant_id,
            seats=told.seats,
            was=supply.put_in,
            price=told.price,
        )
    return cabin
