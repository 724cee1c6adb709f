"""Words for what is booked: times in the zone of the place, and states as each kind calls them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime as babel_datetime
from django.utils import timezone
from django.utils.translation import gettext

from wanku.kinds.course import DONE
from wanku.kinds.registry import KINDS
from wanku.ui.labels import LABELS, Label, label
from wanku.ui.words import language, locale


def span_text(start: datetime, end: datetime | None, zone: str) -> str:
    """``11月14日 周六 10:00–11:00``, or both days where it spans several; in the place's own time.

    The zone's name is added where the reader's clock shows another time.
    """
    place = ZoneInfo(zone)
    begin, finish = start.astimezone(place), (end or start).astimezone(place)
    text = _moment(begin)
    if finish > begin:
        same_day = finish.date() == begin.date()
        text += f"–{finish:%H:%M}" if same_day else f" – {_moment(finish)}"
    here = timezone.localtime(start)
    return text if here.utcoffset() == begin.utcoffset() else f"{text} ({zone_text(zone)})"


def zone_text(zone: str) -> str:
    """A place's zone by its city: ``New York``."""
    return zone.rpartition("/")[2].replace("_", " ")


def _moment(local: datetime) -> str:
    pattern = "EEE d MMM y, HH:mm" if language() == "en" else "y年M月d日 EEE HH:mm"
    if local.year == timezone.localtime().year:
        pattern = pattern.replace(" y,", ",").replace("y年", "")
    return babel_datetime(local, pattern, tzinfo=local.tzinfo, locale=locale())


def booked_text(said: Mapping[str, Any]) -> str:
    """What a notice says was booked: ``{"titles": […], "from", "to", "zone"}``."""
    titles = gettext(", ").join(str(title) for title in said.get("titles", ()))
    if "from" not in said:
        return titles
    begin, end = (datetime.fromisoformat(said[name]) for name in ("from", "to"))
    return f"{titles} · {span_text(begin, end, said['zone'])}"


def booking_label(kind: str, state: str) -> Label:
    """How a state of a booking shows: in the kind's own word, with the tone and sign that all kinds share."""
    course = KINDS[kind].course if kind in KINDS else None
    known = label("booking", state)
    word = course.states.get(state) if course else None
    return replace(known, text=word) if word is not None else known


def order_label(kind: str, state: str, booking: str | None) -> Label:
    """How an order shows in lists: by its booking, where it has one and the order's own word says no more.

    Args:
        state: as `wanku.ui.labels` has it for orders.
        booking: state of its booking, if there is one.
    """
    if booking is None or state in ("placed", "refunding", "refunded") or (state == "completed" and booking == DONE):
        return label("order", state)
    return booking_label(kind, booking)


def booking_states() -> Mapping[str, Label]:
    """Every state with its general word."""
    return LABELS["booking"]
