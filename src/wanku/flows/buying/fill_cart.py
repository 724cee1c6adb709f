"""A buyer puts something into the cart."""

from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.carts.models import CartLine
from wanku.carts.owner import own_cart
from wanku.carts.put import put
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.pricing.load import load_offers
from wanku.pricing.quote import NO_ADD_ON, UNAVAILABLE, short


def fill_cart(variant_id: int, quantity: int, add_ons: tuple[int, ...], *, actor: Actor, now: datetime) -> CartLine:
    """Add pieces of a variant with its add-ons to the actor's cart, remembering the price that was seen.

    More than is in stock is refused here already, so that nobody fills a cart with what they cannot get; the
    decision that counts is made under lock when the order is placed.

    Raises:
        Refusal: ``not_found``, ``unavailable``, ``add_on_unavailable``, ``sold_out``, ``stock_short``,
            ``bad_quantity`` or ``cart_full``.
    """
    offer = load_offers([variant_id]).get(variant_id)
    if offer is None:
        raise Refusal(NOT_FOUND, field="variant")
    if not offer.sellable:
        raise Refusal(UNAVAILABLE, field="variant", title=offer.title, variant_id=variant_id)
    chosen = [extra for extra in offer.extras if extra.id in add_ons]
    if len(chosen) != len(set(add_ons)):
        raise Refusal(NO_ADD_ON, field="add_on", title=offer.title)
    price = offer.price + sum(extra.price for extra in chosen)
    with transaction.atomic():
        cart = own_cart(actor, now)
        line = put(cart, variant_id=variant_id, add_ons=add_ons, quantity=quantity, price=price, now=now)
        if line.quantity > offer.free:
            raise short(offer.title, offer.free, "quantity")
        return line
