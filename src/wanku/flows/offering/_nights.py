"""Writing what is special about nights, and reading it from a table."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import Q

from wanku.catalog.sheets import cells
from wanku.catalog.sheets.read_table import read_table
from wanku.kernel.refusal import BAD_VALUE, Code, Refusal, gettext_noop
from wanku.kinds.stay.booking import NIGHTS_MAX
from wanku.kinds.stay.models import Night, RoomType
from wanku.kinds.stay.open_nights import open_nights, set_rooms
from wanku.kinds.stay.rules import ROOMS_MAX, Paint, paint_problems

ROWS_MAX: Final = 3_000
COLUMNS: Final = ("room", "date", "price", "closed", "rooms", "min_nights")
NAMES: Final[Mapping[str, str]] = {
    "房型": "room", "日期": "date", "价格": "price", "停售": "closed", "房间数": "rooms", "最少晚数": "min_nights",
}  # fmt: skip
NO_COLUMNS = Code(
    "no_night_columns", gettext_noop("The first row must hold the headings “room”, “date” and “price”."), 422
)
NO_ROOM: Final = gettext_noop("No room type of this house has this name.")
NO_DAY: Final = gettext_noop("Write the day like 2026-12-24.")
TWICE: Final = gettext_noop("This night stands in the file twice.")


@dataclass(frozen=True, slots=True)
class NightLine:
    """A row of the file: its number there, what it says, and what becomes of the night or what is wrong."""

    number: int
    cells: tuple[str, ...]
    room: RoomType | None = None
    paint: Paint | None = None
    fault: Refusal | None = None


def write_nights(room: RoomType, days: Sequence[date], paint: Paint, *, by_id: int | None, now: datetime) -> None:
    """Change what is special about days of a room type whose house is held; what the paint does not name stays."""
    changes: dict[str, int | bool | None] = {}
    if paint.price is not None:
        changes["price"] = paint.price or None
    if paint.closed is not None:
        changes["closed"] = paint.closed
    if paint.min_nights is not None:
        changes["min_nights"] = paint.min_nights or None
    if changes:
        Night.objects.bulk_create(
            (Night(room=room, merchant_id=room.merchant_id, date=day, **changes) for day in days),
            update_conflicts=True,
            unique_fields=["room", "date"],
            update_fields=list(changes),
        )
        plain = Q(price=None, closed=False, min_nights=None)
        Night.objects.filter(plain, room=room, date__in=days).delete()
    if paint.rooms is not None:
        open_nights([room], days, by_id=by_id, now=now)
        set_rooms(room, days, paint.rooms, by_id=by_id, now=now)


def read_nights(content: bytes, rooms: Sequence[RoomType], *, today: date, last: date) -> list[NightLine]:
    """Rows of a CSV or Excel file, each with its night or with what is wrong.

    Raises:
        Refusal: what `read_table` refuses; ``no_night_columns``.
    """
    table = read_table(content, rows_max=ROWS_MAX)
    places = {NAMES.get(heading.strip(), heading.strip().lower()): at for at, heading in enumerate(table.headings)}
    if not {"room", "date", "price"} <= places.keys():
        raise Refusal(NO_COLUMNS, field="file")
    by_name = {room.name: room for room in rooms}
    seen: set[tuple[int, date]] = set()
    found = []
    for number, row in table.rows:
        told = {name: row[places[name]].strip() if name in places else "" for name in COLUMNS}
        line = NightLine(number, tuple(told[name] for name in COLUMNS))
        try:
            room, paint = _night(told, by_name, seen, today=today, last=last)
        except Refusal as refusal:
            found.append(NightLine(number, line.cells, fault=refusal))
            continue
        seen.add((room.pk, paint.first))
        found.append(NightLine(number, line.cells, room, paint))
    return found


def _night(
    told: Mapping[str, str],
    rooms: Mapping[str, RoomType],
    seen: Container[tuple[int, date]],
    *,
    today: date,
    last: date,
) -> tuple[RoomType, Paint]:
    room = rooms.get(told["room"])
    if room is None:
        raise Refusal(BAD_VALUE, field="room", problem=NO_ROOM)
    day = _day(told["date"])
    if (room.pk, day) in seen:
        raise Refusal(BAD_VALUE, field="date", problem=TWICE)
    closed = cells.choice(*cells.YES_NO, words={"是": "yes", "否": "no"})(told["closed"])
    paint = Paint(
        first=day,
        last=day,
        price=cells.price(told["price"]),
        closed={"yes": True, "no": False}.get(closed),
        rooms=cells.whole(0, ROOMS_MAX)(told["rooms"]),
        min_nights=cells.whole(0, NIGHTS_MAX)(told["min_nights"]),
    )
    for refusal in paint_problems(paint, today=today, last=last):
        raise refusal
    return room, paint


def _day(text: str) -> date:
    try:
        # A workbook's day comes with its midnight.
        return date.fromisoformat(text[:10].replace("/", "-"))
    except ValueError:
        raise Refusal(BAD_VALUE, field="date", problem=NO_DAY) from None
