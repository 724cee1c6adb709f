"""What the page of a dish and the menu let people choose from."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from wanku.catalog.models import Variant
from wanku.inventory.queries import free_by_key
from wanku.kernel.refusal import Refusal
from wanku.kinds.meal.choice import NOW
from wanku.kinds.meal.facts import TABLE, WAYS, DishFact, GroupFact, KitchenFact, kitchen_key, portion_key
from wanku.kinds.meal.load import dish_fact, load_groups, load_kitchens
from wanku.kinds.meal.models import Dish
from wanku.kinds.meal.refusals import DISH_OFF
from wanku.kinds.meal.slots import offered, slot_of
from wanku.kinds.meal.words import WAY_ICONS, day_text
from wanku.kinds.meal.words import WAYS as WAY_WORDS

ASKED: Final = "choice."
"""What a form sends; the short names serve addresses that people read (``?way=pickup``)."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A quarter of an hour that is offered; ``free`` are dishes that the kitchen can still make for it."""

    value: str
    label: str
    free: int


@dataclass(frozen=True, slots=True)
class When:
    """The way and time that were asked for, as far as they are to be had.

    Attributes:
        at: of the quarter that is meant; empty while the kitchen cannot say.
        day: of service.
        problem: why it is not to be had as asked.
        days: slots by day, in order.
        soonest: the first slot with a free place.
    """

    way: str
    at: str
    day: date
    table: str
    table_name: str
    problem: Refusal | None
    days: list[tuple[str, list[Slot]]]
    soonest: Slot | None


def show_meal(product_id: int, asked: Mapping[str, str], *, now: datetime) -> dict[str, Any]:
    """For ``choose.html``: twelve statements. Empty for a product that is on no menu."""
    dish = Dish.objects.filter(pk=product_id).select_related("product", "merchant").first()
    kitchen = load_kitchens([dish.merchant_id]).get(dish.merchant_id) if dish else None
    if dish is None or kitchen is None:
        return {}
    when = read_when(kitchen, asked, now=now)
    groups = load_groups([product_id]).get(product_id, ())
    fact = dish_fact(dish)
    left = portions_left([fact, *(option.of for group in groups for option in group.options if option.of)], when.day)
    return {
        "when": when,
        "sizes": sizes_of(product_id, asked),
        "quantity": asked.get("quantity", "1"),
        "ways": way_choices(kitchen, when),
        "groups": shown_groups(groups, asked, when.day, left, is_fresh=not any(k.startswith(ASKED) for k in asked)),
        "left": left.get(product_id),
        "off": Refusal(DISH_OFF, title=fact.title) if left.get(product_id) == 0 else None,
        "zones": kitchen.zones,
        "currency": dish.product.currency,
        "shop": dish.merchant.slug,
    }


def sizes_of(product_id: int, asked: Mapping[str, str]) -> list[dict[str, Any]]:
    """The sizes of a dish with their prices, the one that was asked for or the first chosen: one statement."""
    variants = list(Variant.objects.filter(product=product_id, is_active=True))
    wanted = next((v.pk for v in variants if str(v.pk) == asked.get("variant")), variants[0].pk if variants else 0)
    return [{"id": v.pk, "label": v.label, "price": v.price, "checked": v.pk == wanted} for v in variants]


def read_when(kitchen: KitchenFact, asked: Mapping[str, str], *, now: datetime) -> When:
    """What was asked for, and what there is: one statement. What does not fit is left out."""
    table = _asked(asked, "table")
    table = table if table in kitchen.tables and TABLE in kitchen.ways else ""
    # Without a table nothing is served there, so that way is offered to those who scanned its code alone.
    ways = [way for way in WAYS if way in kitchen.ways and (way != TABLE or table)]
    wished = _asked(asked, "way") or (TABLE if table else "")
    way = wished if wished in ways else next(iter(ways), "")
    slots = list(offered(kitchen, now))
    free = free_by_key({kitchen_key(kitchen.merchant_id, at) for at, _day in slots})
    shown = {at: _slot(kitchen, at, free.get(kitchen_key(kitchen.merchant_id, at), 0)) for at, _day in slots}
    days: dict[date, list[Slot]] = {}
    for at, slot in shown.items():
        days.setdefault(at.astimezone(kitchen.calendar.zone).date(), []).append(slot)
    soonest = next((slot for slot in shown.values() if slot.free), None)
    text, problem = _asked(asked, "at") or NOW, None
    day = kitchen.calendar.service_now(now)
    try:
        at, day = slot_of(kitchen, text, now)
    except (Refusal, ValueError) as no:
        # Whoever asks for now while it is closed looks at the next opening, and is told so.
        problem = no if isinstance(no, Refusal) else None
        if text == NOW and soonest is not None:
            day = _day_of(soonest, slots)
        chosen = ""
    else:
        chosen = f"{at:%Y-%m-%dT%H:%MZ}"
        if text == NOW and soonest is not None:
            chosen, day = soonest.value, _day_of(soonest, slots)
    labels = [(day_text(each), found) for each, found in days.items()]
    return When(way, chosen, day, table, kitchen.tables.get(table, ""), problem, labels, soonest)


def portions_left(dishes: Iterable[DishFact], day: date) -> dict[int, int]:
    """Portions by product id, of dishes with a limit or that are sold out: one statement."""
    found = {dish.product_id: dish for dish in dishes}
    limited = {portion_key(pk, day): pk for pk, dish in found.items() if dish.portions is not None}
    free = free_by_key(set(limited)) if limited else {}
    left = {pk: free.get(key, 0) for key, pk in limited.items()}
    return {**left, **{pk: 0 for pk, dish in found.items() if dish.off_on == day}}


def way_choices(kitchen: KitchenFact, when: When) -> list[dict[str, Any]]:
    """The ways that are open to the reader."""
    return [
        {"value": way, "label": WAY_WORDS[way], "icon": WAY_ICONS[way], "checked": way == when.way}
        for way in WAYS
        if way in kitchen.ways and (way != TABLE or when.table)
    ]


def shown_groups(
    groups: Collection[GroupFact], asked: Mapping[str, str], day: date, left: Mapping[int, int], *, is_fresh: bool
) -> list[dict[str, Any]]:
    """Groups with their options. Where one must be chosen and nothing was yet, the first that is left is."""
    picked = {text for name, text in asked.items() if name.startswith(f"{ASKED}options")}
    shown = []
    for group in groups:
        out = {option.id for option in group.options if option.of and left.get(option.of.product_id) == 0}
        free = [option.id for option in group.options if option.id not in out]
        first = set(free[: group.least]) if is_fresh else set()
        options = [
            {
                "id": option.id,
                "name": option.name,
                "price": option.price,
                "out": option.id in out,
                "checked": option.id in first or str(option.id) in picked,
            }
            for option in group.options
        ]
        single = group.most == 1 and group.least == 1
        shown.append({"group": group, "options": options, "single": single, "short": len(free) < group.least})
    return shown


def _slot(kitchen: KitchenFact, at: datetime, free: int) -> Slot:
    return Slot(f"{at:%Y-%m-%dT%H:%MZ}", f"{at.astimezone(kitchen.calendar.zone):%H:%M}", free)


def _day_of(slot: Slot, slots: list[tuple[datetime, date]]) -> date:
    return next(day for at, day in slots if f"{at:%Y-%m-%dT%H:%MZ}" == slot.value)


def _asked(asked: Mapping[str, str], name: str) -> str:
    return asked.get(f"{ASKED}{name}") or asked.get(name, "")
