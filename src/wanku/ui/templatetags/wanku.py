"""Text tags and filters, built in: no ``{% load %}`` needed. The parts are in `wanku.ui.templatetags.wanku_parts`."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import segno
from django import template
from django.template.context import Context
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from wanku.kernel.money import Money
from wanku.kernel.refusal import Refusal
from wanku.kinds.kind import Fact
from wanku.kinds.shown import brief, described
from wanku.ui import built, words
from wanku.ui.kept import own
from wanku.ui.labels import label

register = template.Library()


def as_money(value: Any, currency: str = "CNY") -> Money | None:
    """A `Money`, or one made of an int of minor units; None for nothing."""
    if isinstance(value, Money) or value is None or value == "":
        return value or None
    return Money(int(value), currency or "CNY")


def context_now(context: Context) -> datetime:
    """The door's time; templates without a request (mails) may pass ``now`` themselves."""
    request = getattr(context, "request", None)
    found = context.get("now") or getattr(request, "now", None)
    return found if isinstance(found, datetime) else timezone.now()


@register.filter
def money(value: Any, currency: str = "CNY") -> str:
    """``{{ total|money }}`` of a Money, ``{{ order.total|money:order.currency }}`` of minor units."""
    found = as_money(value, currency)
    return words.money_text(found) if found is not None else ""


@register.filter
def num(value: float | Decimal | None) -> str:
    """A number with thousands separated."""
    return "" if value is None else words.number_text(value)


@register.filter(name="bytes")
def size(value: int | None) -> str:
    """A size in bytes for people."""
    return "" if value is None else words.bytes_text(value)


@register.filter
def day(value: date | datetime | None) -> str:
    """A day in words."""
    return "" if value is None else words.day_text(value)


@register.filter
def short_day(value: date | datetime | None) -> str:
    """A day near today, without its year."""
    return "" if value is None else words.short_day_text(value)


@register.filter
def exact(value: datetime | None) -> str:
    """Date and time with the year, as text only (for titles and mails); pages use ``{% when %}``."""
    return "" if value is None else words.exact_text(value)


@register.filter
def duration(value: float | timedelta | None) -> str:
    """A length of time in seconds, in words: ``48 hours``."""
    return "" if value is None else words.duration_text(value)


@register.filter(name="refusal_text")
def refusal(value: Refusal | None) -> str:
    """A refusal as a sentence."""
    return "" if value is None else words.refusal_text(value)


@register.filter
def device(agent: str) -> str:
    """Browser and system of a User-Agent, as people call them; the start of it when it is none that we know."""
    names = [next((name for mark, name in table if mark in agent), "") for table in (BROWSERS, SYSTEMS)]
    return " · ".join(name for name in names if name) or agent[:60]


# In this order, since every browser claims to be its forerunners too.
BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("AlipayClient", "Alipay"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


@register.filter
def state_text(value: str, noun: str) -> str:
    """The word of the trade for a state, as text only: ``{{ order.state|state_text:"order" }}``."""
    return str(label(noun, value).text)


@register.filter
def entry(value: Mapping[Any, Any] | None, key: Any) -> Any:
    """``{{ mapping|entry:key }}``; None when it is not there."""
    return None if value is None else value.get(key)


@register.simple_tag(takes_context=True)
def when(context: Context, moment: datetime | str | None, form: str = "both") -> SafeString | str:
    """A moment as ``<time>``: ``both`` (exact and relative), ``exact``, ``relative`` or ``day``; nothing for nothing.

    An attribute that does not exist reaches tags as an empty text, which is nothing as well.
    """
    if not isinstance(moment, datetime):
        return ""
    now = context_now(context)
    exact_ = words.day_text(moment) if form == "day" else words.exact_text(moment, now)
    relative = words.relative_text(moment, now)
    title = words.full_text(moment)
    if form == "relative":
        return format_html('<time datetime="{}" title="{}">{}</time>', moment.isoformat(), title, relative)
    inner: str = exact_
    if form == "both":
        inner = format_html('{} <span class="quiet ml-1">{}</span>', exact_, relative)
    return format_html('<time datetime="{}" title="{}">{}</time>', moment.isoformat(), title, inner)


@register.simple_tag(takes_context=True)
def own_count(context: Context, variable: str, css: str) -> str:
    """A number of the reader's (``cart_count``, ``unread_count``) in a badge, nothing for none; see `wanku.ui.kept`."""
    marks = getattr(getattr(context, "request", None), "marks", None)
    if marks is not None:
        return str(marks.mark(own.count_slot(variable, css)))
    number = context.get(variable)
    return own.count_badge((number() if callable(number) else number) or 0, css)


def own_now(context: Context, now: datetime) -> str:
    """The moment that a clock counts from: that of the answer, also where the page is kept; see `wanku.ui.kept`."""
    marks = getattr(getattr(context, "request", None), "marks", None)
    return str(marks.mark(own.NOW)) if marks is not None else own.now_text(now)


@register.simple_tag(takes_context=True)
def own_messages(context: Context) -> str:
    """What waits to be said to the reader, at the head of the page; see `wanku.ui.kept`."""
    request = getattr(context, "request", None)
    marks = getattr(request, "marks", None)
    if marks is not None:
        return str(marks.mark(own.MESSAGES))
    return own.messages_note(request) if request is not None else ""


@register.simple_tag
def icon(name: str, size: int = 20, css: str = "", label: str = "") -> SafeString:
    """A Lucide icon as inline SVG. Without ``label`` it is decoration that screen readers skip."""
    voice = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="shrink-0 {}" width="{}" height="{}" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
        'stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" {}>{}</svg>',
        css,
        size,
        size,
        voice,
        # Drawings come from our own build of the icon package, never from people.
        mark_safe(built.drawing(name)),  # noqa: S308
    )


@register.simple_tag
def chosen_facts(kind: str, choice: Mapping[str, Any]) -> list[Fact]:
    """What was configured of what is not goods, as rows of ``label`` and ``value``; nothing for goods."""
    return described(kind, choice)


@register.filter
def brief_choice(kind: str, choice: Mapping[str, Any]) -> str:
    """What was configured of what is not goods, in one line: ``{{ line.kind|brief_choice:line.choice }}``."""
    return brief(kind, choice)


@register.simple_tag
def asset(source: str) -> str:
    """Address of a built front-end entry."""
    return built.asset_url(source)


@register.simple_tag
def qr(text: str, label: str = "", css: str = "size-40") -> SafeString:
    """A QR code as inline SVG, dark on white in both themes, since scanners expect that."""
    code = segno.make(text, error="m", micro=False)
    drawing = code.svg_inline(border=2, omitsize=True, dark="#16120f", light="#fff", svgclass=None, lineclass=None)
    return format_html(
        '<span class="inline-block overflow-hidden rounded-lg bg-white {}" role="img" aria-label="{}">{}</span>',
        css,
        label or text,
        # segno draws paths from the bits of the code; the text itself is not in it.
        mark_safe(drawing),  # noqa: S308
    )
