"""From chosen dates to what they cost and take: pure, from the facts of a variant."""

from datetime import UTC, date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from pydantic import Field

from wanku.kernel.refusal import Code, Refusal, gettext_noop
from wanku.kinds.kind import Choice
from wanku.kinds.pick import Pick, Way
from wanku.kinds.stay.prices import StayFacts, nights_between, parts_of, supply_key, total_of

NIGHTS_MAX: Final = 90
"""Of one stay, whatever a rate allows."""
GUESTS_MAX: Final = 20

NO_NIGHT: Final = Code("stay_no_night", gettext_noop("Check-out must be at least a day after check-in."), 422)
PAST: Final = Code("stay_past", gettext_noop("These dates are over. Please choose others."))
CLOSED: Final = Code("stay_closed", gettext_noop("The night of %(date)s is not on sale. Please choose other dates."))
TOO_SHORT: Final = Code("stay_too_short", gettext_noop("A stay from this day has at least %(nights)s nights."))
TOO_LONG: Final = Code("stay_too_long", gettext_noop("A stay at this rate has at most %(nights)s nights."))
GUESTS: Final = Code("stay_guests", gettext_noop("At most %(most)s guests fit into one room. Please take more rooms."))


class StayChoice(Choice):
    """When, and how many are in each room.

    Attributes:
        check_in, check_out: days at the house.
        adults, children: in each room.
    """

    check_in: date
    check_out: date
    adults: int = Field(default=2, ge=1, le=GUESTS_MAX)
    children: int = Field(default=0, ge=0, le=GUESTS_MAX)


def pick_stay(facts: StayFacts, choice: StayChoice, rooms: int, *, currency: str, now: datetime) -> Pick:
    """Price, counters and times of a stay in ``rooms`` rooms alike.

    Raises:
        Refusal: ``stay_no_night``, ``stay_past``, ``stay_too_short``, ``stay_too_long``, ``stay_guests``,
            ``stay_closed``.
    """
    check_dates(facts, choice.check_in, choice.check_out, now=now)
    if choice.adults + choice.children > facts.room.most:
        raise Refusal(GUESTS, field="choice.adults", most=facts.room.most)
    nights = nights_between(choice.check_in, choice.check_out)
    closed = next((night for night in nights if facts.room.closed_on(night)), None)
    if closed is not None:
        raise Refusal(CLOSED, field="choice.check_in", date=closed)
    parts = parts_of(facts, nights, choice.adults, choice.children, currency)
    at_the_house = {
        "zone": facts.zone,
        "from": facts.check_in.isoformat("minutes"),
        "until": facts.check_out.isoformat("minutes"),
        "address": facts.address,
        "meal": facts.meal,
    }
    demand = {supply_key(facts.room.room_id, night): rooms for night in nights}
    return Pick(
        unit_price=total_of(parts),
        parts=parts,
        ways=(Way(demand, choice.model_dump(mode="json") | at_the_house),),
        starts_at=moment(choice.check_in, facts.check_in, facts.zone),
        ends_at=moment(choice.check_out, facts.check_out, facts.zone),
        terms={
            "cancellation": [dict(row) for row in facts.notice],
            "zone": facts.zone,
        },
    )


def check_dates(facts: StayFacts, check_in: date, check_out: date, *, now: datetime) -> None:
    """Whether a stay may have these dates; whether rooms are free is another question.

    Raises:
        Refusal: ``stay_no_night``, ``stay_past``, ``stay_too_short``, ``stay_too_long``.
    """
    count = (check_out - check_in).days
    if count < 1:
        raise Refusal(NO_NIGHT, field="choice.check_out")
    # Until the day is over at the house, its night can be had.
    if check_in < now.astimezone(ZoneInfo(facts.zone)).date():
        raise Refusal(PAST, field="choice.check_in")
    least = max(facts.min_nights, facts.room.min_nights_from(check_in))
    if count < least:
        raise Refusal(TOO_SHORT, field="choice.check_out", nights=least)
    most = min(facts.max_nights, NIGHTS_MAX)
    if count > most:
        raise Refusal(TOO_LONG, field="choice.check_out", nights=most)


def moment(day: date, wall: time, zone: str) -> datetime:
    """A wall time at the house as a moment; one that the clocks skip counts as the one an hour later."""
    local = datetime.combine(day, wall, ZoneInfo(zone))
    # Through UTC, because a wall time that does not exist has no true offset.
    return local.astimezone(UTC).astimezone(ZoneInfo(zone))
