"""What a buyer configures, and what the checkout asks besides."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, BeforeValidator, Field

from wanku.kinds.kind import Choice


def _nothing(value: object) -> object:
    """A form sends nothing while no time is chosen."""
    return None if value == "" else value


def _nobody(value: object) -> object:
    """A form sends nothing, or the word, when the person does not matter."""
    return None if value in ("", "any", "0") else value


class VisitChoice(Choice):
    """A time, perhaps a person, perhaps a place.

    Attributes:
        at: when it begins, with an offset: ``2026-11-12T10:00+08:00``; always needed, and asked for in words.
        worker: number of the person, or nothing for anyone.
        where: ``home`` or ``shop``; only asked where a service is done at both.
    """

    at: Annotated[AwareDatetime | None, BeforeValidator(_nothing)] = None
    worker: Annotated[int | None, BeforeValidator(_nobody)] = None
    where: Literal["", "home", "shop"] = ""


class VisitDetails(Choice):
    """For the person who comes alone; stored encrypted.

    Attributes:
        work: what is to be done.
        access: how to get in: gate, floor, code of the door, dog.
    """

    work: str = Field("", max_length=500)
    access: str = Field("", max_length=300)
