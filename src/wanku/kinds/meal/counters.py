"""Which counters a kitchen needs for the days on which one can order."""

from datetime import datetime, timedelta
from typing import Final

from wanku.kinds.meal.facts import KitchenFact, kitchen_key, portion_key
from wanku.kinds.meal.hours import DAY
from wanku.kinds.meal.load import load_kitchens
from wanku.kinds.meal.models import Dish

SPARE: Final = 2 * DAY
"""Opened beyond the last day on offer, so that a sweep may be late."""


def wanted_counters(merchant_id: int, *, now: datetime) -> dict[str, int]:
    """Levels by key: dishes of each quarter of an hour, portions of each day of service; empty without a kitchen."""
    kitchen = load_kitchens([merchant_id]).get(merchant_id)
    if kitchen is None:
        return {}
    return {**quarter_levels(kitchen, now=now), **portion_levels(kitchen, now=now)}


def quarter_levels(kitchen: KitchenFact, *, now: datetime) -> dict[str, int]:
    """Dishes by counter of the quarters from now on."""
    days = kitchen.ahead_days + SPARE.days + 1
    return {
        kitchen_key(kitchen.merchant_id, at): kitchen.capacity
        for at, _day in kitchen.calendar.quarters(now - timedelta(hours=1), days)
    }


def portion_levels(kitchen: KitchenFact, *, now: datetime, product_id: int | None = None) -> dict[str, int]:
    """Portions by counter, of the days from the one that is being served; of one dish or of all."""
    today = kitchen.calendar.service_now(now)
    days = [today + offset * DAY for offset in range(kitchen.ahead_days + SPARE.days + 1)]
    dishes = Dish.objects.filter(merchant=kitchen.merchant_id, portions__isnull=False)
    if product_id is not None:
        dishes = dishes.filter(pk=product_id)
    return {portion_key(dish.pk, day): dish.portions or 0 for dish in dishes for day in days}
