"""Facts of variants from the database, in three statements."""

from collections.abc import Collection, Mapping
from datetime import date

from wanku.kinds.stay.models import Night, Rate, RoomType, Season
from wanku.kinds.stay.prices import NightFacts, RoomFacts, SeasonFacts, StayFacts, Tariff, weekdays_of


def load_facts(variants: Collection[int]) -> dict[int, StayFacts]:
    """What pricing needs, by variant id; variants that are no rate of a room on offer are missing."""
    rates = list(
        Rate.objects.filter(variant_id__in=list(variants), room__is_active=True).select_related("room__property")
    )
    rooms = room_facts({rate.room_id: rate.room for rate in rates})
    return {rate.pk: stay_facts(rate, rooms[rate.room_id]) for rate in rates}


def room_facts(rooms: Mapping[int, RoomType]) -> dict[int, RoomFacts]:
    """Facts of room types by id, with their seasons and special nights: two statements."""
    if not rooms:
        return {}
    seasons: dict[int, list[SeasonFacts]] = {}
    for season in Season.objects.filter(room_id__in=list(rooms)).order_by("first"):
        tariff = Tariff(season.price, weekdays_of(season.weekdays))
        seasons.setdefault(season.room_id, []).append(SeasonFacts(season.first, season.last, tariff, season.min_nights))
    nights: dict[int, dict[date, NightFacts]] = {}
    columns = ("room_id", "date", "price", "closed", "min_nights")
    for room_id, night, price, closed, least in Night.objects.filter(room_id__in=list(rooms)).values_list(*columns):
        nights.setdefault(room_id, {})[night] = NightFacts(price, closed, least)
    return {
        pk: RoomFacts(
            room_id=pk,
            name=room.name,
            included=room.included,
            most=room.most,
            adult_fee=room.adult_fee,
            child_fee=room.child_fee,
            tariff=Tariff(room.price, weekdays_of(room.weekdays)),
            seasons=tuple(seasons.get(pk, ())),
            nights=nights.get(pk, {}),
        )
        for pk, room in rooms.items()
    }


def stay_facts(rate: Rate, room: RoomFacts) -> StayFacts:
    """Facts of one rate, whose room's property was read with it."""
    house = rate.room.property
    return StayFacts(
        room=room,
        zone=house.zone,
        check_in=house.check_in,
        check_out=house.check_out,
        address=house.address,
        meal=rate.meal,
        percent_bp=rate.percent_bp,
        plus=rate.plus,
        min_nights=rate.min_nights,
        max_nights=rate.max_nights,
        notice=rate.notice,
        long_stays=tuple(sorted((row["nights"], row["bp"]) for row in rate.long_stays)),
    )
