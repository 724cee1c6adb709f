"""What is in a cart, with today's prices and what hinders a purchase."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Sum

from wanku.access.actor import Actor
from wanku.carts.models import Cart, CartLine
from wanku.carts.rules import BUYABLE, GONE, SHORT, UNFIT, standing
from wanku.kernel.refusal import Refusal
from wanku.kinds.pick import Pick
from wanku.pricing.load import load_offers, load_picks
from wanku.pricing.quote import Extra, Offer, Wish
from wanku.pricing.ways import units_free


@dataclass(frozen=True, slots=True)
class CartItem:
    """A line as the buyer sees it.

    Attributes:
        offer: the variant as it can be bought now.
        add_ons: those chosen ones that are still offered.
        seen_price: price per piece when the buyer put it in or last looked at a change, minor units.
        standing: see `wanku.carts.rules.standing`.
        free: units of it that can be had as it is configured.
        choice: canonical JSON for its kind; empty for goods.
        pick: what its kind makes of it; none for goods, and where it cannot be had as configured.
        problem: why it cannot.
    """

    id: int
    offer: Offer
    add_ons: tuple[Extra, ...]
    quantity: int
    seen_price: int
    standing: str
    selected: bool
    free: int
    choice: str = ""
    pick: Pick | None = None
    problem: Refusal | None = None

    @property
    def chosen(self) -> Mapping[str, Any]:
        """What was configured, for `wanku.kinds.shown`."""
        found: dict[str, Any] = json.loads(self.choice or "{}")
        return self.pick.ways[0].choice if self.pick else found

    @property
    def unit_price(self) -> int:
        """Today's price per piece with its add-ons, minor units."""
        base = self.pick.unit_price if self.pick else self.offer.price
        return base + sum(extra.price for extra in self.add_ons)

    @property
    def most(self) -> int:
        """Pieces that one order can have."""
        return min(max(self.free, 0), self.offer.most_pieces)

    @property
    def buyable(self) -> bool:
        """Whether it can be ordered as it stands."""
        return self.standing == BUYABLE

    @property
    def counts(self) -> bool:
        """Whether it is part of the total."""
        return self.selected and self.buyable

    @property
    def amount(self) -> int:
        """Price of all its pieces, minor units."""
        return self.unit_price * self.quantity

    @property
    def price_change(self) -> int:
        """Today's price less the seen one, minor units; zero for what cannot be bought."""
        return self.unit_price - self.seen_price if self.standing in (BUYABLE, SHORT) else 0

    @property
    def wish(self) -> Wish:
        """The line as checkout asks for it."""
        return Wish(self.offer.variant_id, self.quantity, tuple(extra.id for extra in self.add_ons), self.choice)


@dataclass(frozen=True, slots=True)
class CartPart:
    """One shop's lines."""

    merchant_id: int
    merchant_name: str
    merchant_slug: str
    items: tuple[CartItem, ...]

    @property
    def goods(self) -> int:
        """Total of what is chosen and can be bought, minor units."""
        return sum(item.amount for item in self.items if item.counts)

    @property
    def can_select(self) -> bool:
        """Whether there is anything to choose."""
        return any(item.buyable for item in self.items)

    @property
    def selected(self) -> bool:
        """Whether everything that can be bought is chosen."""
        return self.can_select and all(item.selected for item in self.items if item.buyable)


@dataclass(frozen=True, slots=True)
class CartView:
    """A whole cart; amounts are minor units of ``currency``."""

    parts: tuple[CartPart, ...]
    currency: str

    @property
    def items(self) -> tuple[CartItem, ...]:
        """Lines of all shops."""
        return tuple(item for part in self.parts for item in part.items)

    @property
    def chosen(self) -> tuple[CartItem, ...]:
        """What goes into the next checkout."""
        return tuple(item for item in self.items if item.counts)

    @property
    def goods(self) -> int:
        """Total of the chosen lines without freight."""
        return sum(item.amount for item in self.chosen)

    @property
    def pieces(self) -> int:
        """Pieces of the chosen lines."""
        return sum(item.quantity for item in self.chosen)

    @property
    def selected(self) -> bool:
        """Whether everything that can be bought is chosen."""
        able = [part for part in self.parts if part.can_select]
        return bool(able) and all(part.selected for part in able)

    @property
    def changed(self) -> tuple[CartItem, ...]:
        """Lines whose price differs from what the buyer saw."""
        return tuple(item for item in self.items if item.price_change)

    @property
    def hindered(self) -> tuple[CartItem, ...]:
        """Lines that cannot be bought as they stand."""
        return tuple(item for item in self.items if not item.buyable)


def read_cart(actor: Actor, *, now: datetime) -> CartView:
    """The actor's cart, shops in order of the last addition, each line priced now. Five queries whatever its size."""
    lines = list(CartLine.objects.filter(cart__in=Cart.objects.visible_to(actor)))
    offers = load_offers([line.variant_id for line in lines])
    wishes = [Wish(line.variant_id, line.quantity, tuple(line.add_ons), line.choice) for line in lines]
    picks = load_picks(wishes, offers, address=None, now=now)
    parts: dict[int, list[CartItem]] = {}
    for index, line in enumerate(lines):
        item = _item(line, offers[line.variant_id], picks.made.get(index), picks.free)
        parts.setdefault(item.offer.merchant_id, []).append(item)
    currency = next((offer.currency for offer in offers.values()), "CNY")
    return CartView(tuple(_part(items) for items in parts.values()), currency)


def _part(items: list[CartItem]) -> CartPart:
    first = items[0].offer
    return CartPart(first.merchant_id, first.merchant_name, first.merchant_slug, tuple(items))


def _item(line: CartLine, offer: Offer, made: Pick | Refusal | None, free: Mapping[str, int]) -> CartItem:
    pick = made if isinstance(made, Pick) else None
    left = offer.free if pick is None else units_free(pick, line.quantity, lambda key: free.get(key, 0))
    how = standing(offer, free=left, quantity=line.quantity, add_ons=tuple(line.add_ons))
    return CartItem(
        id=line.pk,
        offer=offer,
        add_ons=tuple(extra for extra in offer.extras if extra.id in line.add_ons),
        quantity=line.quantity,
        seen_price=line.seen_price,
        standing=UNFIT if isinstance(made, Refusal) and how != GONE else how,
        selected=line.selected,
        free=left,
        choice=line.choice,
        pick=pick,
        problem=made if isinstance(made, Refusal) else None,
    )


def count_pieces(actor: Actor) -> int:
    """Pieces in the actor's cart, for the sign in the head of a page."""
    if actor.person_id is None and actor.guest_key is None:
        return 0
    found = CartLine.objects.filter(cart__in=Cart.objects.visible_to(actor)).aggregate(pieces=Sum("quantity"))
    return found["pieces"] or 0
