"""What a buyer chooses with a dish."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, Literal

from pydantic import field_validator, model_validator
from pydantic_core import PydanticCustomError

from wanku.kernel.refusal import gettext_noop
from wanku.kinds.kind import Choice

NOW: Final = "now"
OPTIONS_MAX: Final = 40
NO_TIME = gettext_noop("Choose one of the times that are offered.")
NO_OPTION = gettext_noop("Choose from the options that are offered.")


class MealChoice(Choice):
    """When, how, and with what.

    Attributes:
        at: ``now``, or the beginning of a quarter of an hour as ISO 8601 with its offset; kept as UTC.
        way: how the food comes to the buyer.
        table: token of the table, for what is served there.
        options: ids of options. A form may send them one by one under any names.
    """

    at: str = NOW
    way: Literal["delivery", "pickup", "table"] = "delivery"
    table: str = ""
    options: tuple[int, ...] = ()

    @field_validator("at")
    @classmethod
    def _quarter(cls, text: str) -> str:
        if text in ("", NOW):
            return NOW
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            at = None
        if at is None or at.tzinfo is None or at.minute % 15 or at.second or at.microsecond:
            raise PydanticCustomError("slot", NO_TIME)
        return f"{at.astimezone(UTC):%Y-%m-%dT%H:%MZ}"

    @field_validator("options", mode="before")
    @classmethod
    def _flat(cls, given: Any) -> tuple[int, ...]:
        found = sorted(set(_numbers(given)))
        if len(found) > OPTIONS_MAX:
            raise PydanticCustomError("options", NO_OPTION)
        return tuple(found)

    @model_validator(mode="after")
    def _table_only_there(self) -> "MealChoice":
        if self.way != "table" and self.table:
            # The token lies in the address of the page; who then has it delivered sits at no table.
            object.__setattr__(self, "table", "")
        return self


def _numbers(given: Any) -> list[int]:
    if isinstance(given, Mapping):
        return [number for value in given.values() for number in _numbers(value)]
    if isinstance(given, (list, tuple)):
        return [number for value in given for number in _numbers(value)]
    if given in ("", None):
        return []
    text = str(given)
    if isinstance(given, bool) or not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise PydanticCustomError("options", NO_OPTION)
    return [int(text)]
