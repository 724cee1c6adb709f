"""What somebody typed about houses, rooms and nights, to what flows take. Strange values are refused by field."""

from collections.abc import Mapping, Sequence
from datetime import date, time
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from uuid import UUID

from django.http import QueryDict

from wanku.catalog.sheets.cells import plain, price_text
from wanku.kernel.refusal import BAD_VALUE, Refusal, gettext_noop
from wanku.kinds.stay.models import Property, Rate, RoomType, Season
from wanku.kinds.stay.rules import HouseData, Paint, RateData, RoomData, SeasonData
from wanku.merchant_desk import asked

NO_AMOUNT: Final = gettext_noop("Write an amount like 12.50.")
NO_NUMBER: Final = gettext_noop("Write a whole number.")
NO_DATE: Final = gettext_noop("Choose a day.")
NO_TIME: Final = gettext_noop("Write a time like 15:00.")
NO_ROWS: Final = gettext_noop("Write one “number=percent” on each line, for example 48=0.")
SPARE: Final = 1
DAYS: Final = range(7)
RATE_FIELDS: Final = ("name", "meal", "percent", "plus", "notice", "min_nights", "max_nights", "long_stays", "variant")
SEASON_FIELDS: Final = ("name", "first", "last", "price", "min_nights")


def house_form(house: Property | None, zone: str) -> dict[str, Any]:
    """What stands in the form of a house; a new one is in the shop's zone."""
    if house is None:
        return {"zone": zone, "check_in": "15:00", "check_out": "12:00", "ahead_days": "365"}
    return {
        "place": house.place.name,
        "address": house.address,
        "phone": house.phone,
        "zone": house.zone,
        "check_in": house.check_in.isoformat("minutes"),
        "check_out": house.check_out.isoformat("minutes"),
        "stars": house.stars or "",
        "facilities": house.facilities,
        "rules": house.rules,
        "ahead_days": house.ahead_days,
    }


def house_typed(post: QueryDict) -> dict[str, Any]:
    """What was typed, to show it again."""
    names = ("place", "address", "phone", "zone", "check_in", "check_out", "stars", "rules", "ahead_days")
    return {**{name: post.get(name, "") for name in names}, "facilities": post.getlist("facilities")[:60]}


def house_data(typed: Mapping[str, Any]) -> HouseData:
    """For the flow."""
    return HouseData(
        place=typed["place"],
        address=typed["address"],
        phone=typed["phone"],
        zone=typed["zone"],
        check_in=_time(typed["check_in"], "check_in"),
        check_out=_time(typed["check_out"], "check_out"),
        stars=_whole(typed["stars"], "stars") if typed["stars"] else None,
        facilities=tuple(typed["facilities"]),
        rules=typed["rules"],
        ahead_days=_whole(typed["ahead_days"], "ahead_days"),
    )


def room_form(room: RoomType | None, rates: Sequence[Rate]) -> dict[str, Any]:
    """What stands in the form of a room type: its rates, and a spare row."""
    blank = {"meal": "none", "notice": "24=0\n0=50", "min_nights": "1", "max_nights": "30"}
    if room is None:
        return {"rooms": "1", "included": "2", "most": "2", "weekdays": [""] * 7, "rates": [blank], "pictures": []}
    rows = [
        {
            "name": rate.name,
            "meal": rate.meal,
            "percent": f"{rate.percent_bp / 100:g}" if rate.percent_bp else "",
            "plus": price_text(rate.plus) if rate.plus else "",
            "notice": _pairs_text([(row["hours"], row["bp"]) for row in rate.notice]),
            "min_nights": rate.min_nights,
            "max_nights": rate.max_nights,
            "long_stays": _pairs_text([(row["nights"], row["bp"]) for row in rate.long_stays]),
            "variant": str(rate.pk),
        }
        for rate in rates
    ]
    week = room.weekdays or [None] * 7
    return {
        "name": room.name,
        "about": room.about,
        "beds": room.beds,
        "area": room.area or "",
        "rooms": room.rooms,
        "included": room.included,
        "most": room.most,
        "price": price_text(room.price),
        "adult_fee": price_text(room.adult_fee) if room.adult_fee else "",
        "child_fee": price_text(room.child_fee) if room.child_fee else "",
        "weekdays": [price_text(price) for price in week],
        "facilities": room.facilities,
        "pictures": room.pictures,
        "rates": [*rows, *[blank] * SPARE],
    }


def room_typed(post: QueryDict) -> dict[str, Any]:
    """What was typed, to show it again. A rate without a name is a spare that nobody filled in."""
    names = ("name", "about", "beds", "area", "rooms", "included", "most", "price", "adult_fee", "child_fee")
    rates = [
        {name: post.get(f"r{at}-{name}", "") for name in RATE_FIELDS}
        for at in range(min(asked.whole(post.get("rates", "")) or 0, 12))
        if not post.get(f"r{at}-drop")
    ]
    dropped = set(post.getlist("drop"))
    return {
        **{name: post.get(name, "") for name in names},
        "weekdays": [post.get(f"day{day}", "") for day in DAYS],
        "facilities": post.getlist("facilities")[:60],
        "pictures": [key for key in post.getlist("pictures")[:12] if key not in dropped],
        "rates": [rate for rate in rates if rate["name"].strip()],
    }


def room_data(typed: Mapping[str, Any]) -> RoomData:
    """For the flow."""
    return RoomData(
        name=typed["name"],
        rooms=_whole(typed["rooms"], "rooms"),
        price=_amount(typed["price"], "price"),
        rates=tuple(_rate(rate, f"rates.{at}") for at, rate in enumerate(typed["rates"])),
        about=typed["about"],
        area=_whole(typed["area"], "area") if typed["area"] else None,
        beds=typed["beds"],
        pictures=tuple(key for text in typed["pictures"] if (key := asked.key(text)) is not None),
        facilities=tuple(typed["facilities"]),
        included=_whole(typed["included"], "included"),
        most=_whole(typed["most"], "most"),
        adult_fee=_amount(typed["adult_fee"] or "0", "adult_fee"),
        child_fee=_amount(typed["child_fee"] or "0", "child_fee"),
        weekdays=_week(typed["weekdays"], "weekdays"),
    )


def season_form(seasons: Sequence[Season]) -> list[dict[str, Any]]:
    """What stands in the form of seasons, with two spare rows."""
    rows = [
        {
            "name": season.name,
            "first": season.first.isoformat(),
            "last": season.last.isoformat(),
            "price": price_text(season.price),
            "min_nights": season.min_nights or "",
            "weekdays": [price_text(price) for price in season.weekdays or [None] * 7],
        }
        for season in seasons
    ]
    return [*rows, *[{"weekdays": [""] * 7}] * 2]


def season_typed(post: QueryDict) -> list[dict[str, Any]]:
    """What was typed, to show it again; rows without a name are spares."""
    rows = []
    for at in range(min(asked.whole(post.get("seasons", "")) or 0, 45)):
        row: dict[str, Any] = {name: post.get(f"s{at}-{name}", "") for name in SEASON_FIELDS}
        if row["name"].strip() and not post.get(f"s{at}-drop"):
            rows.append({**row, "weekdays": [post.get(f"s{at}-day{day}", "") for day in DAYS]})
    return rows


def season_data(typed: Sequence[Mapping[str, Any]]) -> list[SeasonData]:
    """For the flow."""
    return [
        SeasonData(
            name=row["name"],
            first=_day(row["first"], f"seasons.{at}.first"),
            last=_day(row["last"], f"seasons.{at}.last"),
            price=_amount(row["price"], f"seasons.{at}.price"),
            weekdays=_week(row["weekdays"], f"seasons.{at}.weekdays"),
            min_nights=_whole(row["min_nights"], f"seasons.{at}.min_nights") if row["min_nights"] else None,
        )
        for at, row in enumerate(typed)
    ]


def paint_data(post: QueryDict) -> Paint:
    """What shall become of nights; an empty field leaves things as they are."""
    price = {"usual": 0}.get(post.get("pricing", ""))
    typed = post.get("price", "").strip()
    if price is None and typed:
        price = _amount(typed, "price")
        if not price:
            raise Refusal(BAD_VALUE, field="price", problem=NO_AMOUNT)
    return Paint(
        first=_day(post.get("from", ""), "from"),
        last=_day(post.get("to", ""), "to"),
        weekdays=frozenset(day for text in post.getlist("weekday")[:7] if (day := asked.whole(text)) is not None),
        price=price,
        closed={"close": True, "open": False}.get(post.get("sale", "")),
        rooms=_whole(post["rooms"], "rooms") if post.get("rooms", "").strip() else None,
        min_nights=_whole(post["min_nights"], "min_nights") if post.get("min_nights", "").strip() else None,
    )


def _rate(typed: Mapping[str, Any], at: str) -> RateData:
    variant = asked.whole(str(typed["variant"]))
    return RateData(
        name=typed["name"],
        meal=typed["meal"],
        percent_bp=_percent(typed["percent"], f"{at}.percent") if typed["percent"].strip() else 0,
        plus=_amount(typed["plus"], f"{at}.plus") if typed["plus"].strip() else 0,
        notice=_pairs(typed["notice"], f"{at}.notice"),
        min_nights=_whole(typed["min_nights"] or "1", f"{at}.min_nights"),
        max_nights=_whole(typed["max_nights"] or "30", f"{at}.max_nights"),
        long_stays=_pairs(typed["long_stays"], f"{at}.long_stays"),
        variant_id=variant,
    )


def _pairs(text: str, field: str) -> tuple[tuple[int, int], ...]:
    """``48=0`` lines to whole numbers and basis points."""
    found = []
    for line in text.splitlines():
        if not line.strip():
            continue
        number, sign, share = line.partition("=")
        whole = asked.whole(number)
        if not sign or whole is None:
            raise Refusal(BAD_VALUE, field=field, problem=NO_ROWS)
        found.append((whole, _percent(share, field)))
    return tuple(found)


def _pairs_text(rows: Sequence[tuple[int, int]]) -> str:
    return "\n".join(f"{number}={bp / 100:g}" for number, bp in rows)


def _percent(text: str, field: str) -> int:
    try:
        basis = Decimal(plain(text).removesuffix("%").strip()) * 100
        if abs(basis) > 100_000 or basis != basis.to_integral_value():
            raise Refusal(BAD_VALUE, field=field, problem=NO_ROWS)
    except InvalidOperation:
        raise Refusal(BAD_VALUE, field=field, problem=NO_ROWS) from None
    return int(basis)


def _week(texts: Sequence[str], field: str) -> tuple[int | None, ...]:
    prices = tuple(_amount(text, field) if text.strip() else None for text in texts)
    return prices if any(price is not None for price in prices) else ()


def _amount(text: str, field: str) -> int:
    found = asked.money(text)
    if found is None:
        raise Refusal(BAD_VALUE, field=field, problem=NO_AMOUNT)
    return found


def _whole(text: Any, field: str) -> int:
    found = asked.whole(str(text))
    if found is None or abs(found) > 1_000_000:
        raise Refusal(BAD_VALUE, field=field, problem=NO_NUMBER)
    return found


def _day(text: str, field: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refusal(BAD_VALUE, field=field, problem=NO_DATE) from None


def _time(text: str, field: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise Refusal(BAD_VALUE, field=field, problem=NO_TIME) from None


def picture_keys(typed: Mapping[str, Any]) -> list[UUID]:
    """Keys of pictures in the form."""
    return [key for text in typed.get("pictures", ()) if (key := asked.key(text)) is not None]
