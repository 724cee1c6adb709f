"""A buyer changes what is in the cart."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.carts.change import accept_price, change_quantity, remove, select
from wanku.carts.models import Cart
from wanku.carts.queries import read_cart


@dataclass(frozen=True, slots=True)
class CartChange:
    """What is to change; the parts are applied in this order.

    Attributes:
        quantities: new pieces by line id.
        selected: lines to choose (True) or leave out (False) by line id.
        select_all: choose or leave out everything.
        removed: lines to take out.
        accept_prices: whether the buyer has now seen today's prices.
    """

    quantities: tuple[tuple[int, int], ...] = ()
    selected: tuple[tuple[int, bool], ...] = ()
    select_all: bool | None = None
    removed: Collection[int] = ()
    accept_prices: bool = False


def change_cart(change: CartChange, *, actor: Actor, now: datetime) -> None:
    """Apply a change to the actor's own cart, all of it or nothing. Without a cart there is nothing to change.

    Raises:
        Refusal: ``bad_quantity``, or ``not_found`` for a line that is not in this cart.
    """
    with transaction.atomic():
        cart = Cart.objects.visible_to(actor).select_for_update(no_key=True).first()
        if cart is None:
            return
        for line_id, quantity in change.quantities:
            change_quantity(cart, line_id, quantity, now=now)
        for chosen in (True, False):
            ids = [line_id for line_id, wanted in change.selected if wanted is chosen]
            if ids:
                select(cart, ids, selected=chosen, now=now)
        if change.select_all is not None:
            select(cart, None, selected=change.select_all, now=now)
        if change.removed:
            remove(cart, change.removed, now=now)
        if change.accept_prices:
            accept_price(cart, {item.id: item.unit_price for item in read_cart(actor, now=now).changed}, now=now)
