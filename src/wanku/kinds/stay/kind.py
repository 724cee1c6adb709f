"""Stays: nights in rooms."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, ClassVar

from django.db.models import Exists
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy
from pydantic import Field

from wanku.kernel.text import clean
from wanku.kinds import course as at
from wanku.kinds.course import Course, Silence
from wanku.kinds.kind import Choice, Fact, Kind, OnOffer
from wanku.kinds.pick import Pick
from wanku.kinds.stay.ahead import free_nights_ahead
from wanku.kinds.stay.booking import StayChoice, pick_stay
from wanku.kinds.stay.days import day_words, short_day_words
from wanku.kinds.stay.load import load_facts
from wanku.kinds.stay.prices import StayFacts
from wanku.kinds.stay.show import show_stay
from wanku.kinds.stay.words import Meal


class StayDetails(Choice):
    """Who comes.

    Attributes:
        guest: who checks in, as on the identity document.
        others: names of the guests of further rooms.
        arrival: about when, a wall time at the house.
        wish: to the house.
    """

    guest: str = Field(min_length=1, max_length=60)
    others: str = Field(default="", max_length=300)
    arrival: str = Field(default="", max_length=20)
    wish: str = Field(default="", max_length=300)


class Stay(Kind):
    """Nights in rooms of a house: confirmed at once, checked in by code."""

    code: ClassVar[str] = "stay"
    label: ClassVar[Promise | str] = pgettext_lazy("kind of order", "Stay")
    icon: ClassVar[str] = "bed-double"
    choice_model: ClassVar[type[Choice]] = StayChoice
    details_model: ClassVar[type[Choice] | None] = StayDetails
    pay_clock: ClassVar[str] = "pay_stay"
    course: ClassVar[Course] = Course(
        states={
            at.ACCEPTED: pgettext_lazy("stay", "Confirmed"),
            at.STARTED: pgettext_lazy("stay", "Checked in"),
            at.DONE: pgettext_lazy("stay", "Checked out"),
            at.NO_SHOW: pgettext_lazy("stay", "No-show"),
            at.CANCELLED: pgettext_lazy("stay", "Cancelled"),
        },
        acts={
            "start": pgettext_lazy("stay", "Check in"),
            "finish": pgettext_lazy("stay", "Check out"),
            "no_show": pgettext_lazy("stay", "Guest did not come"),
        },
        silence={
            at.ACCEPTED: Silence("stay_no_show", at.FROM_START, "no_show"),
            at.STARTED: Silence("stay_finish", at.FROM_END, "finish"),
        },
        by_code=True,
        move=True,
    )

    def pick(
        self, offer: OnOffer, choice: Choice, quantity: int, *, add_ons: Collection[int] = (), now: datetime
    ) -> Pick:
        """Each night with its price, extra guests, what is off for a long stay; one piece of each night's counter."""
        if not isinstance(choice, StayChoice) or not isinstance(offer.facts, StayFacts):
            raise TypeError("not a stay")
        return pick_stay(offer.facts, choice, quantity, currency=offer.currency, now=now)

    def mask(self, details: Mapping[str, Any]) -> list[Fact]:
        """All of it: the house needs it at the door, and nothing of it is a document."""
        rows = (
            (pgettext("stay", "Guest"), details.get("guest")),
            (_("Guests of the other rooms"), details.get("others")),
            (_("Arrival, about"), details.get("arrival")),
            (_("Wish to the house"), details.get("wish")),
        )
        return [Fact(label, clean(str(value))) for label, value in rows if value]

    def describe(self, choice: Mapping[str, Any]) -> list[Fact]:
        """Days, nights and guests."""
        first, last = date.fromisoformat(choice["check_in"]), date.fromisoformat(choice["check_out"])
        count = (last - first).days
        nights = ngettext("%(n)s night", "%(n)s nights", count) % {"n": count}
        come, leave = day_words(first), day_words(last)
        if "from" in choice:
            come = _("%(day)s, from %(time)s") % {"day": come, "time": choice["from"]}
            leave = _("%(day)s, until %(time)s") % {"day": leave, "time": choice["until"]}
        rows = [
            Fact(_("Check-in"), come),
            Fact(_("Check-out"), leave),
            Fact(_("Nights"), nights),
            Fact(_("Guests per room"), guests_text(choice["adults"], choice["children"])),
        ]
        if "address" in choice:
            rows += [Fact(_("Meals"), str(Meal(choice["meal"]).label)), Fact(_("Address"), choice["address"])]
        return rows

    def brief(self, choice: Mapping[str, Any]) -> str:
        """``24 Dec – 27 Dec · 3 nights · 2 adults``."""
        first, last = date.fromisoformat(choice["check_in"]), date.fromisoformat(choice["check_out"])
        count = (last - first).days
        nights = ngettext("%(n)s night", "%(n)s nights", count) % {"n": count}
        guests = guests_text(choice["adults"], choice["children"])
        return f"{short_day_words(first)} – {short_day_words(last)} · {nights} · {guests}"

    def explain(self, code: str, facts: Mapping[str, Any]) -> str:
        """Why each number."""
        match code:
            case "night":
                return _("Night of %(date)s") % {"date": day_words(date.fromisoformat(facts["date"]))}
            case "extra_adults":
                text = ngettext("%(n)s more adult", "%(n)s more adults", facts["guests"])
                return text % {"n": facts["guests"]}
            case "extra_children":
                text = ngettext("%(n)s more child", "%(n)s more children", facts["guests"])
                return text % {"n": facts["guests"]}
            case "long_stay":
                return _("%(percent)s%% off from %(nights)s nights") % {
                    "percent": f"{facts['bp'] / 100:g}",
                    "nights": facts["nights"],
                }
        return code

    def load(self, variants: Collection[int]) -> Mapping[int, Any]:
        """`StayFacts` by variant; three statements."""
        return load_facts(variants)

    def ahead(self, *, now: datetime) -> Exists:
        """Houses with a free night."""
        return free_nights_ahead(now)

    def show(self, product_id: int, asked: Mapping[str, str], *, now: datetime) -> Mapping[str, Any]:
        """Rooms with their rates and what they cost for the days asked for, and the months around them."""
        return show_stay(product_id, asked, now=now)


def guests_text(adults: int, children: int) -> str:
    """``2 adults, 1 child``."""
    text = ngettext("%(n)s adult", "%(n)s adults", adults) % {"n": adults}
    if children:
        more = ngettext("%(n)s child", "%(n)s children", children) % {"n": children}
        text = _("%(adults)s, %(children)s") % {"adults": text, "children": more}
    return text
