"""Departures as a table: a row for each cabin."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from functools import partial
from typing import Final

from wanku.access.actor import Actor
from wanku.catalog.models import Product, ProductState, Variant
from wanku.catalog.sheets import cells
from wanku.catalog.sheets.columns import Column
from wanku.catalog.sheets.refusals import SKU_TWICE
from wanku.catalog.sheets.rows import Row
from wanku.flows.offering._sheet import CREATE, SAME, Cells, Form, Outcome, Wrong, mapped, try_out
from wanku.flows.offering.add_departures import ALL_THERE, add_departures
from wanku.kernel.refusal import BAD_VALUE, Code, Refusal, gettext_noop
from wanku.kinds.seat.kind import Seat
from wanku.kinds.seat.rules import HOURS_MAX, MINIMUM_MAX, PLACE_MAX, POINT_MAX, SEATS_MAX, CabinData, Journey
from wanku.kinds.seat.series import Series
from wanku.merchants.models import Merchant

DEPARTURE_COLUMNS: Final = (
    Column("sku", "SKU", gettext_noop(
        "SKU of the cabin, fare or group that is sold. A further row of the same departure is its next cabin."
    ), "CA929-ECO", 18, once=False),
    Column("starts", "出发时间", gettext_noop(
        "When it leaves, on the clock of the place it leaves from. Empty for a further cabin of the row above."
    ), "2026-12-24 09:30", 18),
    Column("ends", "到达时间", gettext_noop("When it arrives, on the clock of the place it arrives at."),
           "2026-12-24 13:20", 18),
    Column("origin", "出发地", gettext_noop("Where it leaves from."), "上海"),
    Column("destination", "目的地", gettext_noop("Where it goes; a round tour ends where it began."), "东京"),
    Column("seats", "座位数", gettext_noop("Seats of this cabin or group."), "150", 8, once=False),
    Column("price", "价格", gettext_noop("Price of a seat on this departure; empty for the price of the SKU."),
           "680.00", 10, once=False),
    Column("minimum", "成团人数", gettext_noop("Seats that must be paid, else it is cancelled; 1 or empty: it goes."),
           "1", 10),
    Column("decide_hours", "成团截止(小时)", gettext_noop(
        "So many hours before it leaves it is decided whether it goes; 72 when empty."
    ), "72", 14),
    Column("sale_hours", "停售(小时)", gettext_noop("Sales end so many hours before it leaves; 2 when empty."),
           "2", 12),
    Column("zone_from", "出发地时区", gettext_noop("Time zone it leaves in; empty for the shop’s."),
           "Asia/Shanghai", 16),
    Column("zone_to", "目的地时区", gettext_noop("Time zone it arrives in; empty for the one it leaves in."),
           "Asia/Tokyo", 16),
    Column("meeting_point", "集合地点", gettext_noop("Where to be; may be empty."), "浦东机场 T2", 18),
)  # fmt: skip
FORM: Final = Form(DEPARTURE_COLUMNS, ("sku", "starts", "ends", "origin", "destination", "seats"), 400)
BY_NAME: Final = {column.name: column for column in DEPARTURE_COLUMNS}
NO_SEAT_SKU: Final = Code("no_seat_sku", gettext_noop("Nothing that is sold by departures has the SKU “%(sku)s”."), 422)
OTHER_JOURNEY: Final = Code(
    "other_journey", gettext_noop("The SKU “%(sku)s” belongs to another product than the row above."), 422
)
NO_MOMENT: Final = gettext_noop("Write day and time like 2026-12-24 09:30.")
_MOMENT: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?[T\s]+(\d{1,2})[:：](\d{2})(?:[:：]\d{2})?")
# Far years have no moment in every zone.
YEARS: Final = range(2000, 2200)
NEVER: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - a wall time that is refused before anybody uses it


def take_departures(merchant_id: int, content: bytes, *, actor: Actor, now: datetime) -> Outcome:
    """Put the departures of a table on offer, inside the caller's transaction.

    Raises:
        Refusal: those of the file.
    """
    offered = Variant.objects.filter(merchant=merchant_id, is_active=True, product__kind=Seat.code)
    skus = {v.sku: v for v in offered.exclude(product__state=ProductState.REMOVED)}
    # All at once and in order of id, so that nobody who changes two of them meets us half-way.
    products = sorted({variant.product_id for variant in skus.values()})
    list(Product.objects.select_for_update(no_key=True).filter(pk__in=products).order_by("pk"))
    zone = Merchant.objects.values_list("zone", flat=True).get(pk=merchant_id)
    write = partial(_write, skus=skus, zone=zone, actor=actor, now=now)
    return try_out(content, FORM, partial(_groups, skus=skus), write)


def _groups(rows: Sequence[Row], *, skus: dict[str, Variant]) -> list[tuple[str, list[Row]]]:
    """Rows of one departure: of one product, with the same start and places; or without a start, below it."""
    groups: dict[tuple[object, ...], list[Row]] = {}
    key: tuple[object, ...] = ()
    for row in rows:
        if row.cell("starts") or not key:
            variant = skus.get(row.cell("sku"))
            product = variant.product_id if variant else row.cell("sku")
            key = (product, *(row.cell(name) for name in ("starts", "origin", "destination")))
        groups.setdefault(key, []).append(row)
    return [
        (f"{these[0].cell('origin')} → {these[0].cell('destination')} {these[0].cell('starts')}".strip(" →"), these)
        for these in groups.values()
    ]


def _write(rows: Sequence[Row], *, skus: dict[str, Variant], zone: str, actor: Actor, now: datetime) -> str:
    first, read = rows[0], Cells()
    starts = read.needed(first, BY_NAME["starts"], _moment, NEVER)
    ends = read.needed(first, BY_NAME["ends"], _moment, NEVER)
    zone_from = first.cell("zone_from") or zone
    cabins = _cabins(rows, skus, read)
    journey = Journey(
        origin=read.needed(first, BY_NAME["origin"], cells.text(PLACE_MAX), ""),
        destination=read.needed(first, BY_NAME["destination"], cells.text(PLACE_MAX), ""),
        zone_from=zone_from,
        zone_to=first.cell("zone_to") or zone_from,
        cabins=tuple(cabin for _row, cabin in cabins),
        meeting_point=read.told(first, "meeting_point", cells.text(POINT_MAX), ""),
        sale_hours=read.told(first, "sale_hours", cells.whole(0, HOURS_MAX), 2) or 0,
        minimum=read.told(first, "minimum", cells.whole(1, MINIMUM_MAX), 1) or 1,
        decide_hours=read.told(first, "decide_hours", cells.whole(0, HOURS_MAX), 72) or 0,
    )
    read.check()
    days = (ends.date() - starts.date()).days
    series = Series(starts.date(), starts.date(), starts.time(), ends.time(), days=days)
    product_id = skus[first.cell("sku")].product_id
    try:
        add_departures(product_id, journey, series, actor=actor, now=now)
    except Refusal as refusal:
        if refusal.code is ALL_THERE:
            return SAME
        places = {name: (first, name) for name in BY_NAME} | {"first": (first, "starts"), "days": (first, "ends")}
        places |= {f"cabins.{cabin.variant_id}.{n}": (row, n) for row, cabin in cabins for n in ("seats", "price")}
        raise mapped(refusal, places, (first, "")) from None
    return CREATE


def _cabins(rows: Sequence[Row], skus: dict[str, Variant], read: Cells) -> list[tuple[Row, CabinData]]:
    """The cabins of a departure, each with its row.

    Raises:
        Wrong: when the first row names nothing that is sold, so that nobody knows whose departure it is.
    """
    found: list[tuple[Row, CabinData]] = []
    seen: dict[str, int] = {}
    for row in rows:
        sku = read.needed(row, BY_NAME["sku"], str, "")
        variant = skus.get(sku)
        seats = read.needed(row, BY_NAME["seats"], cells.whole(0, SEATS_MAX), 0) or 0
        price = read.told(row, "price", cells.price, None)
        if variant is None:
            if sku:
                read.wrong.append((row, "sku", Refusal(NO_SEAT_SKU, sku=sku[: cells.SHOWN])))
        elif found and variant.product_id != skus[rows[0].cell("sku")].product_id:
            read.wrong.append((row, "sku", Refusal(OTHER_JOURNEY, sku=sku)))
        elif sku in seen:
            read.wrong.append((row, "sku", Refusal(SKU_TWICE, sku=sku, other=seen[sku])))
        else:
            seen[sku] = row.number
            found.append((row, CabinData(variant.pk, seats, price)))
    if skus.get(rows[0].cell("sku")) is None:
        raise Wrong(read.wrong)
    return found


def _moment(cell: str) -> datetime:
    """A wall time, as people and spreadsheets write it."""
    found = _MOMENT.fullmatch(cell.strip())
    if found is None or int(found[1]) not in YEARS:
        raise Refusal(BAD_VALUE, problem=NO_MOMENT)
    year, month, day, hour, minute = (int(part) for part in found.groups())
    try:
        # On the clock of the place, which another cell names.
        return datetime.combine(date(year, month, day), time(hour, minute))
    except ValueError:
        raise Refusal(BAD_VALUE, problem=NO_MOMENT) from None
