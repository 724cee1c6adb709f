"""A dish of a menu: what it is, its sizes, what can be chosen with it, how many there are a day."""

from datetime import datetime
from uuid import uuid4

from django.db import transaction

from wanku.access.actor import Actor
from wanku.audit.record import record
from wanku.catalog.list_product import list_product
from wanku.catalog.models import Product, ProductPicture, ReturnRule, Variant
from wanku.catalog.rules import OptionData as Sizes
from wanku.catalog.rules import PictureData, ProductData, VariantData
from wanku.catalog.save_product import problems, save_product
from wanku.flows.offering._dish_options import write_groups
from wanku.flows.offering._kitchen import BECAUSE, hold_kitchen
from wanku.inventory.open_counters import level_counters, open_counters
from wanku.kernel.refusal import NOT_FOUND, Refusal, refuse_all
from wanku.kernel.text import clean
from wanku.kinds.meal.counters import portion_levels
from wanku.kinds.meal.kind import MealKind
from wanku.kinds.meal.load import load_kitchens
from wanku.kinds.meal.models import Dish, Section
from wanku.kinds.meal.rules import DishData, check_dish
from wanku.merchants.models import Merchant


def save_dish(
    merchant_id: int,
    data: DishData,
    *,
    product_id: int | None = None,
    picture: PictureData | None = None,
    actor: Actor,
    now: datetime,
) -> Dish:
    """Put a dish on the menu, on sale at once, or change it. Orders that were placed keep what they were.

    Args:
        picture: replaces the first one.

    Raises:
        Refusal: ``sign_in``, ``not_allowed``, ``no_menu``; ``not_found`` for another shop's dish or section;
            ``bad_value`` for each field that is wrong.
    """
    with transaction.atomic():
        kitchen = hold_kitchen(merchant_id, actor)
        merchant = Merchant.objects.get(pk=merchant_id)
        product = _product(product_id, merchant)
        dish = Dish.objects.select_for_update(no_key=True).filter(product=product).first() if product else None
        if data.section_id and not Section.objects.filter(pk=data.section_id, merchant=merchant).exists():
            raise Refusal(NOT_FOUND, field="section")
        product_data = _product_data(data, product, picture)
        refuse_all([*check_dish(data), *problems(product_data)])
        product = save_product(product_data, merchant=merchant, product=product, now=now)
        if dish is None:
            dish = Dish(product=product, merchant=merchant, position=Dish.objects.filter(merchant=merchant).count())
            list_product(product, now=now)
        before = dish.portions
        dish.section_id, dish.portions, dish.tags = data.section_id, data.portions, list(data.tags)
        dish.save()
        write_groups(dish, data.groups)
        if dish.portions is not None:
            levels = portion_levels(load_kitchens([kitchen.pk])[kitchen.pk], now=now, product_id=dish.pk)
            open_counters(merchant_id, levels, because=BECAUSE, by_id=actor.person_id, now=now)
            if before != dish.portions:
                level_counters(merchant_id, levels, because="portions", by_id=actor.person_id, now=now)
        record(
            "save_dish",
            actor_id=actor.person_id,
            subject_type="product",
            subject_id=dish.pk,
            merchant_id=merchant_id,
            facts={"title": product.title, "portions": dish.portions},
            now=now,
        )
    return dish


def _product(product_id: int | None, merchant: Merchant) -> Product | None:
    """The food of this shop that is to be changed.

    Raises:
        Refusal: ``not_found``.
    """
    if product_id is None:
        return None
    mine = Product.objects.select_for_update(no_key=True).filter(merchant=merchant, kind=MealKind.code)
    found = mine.exclude(state="removed").filter(pk=product_id).first()
    if found is None:
        raise Refusal(NOT_FOUND)
    return found


def _product_data(data: DishData, product: Product | None, picture: PictureData | None) -> ProductData:
    """The dish as the catalogue has it. Sizes keep their SKU by name, so that carts and orders go on pointing at it."""
    known = {v.label: v.sku for v in Variant.objects.filter(product=product, is_active=True)} if product else {}
    sized = len(data.sizes) > 1
    stem = uuid4().hex[:10]
    variants = tuple(
        VariantData(
            sku=known.get(clean(name) if sized else "", f"dish-{stem}-{place + 1}"),
            price=price,
            values=(name,) if sized else (),
        )
        for place, (name, price) in enumerate(data.sizes)
    )
    return ProductData(
        title=data.title,
        category_id=data.category_id,
        variants=variants,
        slug=product.slug if product else "",
        subtitle=data.subtitle,
        description=data.description,
        options=(Sizes(data.size_word, tuple(name for name, _price in data.sizes)),) if sized else (),
        pictures=_pictures(product, picture),
        # Made to order, and perishable: what was cooked does not come back.
        return_rule=ReturnRule.NEVER.value,
        kind=MealKind.code,
    )


def _pictures(product: Product | None, picture: PictureData | None) -> tuple[PictureData, ...]:
    rows = ProductPicture.objects.filter(product=product) if product else ()
    kept = [PictureData(row.picture_id, row.source, row.alt) for row in rows]
    return tuple([picture, *kept[1:]] if picture else kept)
