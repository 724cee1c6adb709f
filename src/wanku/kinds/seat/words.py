"""Moments of a journey as people read them: in the zone of the place, not of the reader."""

from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date
from django.utils.translation import get_language, pgettext

LOCALES: Final = {"zh-hans": "zh_Hans_CN", "zh-hant": "zh_Hant_TW", "en": "en_GB"}


def _locale() -> Locale:
    return Locale.parse(LOCALES.get(get_language() or "", "zh_Hans_CN"))


def local(moment: datetime, zone: str) -> datetime:
    """The moment on the clock of a place."""
    return moment.astimezone(ZoneInfo(zone))


def day_words(day: date) -> str:
    """``3月1日周一``, ``Mon 1 Mar``."""
    pattern = "EEE d MMM" if (get_language() or "").startswith("en") else "M月d日EEE"
    return format_date(day, pattern, locale=_locale())


def full_day_words(day: date) -> str:
    """The same with its year."""
    pattern = "EEE d MMM y" if (get_language() or "").startswith("en") else "y年M月d日EEE"
    return format_date(day, pattern, locale=_locale())


def moment_words(moment: datetime, zone: str) -> str:
    """Day and time on the clock of a place, with its offset, since a journey may cross zones."""
    at = local(moment, zone)
    return f"{full_day_words(at.date())} {at:%H:%M} (UTC{offset_words(at)})"


def offset_words(at: datetime) -> str:
    """``+8``, ``-3:30``: how far a clock is from UTC."""
    minutes = int((at.utcoffset() or timedelta()).total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02d}" if rest else "")


def length_words(length: timedelta) -> str:
    """``3 h 55 min``, ``5 days``: how long a journey takes."""
    minutes = int(length.total_seconds()) // 60
    days, hours = divmod(minutes // 60, 24)
    parts = [
        pgettext("journey length", "%(n)s d") % {"n": days} if days else "",
        pgettext("journey length", "%(n)s h") % {"n": hours} if hours else "",
        pgettext("journey length", "%(n)s min") % {"n": minutes % 60} if minutes % 60 and not days else "",
    ]
    return " ".join(filter(None, parts)) or pgettext("journey length", "%(n)s min") % {"n": 0}
