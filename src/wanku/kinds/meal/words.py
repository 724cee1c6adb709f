"""What people read of a meal, in their language."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from wanku.kinds.kind import Fact
from wanku.kinds.meal.facts import DELIVERY, PICKUP, TABLE

WAYS: Final[Mapping[str, Promise | str]] = {
    DELIVERY: pgettext_lazy("meal", "Delivery"),
    PICKUP: pgettext_lazy("meal", "Pickup"),
    TABLE: pgettext_lazy("meal", "At the table"),
}
WAY_ICONS: Final[Mapping[str, str]] = {DELIVERY: "bike", PICKUP: "shopping-bag", TABLE: "utensils"}
TAGS: Final[Mapping[str, Promise | str]] = {
    "new": pgettext_lazy("dish", "New"),
    "loved": pgettext_lazy("dish", "Loved"),
    "hot": pgettext_lazy("dish", "Hot"),
    "vegetarian": pgettext_lazy("dish", "Vegetarian"),
}
WEEKDAYS: Final = (
    gettext_lazy("Monday"),
    gettext_lazy("Tuesday"),
    gettext_lazy("Wednesday"),
    gettext_lazy("Thursday"),
    gettext_lazy("Friday"),
    gettext_lazy("Saturday"),
    gettext_lazy("Sunday"),
)


def describe(choice: Mapping[str, Any]) -> list[Fact]:
    """When, how and with what; the time is that of the shop's clock."""
    facts = [Fact(pgettext("meal", "Way"), way_text(choice))]
    if when := slot_text(choice):
        facts.append(Fact(pgettext("meal", "Ready at"), when))
    if told := choice.get("told"):
        facts.append(Fact(pgettext("meal", "With"), pgettext("between options", ", ").join(str(one) for one in told)))
    return facts


def way_text(choice: Mapping[str, Any]) -> str:
    """Delivery, pickup, or at which table."""
    if choice.get("way") == TABLE and choice.get("table_name"):
        return _("Table %(name)s") % {"name": choice["table_name"]}
    return str(WAYS.get(choice.get("way", DELIVERY), ""))


def slot_text(choice: Mapping[str, Any]) -> str:
    """The day and quarter of an hour on the shop's clock."""
    at = choice.get("at", "")
    if at in ("", "now"):
        return pgettext("meal", "As soon as possible")
    zone = ZoneInfo(choice["zone"]) if choice.get("zone") else timezone.get_current_timezone()
    local = datetime.fromisoformat(at).astimezone(zone)
    return f"{day_text(local.date())} {local:%H:%M}"


def day_text(day: date) -> str:
    """``Sun 22 Nov``, ``11月22日 周日``."""
    return date_format(day, pgettext("format of a day without its year", "D j M"))


def explain(code: str, facts: Mapping[str, Any]) -> str:
    """A part of the price, or the fee of the delivery."""
    match code:
        case "dish":
            return str(facts.get("title", "")) or _("Dish")
        case "option":
            return f"{facts.get('group', '')}: {facts.get('name', '')}"
        case "zone":
            return _("Delivery, %(zone)s, about %(minutes)s minutes from the kitchen") % facts
        case "zone_from":
            return _("Delivery, the lowest fee; it follows the address")
        case "no_fee":
            return _("Nothing for delivery")
        case _:
            return code
