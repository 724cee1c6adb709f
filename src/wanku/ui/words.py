"""Money, moments, amounts and refusals as text in the reader's language and zone.

The language is the one that Django has activated, the zone the one that `wanku.ui.middleware` has.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from babel import Locale
from babel.dates import format_date as babel_date
from babel.dates import format_datetime as babel_datetime
from babel.dates import format_timedelta
from babel.numbers import format_decimal, get_currency_symbol
from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, pgettext

from wanku.kernel.money import Money, exponent, major
from wanku.kernel.refusal import Refusal
from wanku.ui.labels import LABELS

# Django's language codes, and the CLDR locale that formats numbers and dates for each.
LOCALES: Mapping[str, str] = {"zh-hans": "zh_Hans_CN", "zh-hant": "zh_Hant_TW", "en": "en_GB"}
HTML_LANGUAGES: Mapping[str, str] = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant", "en": "en"}
# Symbols that our readers expect; CLDR would write CN¥ outside China, which reads like a foreign price here.
SYMBOLS: Mapping[str, str] = {"CNY": "¥"}
# Facts whose value is itself a text of ours to translate, not something that a person typed.
TRANSLATED_FACTS = ("because", "problem", "state", "what", "action")
UNITS = ("B", "KB", "MB", "GB", "TB")


def language() -> str:
    """Django's code of the reader's language, one of settings.LANGUAGES."""
    code = (get_language() or settings.LANGUAGE_CODE).lower()
    return code if code in LOCALES else settings.LANGUAGE_CODE


def html_language() -> str:
    """The same as a BCP 47 tag for ``<html lang>``."""
    return HTML_LANGUAGES[language()]


def locale() -> Locale:
    """The CLDR locale of the reader's language."""
    return _parse(LOCALES[language()])


@cache
def _parse(name: str) -> Locale:
    return Locale.parse(name)


def money_parts(money: Money) -> tuple[str, str, str, str]:
    """Sign, symbol, whole part and decimals (with the point, or empty): ``("-", "¥", "1,234", ".00")``."""
    digits = exponent(money.currency)
    sign = "-" if money.amount < 0 else ""
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    text = format_decimal(abs(major(money)), format=pattern, locale=locale())
    whole, point, decimals = text.partition(".")
    symbol = SYMBOLS.get(money.currency) or get_currency_symbol(money.currency, locale())
    return sign, symbol, whole, point + decimals


def money_text(money: Money) -> str:
    """``¥1,234.00``; the symbol stands before the amount in all our languages."""
    return "".join(money_parts(money))


def number_text(value: float | Decimal) -> str:
    """A number with thousands separated; at most two decimals."""
    return format_decimal(value, format="#,##0.##", locale=locale())


def bytes_text(size: int) -> str:
    """A size in bytes for people: ``820 KB``, ``1.4 MB`` (steps of 1024)."""
    value = float(size)
    for unit in UNITS:
        if value < 1024 or unit == UNITS[-1]:
            break
        value /= 1024
    pattern = "0" if unit == "B" or value >= 100 else "0.#"
    return f"{format_decimal(value, format=pattern, locale=locale())} {unit}"


def exact_text(moment: datetime, now: datetime | None = None) -> str:
    """Date and time in the reader's zone, without the year when it is the year of ``now``."""
    local = timezone.localtime(moment)
    this_year = now is not None and timezone.localtime(now).year == local.year
    if language() == "en":
        pattern = "d MMM, HH:mm" if this_year else "d MMM y, HH:mm"
    else:
        pattern = "M月d日 HH:mm" if this_year else "y年M月d日 HH:mm"
    return babel_datetime(local, pattern, tzinfo=local.tzinfo, locale=locale())


def full_text(moment: datetime) -> str:
    """Everything, for titles: year, seconds and the zone's offset."""
    local = timezone.localtime(moment)
    return babel_datetime(local, "yyyy-MM-dd HH:mm:ss ZZZZ", tzinfo=local.tzinfo, locale=locale())


def day_text(day: date | datetime) -> str:
    """A day: ``2026年5月3日`` or ``3 May 2026``; a moment is taken in the reader's zone."""
    if isinstance(day, datetime):
        day = timezone.localtime(day).date()
    pattern = "d MMM y" if language() == "en" else "y年M月d日"
    return babel_date(day, pattern, locale=locale())


def short_day_text(day: date | datetime) -> str:
    """A day near today, without its year: ``5月3日`` or ``3 May``; a moment is taken in the reader's zone."""
    if isinstance(day, datetime):
        day = timezone.localtime(day).date()
    return babel_date(day, "d MMM" if language() == "en" else "M月d日", locale=locale())


def relative_text(moment: datetime, now: datetime) -> str:
    """``2 hours ago``, ``in 3 days``, and ``just now`` within a minute before."""
    left = moment - now
    if timedelta(minutes=-1) < left <= timedelta(0):
        return pgettext("relative time", "just now")
    return format_timedelta(left, add_direction=True, threshold=1, locale=locale())


def duration_text(seconds: float | timedelta) -> str:
    """A length of time in the largest unit up to days that leaves no rest: ``15 minutes``, ``10 days``.

    Promises are read here: ten days must not become “1 week”. What fits no unit is rounded.
    """
    length = seconds if isinstance(seconds, timedelta) else timedelta(seconds=seconds)
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        amount, rest = divmod(length.total_seconds(), size)
        if amount and not rest:
            return _amount(unit, int(amount))
    if timedelta(days=1) <= length < timedelta(days=3) and length % timedelta(days=1):
        return format_timedelta(length, granularity="hour", threshold=99, locale=locale())
    return format_timedelta(length, threshold=1, locale=locale())


def left_text(due: datetime, now: datetime) -> str:
    """What remains until ``due``, in two units (``1 day 3 hours``); empty when it has passed."""
    seconds = int((due - now).total_seconds())
    if seconds <= 0:
        return ""
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3_600)
    minutes = max(rest // 60, 1 if seconds < 60 else 0)
    amounts = (("day", days), ("hour", hours), ("minute", minutes))
    parts = [(unit, amount) for unit, amount in amounts if amount][:2]
    gap = " " if language() == "en" else ""
    return gap.join(_amount(unit, amount) for unit, amount in parts)


def _amount(unit: str, amount: int) -> str:
    length = {"day": timedelta(days=amount), "hour": timedelta(hours=amount), "minute": timedelta(minutes=amount)}
    # A threshold beyond any amount keeps the unit that we chose.
    return format_timedelta(length[unit], granularity=_granularity(unit), threshold=10**6, locale=locale())


def _granularity(unit: str) -> Any:
    return unit


def refusal_text(refusal: Refusal) -> str:
    """A refusal as a sentence in the reader's language, its facts formatted.

    A fact that the message names and the refusal lacks shows as ``…``, since a broken sentence would help nobody.
    """
    facts = {name: _fact(name, value) for name, value in refusal.facts.items()}
    return gettext(refusal.code.text) % _Lenient(facts)


class _Lenient(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"


def _fact(name: str, value: Any) -> str:
    if isinstance(value, Money):
        return money_text(value)
    if isinstance(value, datetime):
        return exact_text(value, timezone.now()) if timezone.is_aware(value) else str(value)
    if isinstance(value, date):
        return day_text(value)
    if isinstance(value, timedelta):
        return duration_text(value)
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return number_text(value)
    if isinstance(value, Promise) or not isinstance(value, str):
        return str(value)
    if name == "state":
        return _state(value)
    return gettext(value) if name in TRANSLATED_FACTS and value else value


def _state(value: str) -> str:
    """The word that the trade has for a state; a refusal does not say of which noun, and orders come first."""
    known = next((states[value] for states in LABELS.values() if value in states), None)
    return str(known.text) if known is not None else gettext(value)
