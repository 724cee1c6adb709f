"""A shop's menu: its dishes by section, when they can be had, and the basket beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wanku.access.actor import Actor
from wanku.carts.queries import CartItem, read_cart
from wanku.catalog.models import Product, Variant
from wanku.catalog.queries import active_variants, first_pictures
from wanku.files.models import Picture
from wanku.files.queries import stand_in
from wanku.kernel.money import Money
from wanku.kinds.meal.facts import DELIVERY, GroupFact, KitchenFact, ZoneFact
from wanku.kinds.meal.kind import MealKind
from wanku.kinds.meal.load import dish_fact, load_groups, load_kitchens
from wanku.kinds.meal.models import Dish, Section
from wanku.kinds.meal.show import When, portions_left, read_when, way_choices
from wanku.kinds.meal.words import TAGS
from wanku.merchants.models import Merchant
from wanku.merchants.states import Capability, capable
from wanku.storefront.read.cards import product_url

FEW = 5


@dataclass(frozen=True, slots=True)
class DishCard:
    """A dish on the menu.

    Attributes:
        variant_id: to put into the basket at once; none where there is something to choose first.
        left: portions of the day, where they are limited.
        is_off: sold out for the day that is shown.
    """

    product: Product
    url: str
    picture: Picture | None
    price: Money
    starting: bool
    variant_id: int | None
    left: int | None
    is_off: bool
    tags: Sequence[tuple[str, Any]]

    @property
    def few(self) -> bool:
        """Whether it is nearly gone."""
        return self.left is not None and 0 < self.left <= FEW


@dataclass(frozen=True, slots=True)
class Basket:
    """The food of one shop in the reader's cart.

    Attributes:
        together: all of it is for the way, time and table that the menu shows.
        zone: whose minimum is the lowest, for what is delivered.
        missing: to that minimum.
    """

    items: Sequence[CartItem]
    total: Money
    together: bool
    zone: ZoneFact | None
    missing: Money | None
    pieces: int

    @property
    def orderable(self) -> bool:
        """Whether all of it can be ordered now."""
        return bool(self.items) and all(item.buyable for item in self.items) and self.missing is None


@dataclass(frozen=True, slots=True)
class Menu:
    """The whole page."""

    kitchen: KitchenFact
    when: When
    ways: Sequence[Mapping[str, Any]]
    sections: Sequence[tuple[str, Sequence[DishCard]]]
    basket: Basket
    sells: bool


def read_menu(shop: Merchant, asked: Mapping[str, str], *, actor: Actor, now: datetime) -> Menu | None:
    """A shop's menu: some twenty statements, whatever is on it; none for a shop without a kitchen.

    Where nothing was asked for, the menu shows the time and way of what is in the basket already.
    """
    kitchen = load_kitchens([shop.pk]).get(shop.pk)
    if kitchen is None:
        return None
    items = basket_items(shop.pk, actor, now=now)
    when = read_when(kitchen, {**_of_basket(items), **asked}, now=now)
    rows = Dish.objects.filter(merchant=shop, product__in=Product.objects.on_sale()).select_related("product__merchant")
    dishes = list(rows.order_by("position", "pk"))
    ids = {dish.pk for dish in dishes}
    left = portions_left([dish_fact(dish) for dish in dishes], when.day)
    groups, pictures, variants = load_groups(ids), first_pictures(ids), active_variants(ids)
    found = {
        dish.pk: _card(dish, pictures.get(dish.pk), variants.get(dish.pk, ()), groups.get(dish.pk, ()), left)
        for dish in dishes
        if variants.get(dish.pk)
    }
    names = [(section.pk, section.name) for section in Section.objects.filter(merchant=shop)]
    sections = [
        (name, [found[d.pk] for d in dishes if d.section_id == pk and d.pk in found])
        for pk, name in [*names, (None, "")]
    ]
    return Menu(
        kitchen=kitchen,
        when=when,
        ways=way_choices(kitchen, when),
        sections=[(name, cards) for name, cards in sections if cards],
        basket=_basket(items, when, kitchen),
        sells=capable(shop.state, Capability.SELL),
    )


def basket_items(merchant_id: int, actor: Actor, *, now: datetime) -> list[CartItem]:
    """The food of a shop in the reader's cart, first put in first."""
    items = [
        item
        for part in read_cart(actor, now=now).parts
        if part.merchant_id == merchant_id
        for item in part.items
        if item.offer.kind == MealKind.code
    ]
    return items[::-1]


def _of_basket(items: Sequence[CartItem]) -> dict[str, str]:
    """The choice of a line that still can be had."""
    chosen = next((item.chosen for item in items if item.pick is not None), {})
    return {name: str(chosen[name]) for name in ("at", "way", "table") if chosen.get(name)}


def _basket(items: Sequence[CartItem], when: When, kitchen: KitchenFact) -> Basket:
    currency = items[0].offer.currency if items else "CNY"
    total = sum(item.amount for item in items)
    low = min(kitchen.zones, key=lambda zone: zone.minimum, default=None) if when.way == DELIVERY else None
    missing = low.minimum - total if low is not None and items else 0
    return Basket(
        items=items,
        total=Money(total, currency),
        together=all(_is_for(item, when) for item in items),
        zone=low,
        missing=Money(missing, currency) if missing > 0 else None,
        pieces=sum(item.quantity for item in items),
    )


def _is_for(item: CartItem, when: When) -> bool:
    chosen = item.chosen
    table = chosen.get("table", "")
    return (chosen.get("at"), chosen.get("way"), table) == (when.at, when.way, when.table if table else "")


def _card(
    dish: Dish,
    picture: Any,
    variants: Sequence[Variant],
    groups: Sequence[GroupFact],
    left: Mapping[int, int],
) -> DishCard:
    product = dish.product
    simple = len(variants) == 1 and not groups
    return DishCard(
        product=product,
        url=product_url(product),
        picture=stand_in(picture),
        price=Money(min(variant.price for variant in variants), product.currency),
        starting=len({variant.price for variant in variants}) > 1,
        variant_id=variants[0].pk if simple else None,
        left=left.get(dish.pk),
        is_off=left.get(dish.pk) == 0,
        tags=[(tag, TAGS[tag]) for tag in dish.tags if tag in TAGS],
    )
