"""What a freight template may be, pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from wanku.kernel.refusal import BAD_VALUE, Code, Refusal, gettext_noop
from wanku.kernel.text import clean
from wanku.people.provinces import PROVINCES
from wanku.pricing.freight import Rate

RATES_MAX = 40
FEE_MAX = 1_000_000_00
UNITS_MAX = 10_000_000
IN_FORCE = Code(
    "freight_in_force", gettext_noop("This template is in force. First put another one in force, then remove it.")
)
NAME = gettext_noop("Give the template a name of 1 to 60 characters.")
BY = gettext_noop("Choose pieces or weight.")
FREE_FROM = gettext_noop("Write an amount above zero, or leave it empty.")
UNITS = gettext_noop("Whole numbers from 1 up.")
FEE = gettext_noop("Fees from 0 to 1,000,000 yuan.")
NO_RATE = gettext_noop("One row must be for all other provinces: leave its provinces empty.")
TWO_OTHERS = gettext_noop("Only one row may be for all other provinces.")
TOO_MANY = gettext_noop("At most 40 rows.")
UNKNOWN = gettext_noop("Choose provinces from the list.")
TWICE = gettext_noop("A province stands in two rows.")


@dataclass(frozen=True, slots=True)
class TemplateData:
    """A freight template as a form has it; amounts in minor units, ``free_from`` a goods total."""

    name: str
    by: str
    rates: tuple[Rate, ...]
    free_from: int | None = None
    is_default: bool = False


def check_template(data: TemplateData) -> TemplateData:
    """The same, cleaned.

    Raises:
        Refusal: ``bad_value`` naming ``name``, ``by``, ``free_from`` or ``rates.<row>.<field>``.
    """
    name = clean(data.name)
    if not 1 <= len(name) <= 60:
        raise Refusal(BAD_VALUE, field="name", problem=NAME)
    if data.by not in ("weight", "count"):
        raise Refusal(BAD_VALUE, field="by", problem=BY)
    if data.free_from is not None and not 1 <= data.free_from <= FEE_MAX:
        raise Refusal(BAD_VALUE, field="free_from", problem=FREE_FROM)
    _check_rates(data.rates)
    return replace(data, name=name)


def _check_rates(rates: Sequence[Rate]) -> None:
    if len(rates) > RATES_MAX:
        raise Refusal(BAD_VALUE, field="rates", problem=TOO_MANY)
    others, seen = 0, set[str]()
    for at, rate in enumerate(rates):
        if not (1 <= rate.first <= UNITS_MAX and 1 <= rate.step <= UNITS_MAX):
            raise Refusal(BAD_VALUE, field=f"rates.{at}.first", problem=UNITS)
        if not (0 <= rate.first_fee <= FEE_MAX and 0 <= rate.step_fee <= FEE_MAX):
            raise Refusal(BAD_VALUE, field=f"rates.{at}.first_fee", problem=FEE)
        if not PROVINCES.keys() >= set(rate.provinces):
            raise Refusal(BAD_VALUE, field=f"rates.{at}.provinces", problem=UNKNOWN)
        if seen & set(rate.provinces) or len(set(rate.provinces)) < len(rate.provinces):
            raise Refusal(BAD_VALUE, field=f"rates.{at}.provinces", problem=TWICE)
        seen |= set(rate.provinces)
        others += not rate.provinces
        if others > 1:
            raise Refusal(BAD_VALUE, field=f"rates.{at}.provinces", problem=TWO_OTHERS)
    if others == 0:
        raise Refusal(BAD_VALUE, field="rates", problem=NO_RATE)
