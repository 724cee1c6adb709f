"""A buyer wants the same again."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from wanku.access.actor import Actor
from wanku.carts.owner import own_cart
from wanku.carts.put import put
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.orders.models import Line, Order
from wanku.pricing.load import load_offers
from wanku.pricing.quote import Extra, Offer


@dataclass(frozen=True, slots=True)
class Again:
    """What went into the cart; titles of what can no longer be had, or not all of it."""

    added: int
    missing: tuple[str, ...]


def order_again(order_id: UUID, *, actor: Actor, now: datetime) -> Again:
    """Put what an order had into the cart, at today's prices and as far as it is in stock.

    Raises:
        Refusal: ``not_found`` for anyone but the buyer, ``cart_full``.
    """
    order = Order.objects.bought_by(actor).filter(pk=order_id).first()
    if order is None:
        raise Refusal(NOT_FOUND)
    lines = list(Line.objects.filter(order=order))
    offers = load_offers([line.variant_id for line in lines])
    added, missing = 0, []
    with transaction.atomic():
        cart = own_cart(actor, now)
        for line in lines:
            offer = offers.get(line.variant_id)
            extras = _extras(line, offer) if offer is not None else None
            if offer is None or not offer.sellable or offer.free < 1 or extras is None:
                missing.append(line.title)
                continue
            put(
                cart,
                variant_id=offer.variant_id,
                add_ons=tuple(extra.id for extra in extras),
                quantity=min(line.quantity, offer.free),
                price=offer.price + sum(extra.price for extra in extras),
                now=now,
            )
            added += 1
            if offer.free < line.quantity:
                missing.append(line.title)
    return Again(added, tuple(missing))


def _extras(line: Line, offer: Offer) -> list[Extra] | None:
    """Today's extras of the same names; None when one of them is no longer offered."""
    by_name = {extra.name: extra for extra in offer.extras}
    names = [extra["name"] for extra in line.add_ons]
    return [by_name[name] for name in names] if set(names) <= set(by_name) else None
