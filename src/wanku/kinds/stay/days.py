"""Days in the reader's language; a day of a stay is that of the house, whatever zone the reader is in."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from babel import Locale
from babel.dates import format_date, get_day_names
from django.utils.translation import get_language

LOCALES: Final[Mapping[str, str]] = {"zh-hans": "zh_Hans_CN", "zh-hant": "zh_Hant_TW", "en": "en_GB"}


def day_words(day: date) -> str:
    """``2026年12月30日 周三``, ``Wed 30 Dec 2026``."""
    return format_date(day, "EEE d MMM y" if _language() == "en" else "y年M月d日 EEE", locale=_locale())


def short_day_words(day: date) -> str:
    """``12月30日``, ``30 Dec``."""
    return format_date(day, "d MMM" if _language() == "en" else "M月d日", locale=_locale())


def day_letters() -> list[str]:
    """Monday to Sunday in one letter each."""
    names = get_day_names("narrow", locale=_locale())
    return [names[day] for day in range(7)]


def _locale() -> Locale:
    return Locale.parse(LOCALES[_language()])


def _language() -> str:
    code = (get_language() or "zh-hans").lower()
    return code if code in LOCALES else "zh-hans"
