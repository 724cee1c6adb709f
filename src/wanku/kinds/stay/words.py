"""Words of stays: meals and what houses and rooms have, each with its icon."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Meal(TextChoices):
    """What is served within the price of a night."""

    NONE = "none", _("Room only")
    BREAKFAST = "breakfast", _("With breakfast")
    HALF = "half", _("Half board")
    FULL = "full", _("Full board")


@dataclass(frozen=True, slots=True)
class Facility:
    """Something that a house or a room has."""

    icon: str
    label: Promise | str


FACILITIES: Final[Mapping[str, Facility]] = {
    "wifi": Facility("wifi", _("Wi-Fi")),
    "parking": Facility("square-parking", _("Parking")),
    "pool": Facility("waves-ladder", _("Swimming pool")),
    "spring": Facility("bath", _("Hot spring")),
    "gym": Facility("dumbbell", _("Gym")),
    "restaurant": Facility("utensils", _("Restaurant")),
    "cafe": Facility("coffee", pgettext_lazy("facility", "Café")),
    "garden": Facility("trees", _("Garden")),
    "shuttle": Facility("bus-front", _("Station shuttle")),
    "bikes": Facility("bike", _("Bicycles to borrow")),
    "desk": Facility("concierge-bell", _("Front desk day and night")),
    "luggage": Facility("luggage", _("Luggage storage")),
    "laundry": Facility("washing-machine", _("Washing machine")),
    "lift": Facility("arrow-up-down", _("Lift")),
    "access": Facility("accessibility", _("Wheelchair access")),
    "pets": Facility("paw-print", _("Pets welcome")),
    "family": Facility("baby", _("Cots for babies")),
    "no_smoking": Facility("cigarette-off", _("No smoking")),
    "air": Facility("snowflake", _("Air conditioning")),
    "heating": Facility("heater", _("Heating")),
    "bathtub": Facility("shower-head", _("Bathtub")),
    "tv": Facility("tv", pgettext_lazy("facility", "Television")),
    "fridge": Facility("refrigerator", _("Refrigerator")),
    "kitchen": Facility("cooking-pot", _("Kitchenette")),
    "workplace": Facility("laptop", _("Desk to work at")),
    "balcony": Facility("sun", _("Balcony")),
    "view": Facility("mountain", _("A view")),
    "safe": Facility("lock-keyhole", _("Safe")),
}


def facilities_of(codes: Iterable[str]) -> list[tuple[str, Facility]]:
    """What the codes stand for, in the order of `FACILITIES`; unknown codes are left out."""
    wanted = set(codes)
    return [(code, facility) for code, facility in FACILITIES.items() if code in wanted]
