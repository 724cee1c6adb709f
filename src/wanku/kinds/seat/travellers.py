"""Who travels: names and documents, checked as far as a document's form allows, masked where they are shown."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from stdnum.cn import ric
from stdnum.exceptions import ValidationError as Malformed

from wanku.kernel.refusal import BAD_VALUE, Refusal, gettext_noop
from wanku.kernel.text import clean, mask_name
from wanku.kinds.kind import Choice, Fact

Document = Literal["resident", "passport", "home_return", "taiwan"]
DOCUMENTS: Final[Mapping[str, Promise | str]] = {
    "resident": gettext_lazy("Resident identity card"),
    "passport": gettext_lazy("Passport"),
    "home_return": gettext_lazy("Mainland travel permit for Hong Kong and Macao residents"),
    "taiwan": gettext_lazy("Mainland travel permit for Taiwan residents"),
}
AGE_MAX: Final = timedelta(days=366 * 125)
SHOWN: Final = 4
_FORMS: Final[Mapping[str, tuple[re.Pattern[str], str]]] = {
    # ICAO Doc 9303 part 4: the document number has at most nine letters and digits; no state uses fewer than five.
    "passport": (re.compile(r"[A-Z0-9]{5,9}"), gettext_noop("A passport number has 5 to 9 letters and digits.")),
    # Announcement of the Ministry of Public Security on the 2012 card: H or M with eight digits, before that ten.
    "home_return": (re.compile(r"[HM]\d{8}(\d{2})?"), gettext_noop("The number is H or M with 8 digits.")),
    # The card of 2015 has eight digits; the booklet before it had ten.
    "taiwan": (re.compile(r"\d{8}(\d{2})?"), gettext_noop("The number has 8 digits.")),
}


class Traveller(BaseModel):
    """One person on one seat.

    Attributes:
        number: of the document; without blanks and in capitals.
        birth_date: may be left out with a resident identity card, which holds it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    name: str = Field(default="", max_length=60)
    document: Document = "resident"
    number: str = Field(default="", max_length=30)
    birth_date: date | None = None

    @field_validator("birth_date", mode="before")
    @classmethod
    def _none_when_empty(cls, value: object) -> object:
        """A form sends an empty text for a date that nobody filled in."""
        return None if value == "" else value

    @field_validator("name")
    @classmethod
    def _clean(cls, value: str) -> str:
        return clean(value)

    @field_validator("number")
    @classmethod
    def _compact(cls, value: str) -> str:
        return re.sub(r"[\s\-]", "", clean(value)).upper()


class Travellers(Choice):
    """The travellers of a line, one for each seat."""

    travellers: tuple[Traveller, ...] = Field(default=(), max_length=200)


@dataclass(frozen=True, slots=True)
class Asked:
    """What must be known of each traveller.

    Attributes:
        real_name: document and date of birth too.
        on: the day on which they leave, which bounds dates of birth; none when it is not known.
    """

    real_name: bool
    on: date | None


def check_travellers(people: Sequence[Traveller], seats: int, asked: Asked) -> list[Refusal]:
    """Everything that is wrong, with fields ``details.travellers.<n>.<name>``."""
    if len(people) != seats:
        return [
            Refusal(
                BAD_VALUE,
                field="details.travellers",
                problem=gettext_noop("Please name one traveller for each seat."),
            )
        ]
    found: list[Refusal] = []
    seen: dict[tuple[str, str], int] = {}
    for n, person in enumerate(people):
        place = f"details.travellers.{n}"
        if len(person.name) < 2:
            found.append(_wrong(f"{place}.name", gettext_noop("Write the name as it stands in the document.")))
        if not asked.real_name:
            continue
        found += _check_document(person, place, asked.on)
        if person.number and seen.setdefault((person.document, person.number), n) != n:
            found.append(
                _wrong(f"{place}.number", gettext_noop("This document was already given for another traveller."))
            )
    return found


def check_typed(typed: Mapping[str, str], *, real_name: bool) -> list[Refusal]:
    """What is wrong with one traveller of a form so far; what is still empty is not complained about.

    Args:
        typed: texts by field, as the form sends them.
    """
    try:
        person = Traveller.model_validate(dict(typed))
    except ValidationError:
        return [_wrong("birth_date", gettext_noop("This date of birth cannot be right."))]
    found = check_travellers([person], 1, Asked(real_name, None))
    empty = {name for name in ("name", "number", "birth_date") if not typed.get(name, "").strip()}
    return [no for no in found if (no.field or "").rpartition(".")[2] not in empty]


def _check_document(person: Traveller, place: str, on: date | None) -> list[Refusal]:
    if not person.number:
        return [_wrong(f"{place}.number", gettext_noop("Please fill this in."))]
    if person.document == "resident":
        born = resident_birth(person.number)
        if born is None:
            return [
                _wrong(f"{place}.number", gettext_noop("This is not a valid identity card number. Please check it."))
            ]
        if person.birth_date is not None and person.birth_date != born:
            return [_wrong(f"{place}.birth_date", gettext_noop("The identity card says another date of birth."))]
    else:
        pattern, problem = _FORMS[person.document]
        if not pattern.fullmatch(person.number):
            return [_wrong(f"{place}.number", problem)]
        if person.birth_date is None:
            return [_wrong(f"{place}.birth_date", gettext_noop("Please fill this in."))]
        born = person.birth_date
    if on is not None and not timedelta(0) <= on - born <= AGE_MAX:
        name = "number" if person.document == "resident" else "birth_date"
        return [_wrong(f"{place}.{name}", gettext_noop("This date of birth cannot be right."))]
    return []


def _wrong(name: str, problem: str) -> Refusal:
    return Refusal(BAD_VALUE, field=name, problem=problem)


def resident_birth(number: str) -> date | None:
    """The date of birth that a resident identity card number holds, or none when it is not one.

    GB 11643: 17 digits and a check character by ISO 7064 MOD 11-2, with the date in digits 7 to 14. The area in front
    is not looked up: areas come and go, and holders from Hong Kong, Macao and Taiwan have areas of their own.
    """
    if not re.fullmatch(r"[1-9]\d{16}[\dX]", number) or ric.calc_check_digit(number) != number[-1]:
        return None
    try:
        born: date = ric.get_birth_date(number)
    except Malformed:
        return None
    return born


def birth_of(person: Traveller) -> date | None:
    """The date of birth, from the card where it was not written."""
    return person.birth_date or (resident_birth(person.number) if person.document == "resident" else None)


def mask_number(number: str) -> str:
    """``****1234``: enough to recognise one's own document; the stars tell nothing about its length."""
    return f"****{number[-SHOWN:]}" if len(number) > SHOWN else "****"


def masked(details: Mapping[str, Any]) -> list[Fact]:
    """The travellers as buyer and desk may always see them."""
    found = []
    for n, raw in enumerate(details.get("travellers", ()), start=1):
        person = Traveller.model_validate(raw)
        words = [mask_name(person.name)]
        if person.number:
            words += [str(DOCUMENTS[person.document]), mask_number(person.number)]
        found.append(Fact(_("Traveller %(n)s") % {"n": n}, " · ".join(words)))
    return found
