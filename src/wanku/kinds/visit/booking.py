"""From a chosen time to what it takes: pure, from the facts of a variant."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from hashlib import blake2b
from typing import Any, Final

from wanku.kernel.refusal import BAD_VALUE, Code, Refusal, gettext_noop
from wanku.kinds.pick import Part, Pick, Way
from wanku.kinds.visit.choice import VisitChoice
from wanku.kinds.visit.facts import EITHER, HOME, SHOP, Facts, Person, key_of
from wanku.kinds.visit.hours import QUARTER, day_of, fits, moment_of, quarter_of, quarters_of, worked_around

NOT_OFFERED: Final = Code("visit_not_offered", gettext_noop("This time is not on offer. Please choose another one."))
TOO_SOON: Final = Code(
    "visit_too_soon", gettext_noop("This is too soon: it must be chosen at least %(minutes)s minutes before.")
)
TOO_FAR: Final = Code("visit_too_far", gettext_noop("This can be booked at most %(days)s days ahead."))
NO_SUCH_PERSON: Final = Code(
    "visit_no_such_person", gettext_noop("This person does not do this. Please choose somebody else, or anyone.")
)
NOT_AT_WORK: Final = Code(
    "visit_not_at_work", gettext_noop("%(name)s does not work at this time. Please choose another time or person.")
)
ONE_AT_A_TIME: Final = Code("visit_one_at_a_time", gettext_noop("A visit is booked one at a time."), 422)
WHERE: Final = gettext_noop("Choose whether we come to you or you come to us.")
WHEN: Final = gettext_noop("Choose a day and a time.")
NOT_THERE: Final = gettext_noop("This is not done there.")


def pick_visit(
    facts: Facts, *, price: int, choice: VisitChoice, quantity: int, add_ons: Collection[int], now: datetime
) -> Pick:
    """What a visit costs and takes; one way for each person who works then, in an order that is fair to all.

    Raises:
        Refusal: ``visit_one_at_a_time``, ``visit_not_offered``, ``visit_too_soon``, ``visit_too_far``,
            ``visit_no_such_person``, ``visit_not_at_work``, ``bad_value`` for the place or without a time.
    """
    if quantity != 1:
        raise Refusal(ONE_AT_A_TIME, field="quantity")
    where = place_of(facts, choice.where)
    if choice.at is None:
        raise Refusal(BAD_VALUE, field="choice.at", problem=WHEN)
    start = _start(facts, choice.at, now)
    length = facts.length(frozenset(add_ons))
    wanted = [person for person in facts.people if choice.worker in (None, person.id)]
    if not wanted:
        raise Refusal(NO_SUCH_PERSON, field="choice.worker")
    day = day_of(choice.at, facts.zone)
    present = [person for person in wanted if _present(facts, person, day, start, length, where)]
    if not present and choice.worker is not None:
        raise Refusal(NOT_AT_WORK, field="choice.at", name=wanted[0].name)
    if not present:
        raise Refusal(NOT_OFFERED, field="choice.at")
    begins, ends = moment_of(start, facts.zone), moment_of(start + length, facts.zone)
    fixed = {
        "at": begins.isoformat(),
        "until": ends.isoformat(),
        "zone": facts.zone.key,
        "where": where,
        "shop_address": facts.shop_address if where == SHOP else "",
        "anyone": choice.worker is None,
    }
    return Pick(
        unit_price=price,
        parts=(Part("service", price, {"minutes": length * 15}),),
        ways=tuple(_way(facts, person, range(start, start + length), fixed) for person in in_turn(present, start)),
        starts_at=begins,
        ends_at=ends,
        terms={"cancellation": list(facts.cancellation), "zone": facts.zone.key},
    )


def in_turn(people: Sequence[Person], start: int) -> list[Person]:
    """People in the order in which "anyone" takes them: drawn by lot for each time, so that nobody is always first.

    The lot is the same for everybody who asks, so what is shown is what is taken.
    """
    return sorted(people, key=lambda person: blake2b(f"{start}:{person.id}".encode(), digest_size=8).digest())


def place_of(facts: Facts, asked: str) -> str:
    """Where it is done.

    Raises:
        Refusal: nothing was chosen where there is a choice, or a place where it is not done.
    """
    if facts.place == EITHER:
        if asked not in (HOME, SHOP):
            raise Refusal(BAD_VALUE, field="choice.where", problem=WHERE)
        return asked
    if asked not in ("", facts.place):
        raise Refusal(BAD_VALUE, field="choice.where", problem=NOT_THERE)
    return facts.place


def starts_on(facts: Facts, day: date, now: datetime) -> Iterator[int]:
    """The times of a date that the shop's clock has and that are neither too soon nor too far."""
    if day > last_day(facts, now):
        return
    earliest = _earliest(facts, now)
    for quarter, minute in quarters_of(day, facts.zone):
        if minute % (facts.step * 15) == 0 and quarter * QUARTER >= earliest:
            yield quarter


def last_day(facts: Facts, now: datetime) -> date:
    """The last date that can be booked."""
    return day_of(now, facts.zone) + timedelta(days=facts.days_ahead)


def span(person: Person, start: int, length: int, where: str) -> range:
    """Every quarter that a visit takes of somebody, the way included."""
    before, after = person.way(where)
    return range(start - before, start + length + after)


def at_work(facts: Facts, person: Person, day: date, where: str, length: int, starts: Sequence[int]) -> list[int]:
    """Those of the times at which somebody works from the way there to the way back."""
    if not starts:
        return []
    working = worked_around(person.roster, day, facts.zone)
    before, after = person.way(where)
    return [start for start in starts if fits(start - before, before + length + after, working)]


def _earliest(facts: Facts, now: datetime) -> float:
    return now.timestamp() + facts.lead_minutes * 60


def _present(facts: Facts, person: Person, day: date, start: int, length: int, where: str) -> bool:
    return bool(at_work(facts, person, day, where, length, [start]))


def _start(facts: Facts, at: datetime, now: datetime) -> int:
    start = quarter_of(at)
    shown = at.astimezone(facts.zone)
    if start is None or (shown.hour * 60 + shown.minute) % (facts.step * 15):
        raise Refusal(NOT_OFFERED, field="choice.at")
    if at.timestamp() < _earliest(facts, now):
        raise Refusal(TOO_SOON, field="choice.at", minutes=facts.lead_minutes)
    if shown.date() > last_day(facts, now):
        raise Refusal(TOO_FAR, field="choice.at", days=facts.days_ahead)
    return start


def _way(facts: Facts, person: Person, visit: range, fixed: Mapping[str, Any]) -> Way:
    taken = span(person, visit.start, len(visit), fixed["where"])
    own = {
        "worker": person.id,
        "name": person.name,
        "from": moment_of(taken.start, facts.zone).isoformat(),
        "to": moment_of(taken.stop, facts.zone).isoformat(),
    }
    return Way({key_of(person.id, quarter): 1 for quarter in taken}, {**fixed, **own})
