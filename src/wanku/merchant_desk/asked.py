"""What a page was asked for: strange values mean nothing was asked, never an error."""

from collections.abc import Container
from datetime import date
from decimal import Decimal, InvalidOperation
from uuid import UUID

from wanku.catalog.sheets.cells import plain
from wanku.kernel.money import from_major
from wanku.kernel.text import clean
from wanku.ui.request import Request

TEXT_MAX = 120
CHOSEN_MAX = 200


def text(request: Request, name: str) -> str:
    """A short text of the address."""
    return clean(request.GET.get(name, ""))[:TEXT_MAX]


def choice(request: Request, name: str, choices: Container[str], default: str = "") -> str:
    """One of ``choices``, else the default."""
    value = request.GET.get(name, "")
    return value if value in choices else default


def day(request: Request, name: str) -> date | None:
    """A day as a date field sends it."""
    return date_of(request.GET.get(name, ""))


def date_of(text: str) -> date | None:
    """A day as a date field sends it, or None."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def chosen(request: Request) -> list[str]:
    """What was ticked in a table, in order, each once."""
    return list(dict.fromkeys(request.GET.getlist("chosen") + request.POST.getlist("chosen")))[:CHOSEN_MAX]


def whole(value: str, default: int | None = None) -> int | None:
    """A whole number as somebody typed it, negative ones too."""
    found = plain(value)
    body = found.removeprefix("-")
    return int(found) if body.isascii() and body.isdigit() and len(body) <= 15 else default


def money(value: str) -> int | None:
    """Minor units of an amount in yuan, or None when it is none."""
    try:
        return from_major(Decimal(plain(value)), "CNY").amount
    except (InvalidOperation, ValueError):
        return None


def key(value: str) -> UUID | None:
    """A UUID, or None."""
    try:
        return UUID(value)
    except ValueError:
        return None
