"""The kind: how a seat is chosen, priced, described and kept."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, ClassVar, Final

from django.db.models import Exists
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from wanku.kernel.invariant import Invariant
from wanku.kernel.refusal import Refusal, refuse_all
from wanku.kinds import course as c
from wanku.kinds.kind import Booked, Choice, Fact, Kind, OnOffer
from wanku.kinds.pick import Part, Pick, Way
from wanku.kinds.seat import passages
from wanku.kinds.seat.ahead import seats_ahead
from wanku.kinds.seat.load import load_facts
from wanku.kinds.seat.models import KEY
from wanku.kinds.seat.proofs import PROOFS
from wanku.kinds.seat.rules import NO_DEPARTURE, NOT_ABOARD, NOT_GOING, SALE_OVER, Facts, Leaving
from wanku.kinds.seat.show import show_departures
from wanku.kinds.seat.states import CANCELLED, OPEN
from wanku.kinds.seat.travellers import Asked, Travellers, check_travellers, masked
from wanku.kinds.seat.words import full_day_words, local, moment_words


class SeatChoice(Choice):
    """Which departure; the cabin is the variant."""

    departure: int


_COURSE: Final = c.Course(
    states={
        c.ACCEPTED: pgettext_lazy("journey", "Confirmed"),
        c.STARTED: pgettext_lazy("journey", "Checked in"),
        c.DONE: pgettext_lazy("journey", "Completed"),
        c.NO_SHOW: pgettext_lazy("journey", "Did not come"),
        c.CANCELLED: pgettext_lazy("journey", "Cancelled"),
    },
    acts={
        "start": pgettext_lazy("journey", "Check in"),
        "finish": pgettext_lazy("journey", "Complete"),
        "no_show": pgettext_lazy("journey", "Did not come"),
    },
    # Only somebody who stood there can say that a traveller did not come; silence means that all went as promised.
    silence={
        c.ACCEPTED: c.Silence("seat_done", c.FROM_END, "finish"),
        c.STARTED: c.Silence("seat_done", c.FROM_END, "finish"),
    },
    by_code=True,
    move=True,
    cancel=frozenset({c.ACCEPTED}),
)


class Seat(Kind):
    """A seat on a departure: flights, trains, tours."""

    code: ClassVar[str] = "seat"
    label: ClassVar[Promise | str] = gettext_lazy("Journey or tour")
    icon: ClassVar[str] = "plane"
    course: ClassVar[c.Course] = _COURSE
    choice_model: ClassVar[type[Choice]] = SeatChoice
    details_model: ClassVar[type[Choice] | None] = Travellers
    terms_of_time: ClassVar[frozenset[str]] = frozenset({"zone", "minimum", "decide_at"})

    def pick(
        self, offer: OnOffer, choice: Choice, quantity: int, *, add_ons: Collection[int] = (), now: datetime
    ) -> Pick:
        """The fare of the departure times seats, from the counter of the cabin.

        Raises:
            Refusal: ``no_departure``, ``not_aboard``, ``departure_cancelled``, ``sale_over`` on ``choice.departure``.
        """
        facts: Facts = offer.facts
        assert isinstance(choice, SeatChoice)  # noqa: S101 - of `choice_model`
        at = _leaving(facts, choice.departure, offer, now)
        price = offer.price if at.price is None else at.price
        code = "fare" if at.price is None else "fare_of_day"
        starts = local(at.starts_at, at.words["zone_from"])
        terms: dict[str, Any] = {"cancellation": list(facts.cancellation), "zone": at.words["zone_from"]}
        if at.state == OPEN and at.decide_at is not None:
            terms |= {"minimum": at.minimum, "decide_at": at.decide_at.isoformat()}
        else:
            # It goes in any case by now: nothing more to warn of.
            at = _promised(at)
        return Pick(
            unit_price=price,
            parts=(Part(code, price, {"day": starts.date().isoformat()}),),
            ways=(Way({KEY.format(departure=at.id, variant=offer.variant_id): quantity}, at.words),),
            starts_at=at.starts_at,
            ends_at=at.ends_at,
            together=at.id,
            terms=terms,
        )

    def check_details(self, choice: Mapping[str, Any], quantity: int, details: Choice) -> None:
        """One traveller for each seat, with documents where the product asks for them."""
        assert isinstance(details, Travellers)  # noqa: S101 - of `details_model`
        starts = choice.get("starts_at")
        on = local(datetime.fromisoformat(starts), choice["zone_from"]).date() if starts else None
        refuse_all(check_travellers(details.travellers, quantity, Asked(bool(choice.get("real_name", True)), on)))

    def mask(self, details: Mapping[str, Any]) -> list[Fact]:
        """Names and documents but for first and last characters."""
        return masked(details)

    def describe(self, choice: Mapping[str, Any]) -> list[Fact]:
        """From where to where, when on whose clock, and on what it still depends."""
        if "starts_at" not in choice:
            return [Fact(_("Departure"), str(choice.get("departure", "")))]
        starts, ends = (datetime.fromisoformat(choice[name]) for name in ("starts_at", "ends_at"))
        found = [
            Fact(_("Journey"), _route(choice)),
            Fact(pgettext("journey", "Leaves"), moment_words(starts, choice["zone_from"])),
            Fact(pgettext("journey", "Arrives"), moment_words(ends, choice["zone_to"])),
        ]
        if choice["meeting_point"]:
            found.append(Fact(_("Meeting point"), choice["meeting_point"]))
        if choice["minimum"] > 1 and choice["decide_at"]:
            until = moment_words(datetime.fromisoformat(choice["decide_at"]), choice["zone_from"])
            words = _("goes with %(n)s travellers or more; decided on %(at)s, else cancelled and paid back in full")
            found.append(Fact(_("Minimum group"), words % {"n": choice["minimum"], "at": until}))
        return found

    def brief(self, choice: Mapping[str, Any]) -> str:
        """Route and day with the time of departure."""
        if "starts_at" not in choice:
            return ""
        at = local(datetime.fromisoformat(choice["starts_at"]), choice["zone_from"])
        return f"{_route(choice)} · {full_day_words(at.date())} {at:%H:%M}"

    def explain(self, code: str, facts: Mapping[str, Any]) -> str:
        """What a part of a price is."""
        day = date.fromisoformat(facts["day"])
        if code == "fare_of_day":
            return _("Fare on %(day)s") % {"day": full_day_words(day)}
        return _("Fare")

    def load(self, variants: Collection[int]) -> Mapping[int, Any]:
        """Departures by variant."""
        return load_facts(variants)

    def ahead(self, *, now: datetime) -> Exists:
        """Journeys with a free seat."""
        return seats_ahead(now)

    def show(self, product_id: int, asked: Mapping[str, str], *, now: datetime) -> Mapping[str, Any]:
        """Departures by month, with seats left and who is still missing."""
        return show_departures(product_id, asked, now=now)

    def proofs(self) -> Sequence[Invariant]:
        """Passages and counters agree."""
        return PROOFS

    def placed(self, lines: Sequence[Booked], *, now: datetime) -> None:
        """Seats are held."""
        passages.hold(lines, now=now)

    def paid(self, lines: Sequence[Booked], *, now: datetime) -> None:
        """Seats are taken; the departure may be certain now."""
        passages.keep(lines, now=now)

    def freed(self, lines: Sequence[Booked], *, because: str, now: datetime) -> None:
        """Seats are free, unless the departure does not go."""
        passages.free(lines, now=now)

    def moved(self, line: Booked, *, now: datetime) -> None:
        """Seats are on another departure, paid as before."""
        passages.change(line, now=now)


def _leaving(facts: Facts, departure: int, offer: OnOffer, now: datetime) -> Leaving:
    at = facts.leaving.get(departure)
    if at is None or at.starts_at <= now:
        raise Refusal(
            NO_DEPARTURE if at or not facts.leaving else NOT_ABOARD, field="choice.departure", title=offer.title
        )
    if at.state == CANCELLED:
        raise Refusal(NOT_GOING, field="choice.departure")
    if at.sale_until <= now:
        raise Refusal(SALE_OVER, field="choice.departure", at=at.sale_until.astimezone(UTC))
    return at


def _promised(at: Leaving) -> Leaving:
    return Leaving(
        at.id,
        at.state,
        at.starts_at,
        at.ends_at,
        at.sale_until,
        1,
        None,
        at.price,
        {**at.words, "minimum": 1, "decide_at": None},
    )


def _route(choice: Mapping[str, Any]) -> str:
    if choice["origin"] == choice["destination"]:
        return str(choice["origin"])
    return f"{choice['origin']} → {choice['destination']}"
