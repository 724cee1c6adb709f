"""A buyer puts something into the cart."""

from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.carts.models import CartLine
from wanku.carts.owner import own_cart
from wanku.carts.put import put
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.kinds.pick import Pick
from wanku.pricing.load import load_offers, load_picks
from wanku.pricing.quote import NO_ADD_ON, UNAVAILABLE, Wish, not_free, short
from wanku.pricing.ways import Picks, units_free


def fill_cart(
    variant_id: int, quantity: int, add_ons: tuple[int, ...], *, actor: Actor, now: datetime, choice: str = ""
) -> CartLine:
    """Add pieces of a variant with its add-ons to the actor's cart, remembering the price that was seen.

    What is not goods is configured: ``choice`` is the JSON of its kind.

    More than is in stock is refused here already, so that nobody fills a cart with what they cannot get; the
    decision that counts is made under lock when the order is placed.

    Raises:
        Refusal: ``not_found``, ``unavailable``, ``add_on_unavailable``, ``sold_out``, ``stock_short``,
            ``bad_quantity`` or ``cart_full``; for what is not goods also ``not_free`` and those of its kind, with
            fields such as ``choice.from``.
    """
    offer = load_offers([variant_id]).get(variant_id)
    if offer is None:
        raise Refusal(NOT_FOUND, field="variant")
    if not offer.sellable:
        raise Refusal(UNAVAILABLE, field="variant", title=offer.title, variant_id=variant_id)
    chosen = [extra for extra in offer.extras if extra.id in add_ons]
    if len(chosen) != len(set(add_ons)):
        raise Refusal(NO_ADD_ON, field="add_on", title=offer.title)
    wish = Wish(variant_id, quantity, tuple(sorted(set(add_ons))), choice)
    picks = load_picks([wish], {variant_id: offer}, address=None, now=now)
    pick = _pick(picks)
    price = (pick.unit_price if pick else offer.price) + sum(extra.price for extra in chosen)
    with transaction.atomic():
        cart = own_cart(actor, now)
        line = put(cart, variant_id=variant_id, add_ons=add_ons, quantity=quantity, price=price, now=now, choice=choice)
        free = offer.free if pick is None else units_free(pick, quantity, lambda key: picks.free.get(key, 0))
        wanted = line.quantity if pick is None else quantity
        if wanted > free:
            raise short(offer.title, free, "quantity") if pick is None or free > 0 else not_free(offer, pick)
        return line


def _pick(picks: Picks) -> Pick | None:
    """What the kind makes of the wish; none for goods.

    Raises:
        Refusal: it cannot be had as configured.
    """
    made = picks.made.get(0)
    if isinstance(made, Refusal):
        raise made
    return made
