"""Types of what callers send: bounded, strict, and without characters that no text may have."""

import re
from datetime import date, time
from typing import Annotated, Any, Final

from ninja import Header
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from wanku.kernel.ids import clean_number
from wanku.kernel.money import AMOUNT_MAX
from wanku.kernel.text import clean
from wanku.pricing.quote import QUANTITY_MAX

BIGINT_MAX: Final = 2**63 - 1
_DAY: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_CLOCK: Final = r"^[0-9]{2}:[0-9]{2}(:[0-9]{2})?$"
_CONTROL = re.compile(r"[\x00-\x08\x0B\x0C\x0E-\x1F\x7F\ud800-\udfff]")


class Body(BaseModel):
    """Base of what callers send: a field that is not documented is an error, not a typo that nobody sees."""

    model_config = ConfigDict(extra="forbid", str_max_length=20_000)


class Shape(BaseModel):
    """Base of what we answer."""

    model_config = ConfigDict(from_attributes=True)


def _no_control(text: str) -> str:
    if _CONTROL.search(text):
        raise PydanticCustomError("control_characters", "control characters")
    return text


def _one_line(text: str) -> str:
    return clean(_no_control(text))


def _lines(text: str) -> str:
    return clean(_no_control(text), lines=True)


def _not_empty(text: str) -> str:
    if not text:
        raise PydanticCustomError("string_too_short", "empty", {"min_length": 1})
    return text


def _number(text: str) -> str:
    digits = clean_number(text)
    if digits is None:
        raise PydanticCustomError("bad_number", "no order number")
    return digits


def _whole(value: Any) -> Any:
    # Path and query arrive as text; only plain ASCII digits are a whole number there.
    if isinstance(value, str) and not re.fullmatch(r"-?[0-9]{1,19}", value):
        raise PydanticCustomError("int_parsing", "no whole number")
    return value


def _day(value: Any) -> Any:
    # Numbers are seconds since 1970 to pydantic, also where they come as text.
    if type(value) is not date and not (isinstance(value, str) and re.fullmatch(_DAY, value)):
        raise PydanticCustomError("date_parsing", "no day")
    return value


def _clock(value: Any) -> Any:
    # Likewise; and a time with an offset is none of a clock on a wall.
    if not isinstance(value, time) and not (isinstance(value, str) and re.fullmatch(_CLOCK, value)):
        raise PydanticCustomError("time_parsing", "no time of day")
    return value


Line = Annotated[str, AfterValidator(_one_line)]
"""One line of text, trimmed, runs of white space folded. Add a maximal length with `Field`."""
FilledLine = Annotated[str, AfterValidator(_one_line), AfterValidator(_not_empty)]
"""One line that must say something."""
Lines = Annotated[str, AfterValidator(_lines)]
"""Several lines."""
FilledLines = Annotated[str, AfterValidator(_lines), AfterValidator(_not_empty)]
"""Several lines that must say something."""
Plain = Annotated[str, AfterValidator(_no_control)]
"""A text that is compared and not stored."""

Id = Annotated[int, Field(strict=True, ge=1, le=BIGINT_MAX)]
"""A row's number in a body."""
PathId = Annotated[int, BeforeValidator(_whole), Field(ge=1, le=BIGINT_MAX)]
"""A row's number in an address."""
Number = Annotated[str, StringConstraints(max_length=40), AfterValidator(_number)]
"""A trade's or order's readable number; spaces and dashes are forgiven, wrong check digits are not."""
Quantity = Annotated[int, Field(strict=True, ge=1, le=QUANTITY_MAX, description="Pieces.")]
Amount = Annotated[int, Field(strict=True, ge=0, le=AMOUNT_MAX, description="Minor units (fen for CNY).")]
QueryInt = Annotated[int, BeforeValidator(_whole)]
"""A whole number in an address; give it bounds with `Field`."""
QueryAmount = Annotated[int, BeforeValidator(_whole), Field(ge=0, le=AMOUNT_MAX)]
"""Minor units in an address."""
Day = Annotated[date, BeforeValidator(_day)]
"""A day as ISO 8601."""
Clock = Annotated[
    time, BeforeValidator(_clock), WithJsonSchema({"type": "string", "pattern": _CLOCK, "examples": ["15:00"]})
]
"""A time of day on the clock of some place, as ISO 8601 without an offset."""
Flag = StrictBool
Slug = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=r"^[\w-]+$")]
Email = Annotated[
    str, StringConstraints(max_length=254, pattern=r"^[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$")
]
Phone = Annotated[
    str,
    StringConstraints(max_length=20, pattern=r"^\+?[0-9][0-9 -]{4,18}$"),
    Field(description="National or international (`+86…`), 5 to 20 characters.", examples=["13800138000"]),
]
IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=8,
        max_length=80,
        pattern=r"^[A-Za-z0-9_-]+$",
        description="Chosen by you, fresh for each intent (a UUID will do). A repeat with the same key and body gets "
        "the first answer and has no second effect; the same key with another body is refused.",
    ),
]
RequiredKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=8,
        max_length=80,
        pattern=r"^[A-Za-z0-9_-]+$",
        description="Chosen by you, fresh for each order (a UUID will do). A repeat with the same key and body gets "
        "the same trade; the same key with another body is refused.",
    ),
]
