"""A buyer wants the same again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from wanku.access.actor import Actor
from wanku.carts.owner import own_cart
from wanku.carts.put import put
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.kinds.forms import choice_text
from wanku.kinds.pick import Pick
from wanku.kinds.registry import KINDS
from wanku.orders.models import Line, Order
from wanku.pricing.load import load_offers, load_picks
from wanku.pricing.quote import Extra, Offer, Wish
from wanku.pricing.ways import units_free


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
    lines = list(Line.objects.filter(order=order).select_related("order"))
    offers = load_offers([line.variant_id for line in lines])
    known = [_extras(line, offers.get(line.variant_id)) for line in lines]
    wishes = [_wish(line, extras or ()) for line, extras in zip(lines, known, strict=True)]
    picks = load_picks(wishes, offers, address=None, now=now)
    added, missing = 0, []
    with transaction.atomic():
        cart = own_cart(actor, now)
        for index, line in enumerate(lines):
            offer = offers.get(line.variant_id)
            extras = known[index]
            free = _free(offer, line, picks.made.get(index), picks.free)
            if offer is None or not offer.sellable or free < 1 or extras is None:
                missing.append(line.title)
                continue
            pick = picks.made.get(index)
            base = pick.unit_price if isinstance(pick, Pick) else offer.price
            put(
                cart,
                variant_id=offer.variant_id,
                add_ons=wishes[index].add_ons,
                quantity=min(line.quantity, free),
                choice=wishes[index].choice,
                price=base + sum(extra.price for extra in extras),
                now=now,
            )
            added += 1
            if free < line.quantity:
                missing.append(line.title)
    return Again(added, tuple(missing))


def _wish(line: Line, extras: Sequence[Extra]) -> Wish:
    """The same as it is asked for today; extras count, since some take time."""
    ids = tuple(extra.id for extra in extras)
    kind = KINDS.get(line.order.kind)
    asked = kind.asked(line.choice) if kind and line.choice else {}
    return Wish(line.variant_id, line.quantity, ids, choice=choice_text(asked))


def _free(offer: Offer | None, line: Line, made: Pick | Refusal | None, free: Mapping[str, int]) -> int:
    """How many can be had again as they were configured; a night that is past cannot."""
    if offer is None or isinstance(made, Refusal):
        return 0
    return offer.free if made is None else units_free(made, line.quantity, lambda key: free.get(key, 0))


def _extras(line: Line, offer: Offer | None) -> list[Extra] | None:
    """Today's extras of the same names; None when one of them is no longer offered."""
    if offer is None:
        return None
    by_name = {extra.name: extra for extra in offer.extras}
    names = [extra["name"] for extra in line.add_ons]
    return [by_name[name] for name in names] if set(names) <= set(by_name) else None
