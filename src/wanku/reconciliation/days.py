"""Days of a channel's own time zone."""

from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from wanku.payments.gateways import GATEWAYS

HOME: Final = "Asia/Shanghai"


def zone_name(gateway: str) -> str:
    """The zone that a channel's days are counted in: what it declares as ``bill_zone``, else China's."""
    return str(getattr(GATEWAYS.get(gateway), "bill_zone", HOME))


def bounds(gateway: str, day: date) -> tuple[datetime, datetime]:
    """When a channel's day begins and when the next one does, in UTC."""
    zone = ZoneInfo(zone_name(gateway))
    begin, end = (datetime(d.year, d.month, d.day, tzinfo=zone) for d in (day, day + timedelta(days=1)))
    return begin.astimezone(UTC), end.astimezone(UTC)


def day_of(gateway: str, at: datetime) -> date:
    """The channel's day of a moment."""
    return at.astimezone(ZoneInfo(zone_name(gateway))).date()
