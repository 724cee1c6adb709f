"""Visits: a service, a time, and the person who does it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from django.db.models import Exists
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from wanku.kernel.invariant import Invariant
from wanku.kernel.refusal import Code, Refusal, gettext_noop
from wanku.kinds import course
from wanku.kinds.course import Course, Silence
from wanku.kinds.kind import Booked, Choice, Chosen, Fact, Kind, OnOffer
from wanku.kinds.pick import Fee, Pick
from wanku.kinds.visit import words
from wanku.kinds.visit.ahead import hours_ahead
from wanku.kinds.visit.appointments import release_appointments, write_appointments
from wanku.kinds.visit.booking import pick_visit
from wanku.kinds.visit.choice import VisitChoice, VisitDetails
from wanku.kinds.visit.facts import HOME, Facts
from wanku.kinds.visit.load import load_facts
from wanku.kinds.visit.proofs import PROOFS
from wanku.kinds.visit.show import show_slots

NOT_SERVED = Code(
    "visit_not_served", gettext_noop("We do not come to %(place)s. Please choose another address or another shop.")
)


class VisitKind(Kind):
    """Home services, salons, repairs."""

    code = "visit"
    label = pgettext_lazy("kind", "Visit")
    icon = "calendar-clock"
    choice_model = VisitChoice
    details_model = VisitDetails
    needs_address = True
    course = Course(
        states={
            course.TO_ACCEPT: pgettext_lazy("visit", "Waiting for the shop"),
            course.ACCEPTED: pgettext_lazy("visit", "Confirmed"),
            course.UNDER_WAY: pgettext_lazy("visit", "On the way"),
            course.STARTED: pgettext_lazy("visit", "In service"),
            course.DONE: pgettext_lazy("visit", "Done"),
            course.NO_SHOW: pgettext_lazy("visit", "Nobody was there"),
            course.REJECTED: pgettext_lazy("visit", "Not accepted"),
            course.CANCELLED: pgettext_lazy("visit", "Cancelled"),
        },
        acts={
            "accept": pgettext_lazy("visit", "Accept"),
            "depart": pgettext_lazy("visit", "Set off"),
            "start": pgettext_lazy("visit", "Start"),
            "finish": pgettext_lazy("visit", "Finish"),
            "no_show": pgettext_lazy("visit", "Nobody is here"),
        },
        silence={
            course.TO_ACCEPT: Silence("accept_visit", course.FROM_NOW, "lapse"),
            course.ACCEPTED: Silence("visit_missed", course.FROM_END, "miss"),
            course.UNDER_WAY: Silence("visit_missed", course.FROM_END, "miss"),
            course.STARTED: Silence("visit_over", course.FROM_END, "finish"),
        },
        proof=frozenset({"start", "finish", "no_show"}),
        move=True,
        cancel=frozenset({course.TO_ACCEPT, course.ACCEPTED, course.UNDER_WAY}),
    )

    def pick(
        self, offer: OnOffer, choice: Choice, quantity: int, *, add_ons: Collection[int] = (), now: datetime
    ) -> Pick:
        """See `wanku.kinds.visit.booking.pick_visit`."""
        facts: Facts = offer.facts
        wanted = cast("VisitChoice", choice)
        return pick_visit(facts, price=offer.price, choice=wanted, quantity=quantity, add_ons=add_ons, now=now)

    def fee(self, lines: Sequence[Chosen], address: Mapping[str, str] | None) -> Fee:
        """The way, by district or city: the dearest of the lines, since one comes once."""
        coming = [line.offer.facts for line in lines if line.choice.get("where") == HOME]
        charged = [facts for facts in coming if facts.reach]
        if not charged:
            return Fee(0)
        if not address or not address.get("city"):
            return Fee(0, "travel_unknown")
        fees = []
        for facts in charged:
            reach = facts.reached(address)
            if reach is None:
                raise Refusal(NOT_SERVED, field="address.district", place=_place_text(address))
            fees.append(reach.fee)
        fee = max(fees)
        return Fee(fee, "travel", {"place": _place_text(address)}) if fee else Fee(0)

    def wants_address(self, choice: Mapping[str, Any]) -> bool:
        """Only where we come."""
        return bool(choice.get("where") == HOME)

    def mask(self, details: Mapping[str, Any]) -> list[Fact]:
        """The work in words; how to get in only that it was told."""
        facts = []
        if details.get("work"):
            facts.append(Fact(pgettext("visit", "What is to be done"), details["work"]))
        if details.get("access"):
            facts.append(Fact(pgettext("visit", "How to get in"), _("Told to the person who comes")))
        return facts

    def describe(self, choice: Mapping[str, Any]) -> list[Fact]:
        """Time, person and place."""
        return words.describe(choice)

    def asked(self, choice: Mapping[str, Any]) -> dict[str, Any]:
        """Whoever did not mind who came does not mind again."""
        told = super().asked(choice)
        return told | {"worker": None} if choice.get("anyone") else told

    def explain(self, code: str, facts: Mapping[str, Any]) -> str:
        """Parts of the price and the charge for the way."""
        return words.explain(code, facts)

    def load(self, variants: Collection[int]) -> Mapping[int, Any]:
        """See `wanku.kinds.visit.load`."""
        return load_facts(variants)

    def ahead(self, *, now: datetime) -> Exists:
        """Services for which somebody has time."""
        return hours_ahead(now)

    def show(self, product_id: int, asked: Mapping[str, str], *, now: datetime) -> Mapping[str, Any]:
        """Days, people and free times of the variant that is looked at."""
        return show_slots(product_id, asked, now=now)

    def proofs(self) -> Sequence[Invariant]:
        """Nobody is in two places, and what stands is taken."""
        return PROOFS

    def placed(self, lines: Sequence[Booked], *, now: datetime) -> None:
        """People are booked."""
        write_appointments(lines)

    def freed(self, lines: Sequence[Booked], *, because: str, now: datetime) -> None:
        """People are free again."""
        release_appointments([line.line_id for line in lines])

    def moved(self, line: Booked, *, now: datetime) -> None:
        """At another time, perhaps with somebody else."""
        write_appointments([line])


def _place_text(address: Mapping[str, str]) -> str:
    return "".join(address.get(name, "") for name in ("city", "district"))
