"""A buyer moves a basket of food to another time, way or table."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.carts.change import remove
from wanku.carts.models import Cart, CartLine
from wanku.carts.put import put
from wanku.kernel.refusal import Refusal
from wanku.kinds.forms import choice_text
from wanku.kinds.meal.choice import MealChoice
from wanku.kinds.meal.kind import MealKind
from wanku.kinds.registry import KINDS, read_choice
from wanku.pricing.load import load_offers, load_picks
from wanku.pricing.quote import Wish


def move_meals(merchant_id: int, to: MealChoice, *, actor: Actor, now: datetime) -> int:
    """Bring all food of one shop in the actor's own cart to one time, way and table, so that it makes one order.

    Lines that cannot be read any more stay as they are, for their buyer to remove. Lines that become equal are one.

    Args:
        to: its ``at``, ``way`` and ``table`` count; each line keeps its options.

    Returns:
        how many lines were moved.

    Raises:
        Refusal: of the kind, if the food cannot be had then: ``kitchen_closed``, ``dish_off`` and so on.
    """
    with transaction.atomic():
        cart = Cart.objects.visible_to(actor).select_for_update(no_key=True).first()
        if cart is None:
            return 0
        lines = list(
            CartLine.objects.filter(cart=cart, variant__product__kind=MealKind.code).order_by("added_at", "id")
        )
        offers = load_offers([line.variant_id for line in lines])
        mine = [
            line for line in lines if line.variant_id in offers and offers[line.variant_id].merchant_id == merchant_id
        ]
        wishes = [(line, wish) for line in mine if (wish := _wish(line, to)) is not None]
        picks = load_picks([wish for _line, wish in wishes], offers, address=None, now=now)
        for made in picks.made.values():
            if isinstance(made, Refusal) and (made.field or "").startswith(("choice.at", "choice.way", "choice.table")):
                raise made
        moved = [(line, wish) for line, wish in wishes if line.choice != wish.choice]
        if moved:
            remove(cart, [line.pk for line, _wish in moved], now=now)
        for line, wish in moved:
            put(
                cart,
                variant_id=line.variant_id,
                add_ons=tuple(line.add_ons),
                quantity=line.quantity,
                price=line.seen_price,
                now=now,
                choice=wish.choice,
            )
        return len(moved)


def _wish(line: CartLine, to: MealChoice) -> Wish | None:
    try:
        found = read_choice(KINDS[MealKind.code], line.choice)
    except Refusal:
        return None
    choice = found.model_copy(update={"at": to.at, "way": to.way, "table": to.table})
    wish = Wish(line.variant_id, line.quantity, tuple(line.add_ons))
    return replace(wish, choice=choice_text(choice.model_dump(mode="json", exclude_defaults=True)))
