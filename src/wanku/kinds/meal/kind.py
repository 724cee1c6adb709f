"""Food as a kind of order."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

from django.db.models import Exists
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wanku.kinds import course
from wanku.kinds.course import FROM_NOW, FROM_START, Course, Silence
from wanku.kinds.kind import Choice, Chosen, Fact, Kind, OnOffer
from wanku.kinds.meal import words
from wanku.kinds.meal.ahead import dishes_ahead
from wanku.kinds.meal.choice import MealChoice
from wanku.kinds.meal.facts import DELIVERY, MealFacts
from wanku.kinds.meal.load import load_meals
from wanku.kinds.meal.picking import pick_meal
from wanku.kinds.meal.show import show_meal
from wanku.kinds.meal.zones import delivery_fee
from wanku.kinds.pick import Fee, Pick

LATE_AFTER: Final = timedelta(hours=2)

COURSE: Final = Course(
    states={
        course.TO_ACCEPT: pgettext_lazy("meal", "Waiting for the kitchen"),
        course.ACCEPTED: pgettext_lazy("meal", "Being prepared"),
        course.UNDER_WAY: pgettext_lazy("meal", "Out"),
        course.DONE: pgettext_lazy("meal", "Handed over"),
        course.REJECTED: pgettext_lazy("meal", "Not accepted"),
        course.CANCELLED: pgettext_lazy("meal", "Cancelled"),
    },
    acts={
        "accept": pgettext_lazy("meal", "Accept"),
        "depart": pgettext_lazy("meal", "It is out"),
        "finish": pgettext_lazy("meal", "Handed over"),
    },
    silence={
        course.TO_ACCEPT: Silence("accept_meal", FROM_NOW, "lapse"),
        course.ACCEPTED: Silence("miss_meal", FROM_START, "miss"),
        course.UNDER_WAY: Silence("meal_arrives", FROM_NOW, "finish"),
    },
    free_until_accepted=True,
)


class MealKind(Kind):
    """Dishes of a menu, for a quarter of an hour."""

    code: ClassVar = "meal"
    label: ClassVar = _("Food")
    icon: ClassVar = "utensils"
    choice_model: ClassVar[type[Choice]] = MealChoice
    course: ClassVar[Course] = COURSE
    needs_address: ClassVar = True
    pay_clock: ClassVar = "pay_meal"

    def pick(
        self, offer: OnOffer, choice: Choice, quantity: int, *, add_ons: Collection[int] = (), now: datetime
    ) -> Pick:
        """See `wanku.kinds.meal.picking`."""
        if not isinstance(choice, MealChoice):
            raise TypeError(choice)
        return pick_meal(offer, choice, quantity, now=now)

    def fee(self, lines: Sequence[Chosen], address: Mapping[str, str] | None) -> Fee:
        """The fee of the zone for what is delivered, nothing otherwise."""
        first = lines[0]
        if not self.wants_address(first.choice):
            return Fee(0)
        facts = first.offer.facts
        zones = facts.kitchen.zones if isinstance(facts, MealFacts) else ()
        goods = sum(line.amount for line in lines)
        return delivery_fee(zones, address, goods=goods, currency=first.offer.currency)

    def wants_address(self, choice: Mapping[str, Any]) -> bool:
        """Only what is delivered."""
        return bool(choice.get("way", DELIVERY) == DELIVERY)

    def promised_by(self, starts_at: datetime | None, ends_at: datetime | None, paid_at: datetime) -> datetime:
        """Two hours after it was to be ready."""
        return (starts_at or paid_at) + LATE_AFTER

    def describe(self, choice: Mapping[str, Any]) -> list[Fact]:
        """When, how and with what."""
        return words.describe(choice)

    def explain(self, code: str, facts: Mapping[str, Any]) -> str:
        """Dish, options, delivery."""
        return words.explain(code, facts)

    def load(self, variants: Collection[int]) -> Mapping[int, Any]:
        """See `wanku.kinds.meal.load`."""
        return load_meals(variants)

    def ahead(self, *, now: datetime) -> Exists:
        """Dishes that can still be made."""
        return dishes_ahead(now)

    def show(self, product_id: int, asked: Mapping[str, str], *, now: datetime) -> Mapping[str, Any]:
        """See `wanku.kinds.meal.show`."""
        return show_meal(product_id, asked, now=now)
