"""A menu as a form, a table or a program has it."""

from collections import defaultdict
from collections.abc import Collection

from wanku.catalog.models import Product, Variant
from wanku.kinds.meal.models import Dish, Group, Section
from wanku.kinds.meal.rules import SIZE_WORD, DishData, GroupData, OptionData, SectionData


def sections_of(merchant_id: int) -> list[SectionData]:
    """The menu as it is; dishes without a section stand in a last one without a name and an id."""
    dishes: dict[int | None, list[int]] = defaultdict(list)
    live = Dish.objects.filter(merchant=merchant_id).exclude(product__state="removed")
    for pk, section in live.order_by("position", "pk").values_list("pk", "section_id"):
        dishes[section].append(pk)
    rows = [SectionData(s.name, s.pk, tuple(dishes[s.pk])) for s in Section.objects.filter(merchant=merchant_id)]
    return [*rows, SectionData("", None, tuple(dishes[None]))]


def dishes_data(products: Collection[int]) -> dict[int, DishData]:
    """Dishes by product id, as somebody who writes them again would say them: five statements."""
    found = {dish.pk: dish for dish in Dish.objects.filter(pk__in=list(products))}
    sizes: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for variant in Variant.objects.filter(product__in=found, is_active=True).order_by("product_id", "position", "pk"):
        sizes[variant.product_id].append((variant.label, variant.price))
    groups: dict[int, list[GroupData]] = defaultdict(list)
    for group in Group.objects.filter(dish__in=found).prefetch_related("options"):
        options = tuple(OptionData(each.name, each.price, each.of_id) for each in group.options.all())
        groups[group.dish_id].append(GroupData(group.name, group.least, group.most, options))
    return {
        product.pk: DishData(
            title=product.title,
            category_id=product.category_id,
            sizes=tuple(sizes[product.pk]),
            subtitle=product.subtitle,
            description=product.description,
            size_word=product.options[0]["name"] if product.options else SIZE_WORD,
            section_id=found[product.pk].section_id,
            portions=found[product.pk].portions,
            tags=tuple(found[product.pk].tags),
            groups=tuple(groups[product.pk]),
        )
        for product in Product.objects.filter(pk__in=list(found))
    }
