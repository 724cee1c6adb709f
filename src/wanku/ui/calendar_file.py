"""A booking as a calendar file (RFC 5545), with the rules of its zone, so that it stays right across every change."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from wanku.fulfilment.models import Booking
from wanku.kinds.course import CANCELLED, REJECTED, TO_ACCEPT
from wanku.orders.models import Order

STATUS: Final = {CANCELLED: "CANCELLED", REJECTED: "CANCELLED", TO_ACCEPT: "TENTATIVE"}


def calendar_file(order: Order, booking: Booking, titles: Sequence[str], *, now: datetime) -> bytes | None:
    """One event in the zone of the place; none for what has no time.

    Taken again after a change, the calendar replaces what it has: the key is the booking's, the sequence grows.
    """
    if booking.starts_at is None:
        return None
    from icalendar import Calendar, Event  # noqa: PLC0415 - 8 MB in every process that never writes one

    zone, page = ZoneInfo(booking.zone), f"{settings.PUBLIC_URL}/orders/{order.number}/"
    event = Event()
    event.add("uid", f"{booking.pk}@{settings.PUBLIC_URL.partition('://')[2]}")
    event.add("dtstamp", now)
    event.add("sequence", booking.rescheduled + (booking.state in (CANCELLED, REJECTED)))
    event.add("dtstart", _at(booking.starts_at, zone))
    event.add("dtend", _at(booking.ends_at or booking.starts_at, zone))
    event.add("summary", f"{_(', ').join(titles)} · {order.merchant.name}")
    event.add("description", _("Order %(number)s: %(page)s") % {"number": order.number, "page": page})
    event.add("url", page)
    event.add("status", STATUS.get(booking.state, "CONFIRMED"))
    place = _place(order)
    if place:
        event.add("location", place)
    calendar = Calendar()
    calendar.add("prodid", "-//Wanku//Wanku//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    calendar.add_missing_timezones()
    text: bytes = calendar.to_ical()
    return text


def _at(moment: datetime, zone: ZoneInfo) -> datetime:
    """In the place's time; in the hour that comes twice, the second one can only be said in UTC (RFC 5545, 3.3.5)."""
    local = moment.astimezone(zone)
    return moment.astimezone(UTC) if local.fold else local


def _place(order: Order) -> str:
    """Where to, without a name or a phone number: calendars are shared."""
    parts = (order.address.get(name, "") for name in ("province", "city", "district", "line"))
    return " ".join(part for part in parts if part)
