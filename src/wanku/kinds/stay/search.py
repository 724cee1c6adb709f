"""Houses in a destination that are free for all nights, with what the stay costs there."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from wanku.kernel.refusal import Refusal
from wanku.kinds.pick import Pick
from wanku.kinds.stay.asking import Asked
from wanku.kinds.stay.booking import pick_stay
from wanku.kinds.stay.free import free_rooms
from wanku.kinds.stay.load import room_facts, stay_facts
from wanku.kinds.stay.models import Property, Rate
from wanku.merchants.models import SELLING_STATES

SHOWN_MAX = 200
"""Houses of one answer; a destination with more is narrowed down by dates and budget."""


@dataclass(frozen=True, slots=True)
class Found:
    """A house with its cheapest way to stay there.

    Attributes:
        total: for all rooms and nights, minor units.
        left: rooms of that type that are free for all nights.
    """

    house: Property
    rate: Rate
    pick: Pick
    total: int
    left: int


def search_stays(
    places: Collection[int],
    asked: Asked,
    *,
    budget: int | None,
    facilities: Collection[str] = (),
    now: datetime,
) -> list[Found]:
    """Houses with a room that is free for all nights, cheapest first: four statements.

    Args:
        budget: most that the whole stay may cost, minor units; none is any.
        facilities: codes that a house must have, all of them.
    """
    guests = asked.adults + asked.children
    left = free_rooms(places, asked.check_in, asked.check_out, guests=guests, rooms=asked.rooms, states=SELLING_STATES)
    if not left:
        return []
    rates = list(
        Rate.objects.filter(room_id__in=list(left), variant__is_active=True)
        .filter(room__property__facilities__contains=list(facilities), room__property__place__is_hidden=False)
        .select_related("room__property__product__merchant", "room__property__place", "variant")
    )
    facts = room_facts({rate.room_id: rate.room for rate in rates})
    best: dict[int, Found] = {}
    for rate in rates:
        house = rate.room.property
        try:
            pick = pick_stay(
                stay_facts(rate, facts[rate.room_id]),
                asked.choice,
                asked.rooms,
                currency=house.product.currency,
                now=now,
            )
        except Refusal:
            continue
        total = pick.unit_price * asked.rooms
        if budget is not None and total > budget:
            continue
        if house.pk not in best or (total, rate.pk) < (best[house.pk].total, best[house.pk].rate.pk):
            best[house.pk] = Found(house, rate, pick, total, left[rate.room_id])
    return sorted(best.values(), key=lambda found: (found.total, found.house.pk))[:SHOWN_MAX]
