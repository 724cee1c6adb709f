"""Menus and hours as the API shows them."""

from collections.abc import Collection
from datetime import datetime

from wanku.api.shapes.meals import (
    DishShape,
    GroupShape,
    HoursBody,
    OpeningHours,
    SectionShape,
    SizeShape,
    SpecialBody,
    ZoneBody,
    Zones,
)
from wanku.catalog.models import Category
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.kinds.meal.hours import Hours
from wanku.kinds.meal.load import load_kitchens
from wanku.kinds.meal.menu import dishes_data, sections_of
from wanku.kinds.meal.models import Dish, Zone
from wanku.kinds.meal.rules import NO_MENU
from wanku.kinds.meal.slots import day_sold


def menu(merchant_id: int, *, now: datetime) -> list[SectionShape]:
    """The sections with their dishes; those without a section stand at the end."""
    sections = sections_of(merchant_id)
    shapes = _dishes([pk for section in sections for pk in section.dishes], merchant_id, now=now)
    return [
        SectionShape(id=section.id, name=section.name, dishes=[shapes[pk] for pk in section.dishes])
        for section in sections
        if section.id is not None or section.dishes
    ]


def dish(merchant_id: int, dish_id: int, *, now: datetime) -> DishShape:
    """One dish of a shop.

    Raises:
        Refusal: ``not_found``.
    """
    live = Dish.objects.filter(pk=dish_id, merchant=merchant_id).exclude(product__state="removed")
    if not live.exists():
        raise Refusal(NOT_FOUND)
    return _dishes([dish_id], merchant_id, now=now)[dish_id]


def hours(merchant_id: int) -> OpeningHours:
    """The week and the special days.

    Raises:
        Refusal: ``no_menu`` before the kitchen was set up.
    """
    kitchen = load_kitchens([merchant_id]).get(merchant_id)
    if kitchen is None:
        raise Refusal(NO_MENU)
    calendar = kitchen.calendar
    return OpeningHours(
        week=[[_hours(each) for each in calendar.week.get(day, ())] for day in range(7)],
        special=[
            SpecialBody(first=d.first, last=d.last, hours=_hours(d.hours) if d.hours else None, note=d.note)
            for d in calendar.special
        ],
    )


def zones(merchant_id: int) -> Zones:
    """Delivery zones in order."""
    names = ("name", "province", "city", "districts", "fee", "minimum", "minutes")
    rows = Zone.objects.filter(merchant=merchant_id)
    return Zones(zones=[ZoneBody(**{name: getattr(row, name) for name in names}) for row in rows])


def _hours(told: Hours) -> HoursBody:
    return HoursBody(opens=f"{told.opens:%H:%M}", closes=f"{told.closes:%H:%M}")


def _dishes(keys: Collection[int], merchant_id: int, *, now: datetime) -> dict[int, DishShape]:
    found = dishes_data(keys)
    slugs = dict(
        Category.objects.filter(pk__in={data.category_id for data in found.values()}).values_list("pk", "slug")
    )
    kitchen = load_kitchens([merchant_id]).get(merchant_id)
    today = day_sold(kitchen, now) if kitchen else None
    off = set(Dish.objects.filter(pk__in=found, off_on=today).values_list("pk", flat=True)) if today else set()
    return {
        pk: DishShape(
            id=pk,
            title=data.title,
            subtitle=data.subtitle,
            description=data.description,
            category=slugs[data.category_id],
            section_id=data.section_id,
            sizes=[SizeShape(name=name, price=price) for name, price in data.sizes],
            size_word=data.size_word,
            portions=data.portions,
            sold_out=pk in off,
            tags=list(data.tags),
            groups=[GroupShape.model_validate(group) for group in data.groups],
        )
        for pk, data in found.items()
    }
