"""Reads kitchens and dishes: a fixed number of statements, whatever the size of the menu."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from zoneinfo import ZoneInfo

from wanku.catalog.models import Variant
from wanku.kinds.meal.facts import (
    DELIVERY,
    PICKUP,
    TABLE,
    DishFact,
    GroupFact,
    KitchenFact,
    MealFacts,
    OptionFact,
    ZoneFact,
)
from wanku.kinds.meal.hours import Calendar, Hours, Special
from wanku.kinds.meal.models import Dish, Group, Kitchen, Opening, Option, SpecialDay, Table, Zone


def load_meals(variants: Collection[int]) -> dict[int, MealFacts]:
    """Facts by variant id: nine statements. Variants without a dish or a kitchen are missing."""
    products = dict(Variant.objects.filter(pk__in=list(variants)).values_list("pk", "product_id"))
    dishes = {dish.pk: dish for dish in Dish.objects.filter(pk__in=set(products.values())).select_related("product")}
    kitchens = load_kitchens({dish.merchant_id for dish in dishes.values()})
    groups = load_groups(dishes)
    return {
        variant: MealFacts(kitchens[dishes[product].merchant_id], dish_fact(dishes[product]), groups.get(product, ()))
        for variant, product in products.items()
        if product in dishes and dishes[product].merchant_id in kitchens
    }


def load_kitchens(merchants: Collection[int]) -> dict[int, KitchenFact]:
    """Kitchens by merchant id: five statements."""
    week: dict[int, dict[int, list[Hours]]] = defaultdict(lambda: defaultdict(list))
    for row in Opening.objects.filter(merchant__in=merchants):
        week[row.merchant_id][row.weekday].append(Hours(row.opens, row.closes))
    special: dict[int, list[Special]] = defaultdict(list)
    for day in SpecialDay.objects.filter(merchant__in=merchants).order_by("pk"):
        hours = Hours(day.opens, day.closes) if day.opens is not None and day.closes is not None else None
        special[day.merchant_id].append(Special(day.first, day.last, hours, day.note))
    zones: dict[int, list[ZoneFact]] = defaultdict(list)
    for zone in Zone.objects.filter(merchant__in=merchants):
        zones[zone.merchant_id].append(zone_fact(zone))
    tables: dict[int, dict[str, str]] = defaultdict(dict)
    for table in Table.objects.filter(merchant__in=merchants):
        tables[table.merchant_id][table.token] = table.name
    return {
        kitchen.pk: KitchenFact(
            merchant_id=kitchen.pk,
            calendar=Calendar(ZoneInfo(kitchen.merchant.zone), dict(week[kitchen.pk]), tuple(special[kitchen.pk])),
            capacity=kitchen.capacity,
            prepare_minutes=kitchen.prepare_minutes,
            ahead_days=kitchen.ahead_days,
            ways=ways_of(kitchen),
            paused_until=kitchen.paused_until,
            zones=tuple(zones[kitchen.pk]),
            tables=dict(tables[kitchen.pk]),
        )
        for kitchen in Kitchen.objects.filter(pk__in=merchants).select_related("merchant")
    }


def load_groups(dishes: Collection[int]) -> Mapping[int, tuple[GroupFact, ...]]:
    """What can be chosen with dishes, by product id: two statements."""
    options: dict[int, list[OptionFact]] = defaultdict(list)
    for option in Option.objects.filter(group__dish__in=list(dishes)).select_related("of__product"):
        of = dish_fact(option.of) if option.of is not None else None
        options[option.group_id].append(OptionFact(option.pk, option.name, option.price, of))
    found: dict[int, list[GroupFact]] = defaultdict(list)
    for group in Group.objects.filter(dish__in=list(dishes)):
        found[group.dish_id].append(GroupFact(group.pk, group.name, group.least, group.most, tuple(options[group.pk])))
    return {product: tuple(groups) for product, groups in found.items()}


def dish_fact(dish: Dish) -> DishFact:
    """A dish, with its product at hand."""
    return DishFact(dish.pk, dish.product.title, dish.portions, dish.off_on)


def zone_fact(zone: Zone) -> ZoneFact:
    """A delivery zone."""
    return ZoneFact(zone.name, zone.province, zone.city, tuple(zone.districts), zone.fee, zone.minimum, zone.minutes)


def ways_of(kitchen: Kitchen) -> frozenset[str]:
    """How the food of a kitchen comes to people."""
    offered: Iterable[tuple[str, bool]] = (
        (DELIVERY, kitchen.delivers),
        (PICKUP, kitchen.hands_out),
        (TABLE, kitchen.serves),
    )
    return frozenset(way for way, is_offered in offered if is_offered)
