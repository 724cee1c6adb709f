"""What a page was asked for in its address: strange values mean nothing was asked, never an error."""

from datetime import date
from uuid import UUID

from wanku.kernel.text import clean
from wanku.ui.request import Request

TEXT_MAX = 120


def text(request: Request, name: str) -> str:
    """A short text."""
    return clean(request.GET.get(name, ""))[:TEXT_MAX]


def choice(request: Request, name: str, choices: object, default: str = "") -> str:
    """One of `choices` (anything that knows ``in``), else the default."""
    value = request.GET.get(name, "")
    return value if value in choices else default  # type: ignore[operator]


def number(request: Request, name: str) -> int | None:
    """A whole positive number that fits a bigint."""
    value = request.GET.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 18 else None


def day(request: Request, name: str) -> date | None:
    """A day as a date field sends it."""
    return as_day(request.GET.get(name, ""))


def as_day(value: str) -> date | None:
    """A day as a date field sends it."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def identifier(request: Request, name: str) -> UUID | None:
    """An id."""
    try:
        return UUID(request.GET.get(name, ""))
    except ValueError:
        return None
