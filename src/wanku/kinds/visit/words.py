"""Times, places and people of a visit in the reader's language."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from wanku.kinds.kind import Fact
from wanku.kinds.visit.facts import HOME

USUAL_OFFSET: Final = 8 * 3600
"""China's; a time at another one says so."""


def describe(choice: Mapping[str, Any]) -> list[Fact]:
    """What was chosen, as frozen with a line or as far as a buyer has said it."""
    begins = _moment(choice.get("at"))
    if begins is None:
        return []
    ends = _moment(choice.get("until"))
    facts = [Fact(pgettext("visit", "Time"), when(begins, ends))]
    if choice.get("name"):
        facts.append(Fact(pgettext("visit", "Person"), choice["name"]))
    place = where_text(choice)
    return [*facts, Fact(pgettext("visit", "Where"), place)] if place else facts


def when(begins: datetime, ends: datetime | None) -> str:
    """Day, weekday and hours on the shop's clock; its distance from UTC where readers could mistake it."""
    text = f"{formats.date_format(begins, 'DATE_FORMAT')} {formats.date_format(begins, 'D')} {begins:%H:%M}"
    if ends is not None:
        text += f"–{ends:%H:%M}"
    offset = begins.utcoffset()
    if offset is not None and offset.total_seconds() != USUAL_OFFSET:
        text += f" ({offset_text(begins)})"
    return text


def offset_text(moment: datetime) -> str:
    """``UTC+2``, ``UTC-3:30``."""
    offset = moment.utcoffset()
    minutes = int(offset.total_seconds()) // 60 if offset is not None else 0
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")


def where_text(choice: Mapping[str, Any]) -> str:
    """Where it is done."""
    if choice.get("where") == HOME:
        return _("At your address")
    if choice.get("shop_address"):
        return _("In the shop: %(address)s") % {"address": choice["shop_address"]}
    return _("In the shop") if choice.get("where") else ""


def length_text(minutes: int) -> str:
    """``2 h 15 min``."""
    hours, rest = divmod(minutes, 60)
    parts = []
    if hours:
        parts.append(ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours})
    if rest or not hours:
        parts.append(_("%(n)s min") % {"n": rest})
    return " ".join(parts)


def explain(code: str, facts: Mapping[str, Any]) -> str:
    """A part of the price, or why the way costs what it costs."""
    match code:
        case "service":
            return _("Service, %(length)s") % {"length": length_text(int(facts.get("minutes", 0)))}
        case "travel":
            return _("The way to %(place)s") % {"place": facts.get("place", "")}
        case "travel_unknown":
            return _("The way is added once we know where to")
        case "no_fee":
            return _("No charge for the way")
        case _:
            return code


def _moment(text: Any) -> datetime | None:
    if isinstance(text, datetime):
        return text
    return datetime.fromisoformat(text) if text else None
