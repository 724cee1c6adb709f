"""What a dish costs and takes as it was chosen, pure."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from wanku.kernel.refusal import BAD_VALUE, Refusal
from wanku.kinds.kind import OnOffer
from wanku.kinds.meal.choice import NO_OPTION, MealChoice
from wanku.kinds.meal.facts import (
    TABLE,
    DishFact,
    GroupFact,
    KitchenFact,
    MealFacts,
    OptionFact,
    kitchen_key,
    portion_key,
)
from wanku.kinds.meal.hours import QUARTER
from wanku.kinds.meal.refusals import ALL_FULL, DISH_OFF, NO_KITCHEN, NO_TABLE, NO_WAY, SLOT_FULL, TOO_FEW, TOO_MANY
from wanku.kinds.meal.slots import offered, slot_of
from wanku.kinds.pick import Otherwise, Part, Pick, Way

LATER: Final = 4
"""Quarters after a full one among which a refusal looks for a free one."""
NOTICE: Final[Sequence[Mapping[str, int]]] = ({"hours": 2, "bp": 0},)
"""Free up to two hours before; later the food is being cooked."""


def pick_meal(offer: OnOffer, choice: MealChoice, quantity: int, *, now: datetime) -> Pick:
    """Price and demand of one line: portions of its day, and places in its quarter of an hour.

    Raises:
        Refusal: with the field (``choice.at``, ``choice.way``, ``choice.table``, ``choice.options``).
    """
    facts = offer.facts
    if not isinstance(facts, MealFacts):
        raise Refusal(NO_KITCHEN, title=offer.title)
    kitchen = facts.kitchen
    if choice.way not in kitchen.ways:
        raise Refusal(NO_WAY, field="choice.way")
    if choice.way == TABLE and choice.table not in kitchen.tables:
        raise Refusal(NO_TABLE, field="choice.table")
    at, day = slot_of(kitchen, choice.at, now)
    chosen = chosen_options(facts.groups, choice.options)
    dishes = [facts.dish, *(option.of for _group, option in chosen if option.of)]
    _check_on(dishes, day)
    portions = _portions(dishes, quantity, day)
    parts = (
        Part("dish", offer.price, {"title": offer.title}),
        *(Part("option", option.price, _names(group, option)) for group, option in chosen if option.price),
    )
    return Pick(
        unit_price=sum(part.amount for part in parts),
        parts=parts,
        ways=(Way({kitchen_key(kitchen.merchant_id, at): quantity, **portions}, _frozen(choice, kitchen, at, chosen)),),
        starts_at=at,
        ends_at=at + QUARTER,
        together=(at, choice.way, choice.table),
        otherwise=_otherwise(facts, at, quantity, portions, day, now),
        terms={"cancellation": list(NOTICE)},
    )


def chosen_options(groups: Sequence[GroupFact], ids: Sequence[int]) -> list[tuple[GroupFact, OptionFact]]:
    """The options of the ids, in the order of the menu.

    Raises:
        Refusal: too few or too many of a group, or one that is not there; every group that is wrong is named.
    """
    wanted = set(ids)
    found = [(group, option) for group in groups for option in group.options if option.id in wanted]
    faults = [Refusal(BAD_VALUE, field="choice.options", problem=NO_OPTION)] if len(found) < len(wanted) else []
    for group in groups:
        count = sum(1 for of, _option in found if of is group)
        field = f"choice.options.{group.id}"
        if count < group.least:
            faults.append(Refusal(TOO_FEW, field=field, least=group.least, group=group.name))
        if count > group.most:
            faults.append(Refusal(TOO_MANY, field=field, most=group.most, group=group.name))
    if faults:
        first = faults[0]
        raise Refusal(first.code, field=first.field, also=faults[1:], **first.facts)
    return found


def _check_on(dishes: Sequence[DishFact], day: date) -> None:
    for dish in dishes:
        if dish.off_on == day:
            raise Refusal(DISH_OFF, field="choice.at", title=dish.title)


def _portions(dishes: Sequence[DishFact], quantity: int, day: date) -> dict[str, int]:
    """Pieces by counter, of dishes that are limited; one that stands in a combo twice takes two."""
    taken: dict[str, int] = {}
    for dish in dishes:
        if dish.portions is not None:
            key = portion_key(dish.product_id, day)
            taken[key] = taken.get(key, 0) + quantity
    return taken


def _names(group: GroupFact, option: OptionFact) -> dict[str, str]:
    return {"group": group.name, "name": option.name}


def _frozen(
    choice: MealChoice, kitchen: KitchenFact, at: datetime, chosen: Sequence[tuple[GroupFact, OptionFact]]
) -> dict[str, Any]:
    """The choice as it stands in the order: with the quarter that it means, and in words that never change."""
    frozen: dict[str, Any] = {
        "at": f"{at:%Y-%m-%dT%H:%MZ}",
        "way": choice.way,
        "options": [option.id for _group, option in chosen],
        "zone": kitchen.calendar.zone.key,
        "told": [option.name for _group, option in chosen],
    }
    if choice.way == TABLE:
        frozen |= {"table": choice.table, "table_name": kitchen.tables[choice.table]}
    return frozen


def _otherwise(
    facts: MealFacts, at: datetime, quantity: int, portions: Mapping[str, int], day: date, now: datetime
) -> tuple[Otherwise, ...]:
    """What to say when the quarter is full or the portions are gone: the next quarter of the same day, first."""
    kitchen = facts.kitchen
    after = [slot for slot, served in offered(kitchen, now) if slot > at and served == day][:LATER]
    found = [
        Otherwise(
            {kitchen_key(kitchen.merchant_id, slot): quantity, **portions},
            Refusal(SLOT_FULL, field="choice.at", at=slot),
        )
        for slot in after
    ]
    if portions:
        found.append(Otherwise(portions, Refusal(ALL_FULL, field="choice.at")))
        found.append(Otherwise({}, Refusal(DISH_OFF, field="choice.at", title=facts.dish.title)))
    else:
        found.append(Otherwise({}, Refusal(ALL_FULL, field="choice.at")))
    return tuple(found)
