"""Houses for tests."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from tests.cast import NOW, product_of, variant_of
from wanku.kinds.pick import Pick
from wanku.kinds.stay.booking import StayChoice, pick_stay
from wanku.kinds.stay.models import Place, Property, Rate, RoomType
from wanku.kinds.stay.open_nights import open_nights
from wanku.kinds.stay.prices import ONE_DAY, NightFacts, RoomFacts, SeasonFacts, StayFacts, Tariff
from wanku.merchants.models import Merchant

TODAY = date(2026, 11, 11)
NOTICE: Sequence[Mapping[str, int]] = ({"hours": 48, "bp": 0}, {"hours": 0, "bp": 5000})


def room_facts_of(**fields: Any) -> RoomFacts:
    """A double room of 500 yuan, 600 on Fridays and Saturdays."""
    weekend = Tariff(50_000, (None, None, None, None, 60_000, 60_000, None))
    told: dict[str, Any] = {
        "room_id": 7,
        "name": "湖景双床房",
        "included": 2,
        "most": 4,
        "adult_fee": 10_000,
        "child_fee": 5_000,
        "tariff": weekend,
    }
    return RoomFacts(**told | fields)


def facts_of(room: RoomFacts | None = None, **fields: Any) -> StayFacts:
    """That room with breakfast, in Hangzhou."""
    told: dict[str, Any] = {
        "room": room or room_facts_of(),
        "zone": "Asia/Shanghai",
        "check_in": time(15),
        "check_out": time(12),
        "address": "北山街 1 号",
        "meal": "breakfast",
        "percent_bp": 0,
        "plus": 0,
        "min_nights": 1,
        "max_nights": 30,
        "notice": NOTICE,
    }
    return StayFacts(**told | fields)


def pick_of(facts: StayFacts, first: date, nights: int = 1, *, now: datetime = NOW, **asked: Any) -> Pick:
    """What a stay costs and takes."""
    rooms = asked.pop("rooms", 1)
    choice = StayChoice(check_in=first, check_out=first + nights * ONE_DAY, **asked)
    return pick_stay(facts, choice, rooms, currency="CNY", now=now)


def night_of(price: int | None = None, *, closed: bool = False, least: int | None = None) -> NightFacts:
    """A special night."""
    return NightFacts(price, closed, least)


def season_of(first: date, last: date, price: int, least: int | None = None) -> SeasonFacts:
    """A season with one price."""
    return SeasonFacts(first, last, Tariff(price), least)


def house_of(
    merchant: Merchant,
    *,
    place: str = "杭州",
    prices: Sequence[int] = (50_000,),
    rooms: int = 2,
    nights: int = 30,
    first: date = TODAY,
    **fields: Any,
) -> Property:
    """A house on sale with a room type per price, each with one rate, open for ``nights`` nights."""
    product = product_of(merchant, "湖畔小院", prices=prices, stock=0, kind="stay")
    told: dict[str, Any] = {
        "address": "北山街 1 号",
        "check_in": time(15),
        "check_out": time(12),
        "facilities": ["wifi"],
    }
    house = Property.objects.create(
        product=product,
        merchant=merchant,
        place=Place.objects.get_or_create(name=place)[0],
        **told | fields,
    )
    for index, price in enumerate(prices):
        room = RoomType.objects.create(
            property=house,
            merchant=merchant,
            name=f"{index + 1}号房",
            rooms=rooms,
            included=2,
            most=3,
            adult_fee=10_000,
            child_fee=5_000,
            price=price,
            position=index,
        )
        Rate.objects.create(
            variant=variant_of(product, index),
            room=room,
            merchant=merchant,
            name="含早",
            meal="breakfast",
            notice=list(NOTICE),
        )
        open_nights([room], [first + n * ONE_DAY for n in range(nights)], by_id=None, now=NOW)
    return house


def room_of(house: Property, index: int = 0) -> RoomType:
    """A room type of a house."""
    return house.room_types.all()[index]
