"""The reader's own parts of a page: drawn at once in an ordinary page, put in later where the page is kept.

``csrf`` the token of forms · ``name`` of who is signed in · ``messages`` that wait to be read ·
``now`` the moment that clocks count from · ``count:<variable>:<css>`` a number in the frame, such as pieces in a cart.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from django.contrib.messages import get_messages
from django.middleware.csrf import CSRF_TOKEN_LENGTH
from django.template.loader import render_to_string
from django.utils.html import escape, format_html

from wanku.ui import words
from wanku.ui.kept.token import masked
from wanku.ui.request import Request

CSRF: Final = "csrf"
NAME: Final = "name"
MESSAGES: Final = "messages"
NOW: Final = "now"
# ``2026-11-11T02:00:00.000+00:00``
WIDTHS: Final = {CSRF: CSRF_TOKEN_LENGTH, NOW: 29}


def count_slot(variable: str, css: str) -> str:
    """Name of the part that shows a number of the frame."""
    return f"count:{variable}:{css}"


def count_badge(number: int, css: str) -> str:
    """A number on its ground; nothing for none."""
    return format_html('<span class="{}">{}</span>', css, words.number_text(number)) if number else ""


def now_text(now: datetime) -> str:
    """The moment of an answer, from which the clocks in it count down."""
    return now.isoformat(timespec="milliseconds")


def messages_note(request: Any) -> str:
    """What waits to be said to this reader, once; nothing for nothing."""
    waiting = get_messages(request)
    if not len(waiting):
        return ""
    return format_html('<div class="page">{}</div>', render_to_string("ui/parts/messages.html", {"messages": waiting}))


def own_parts(request: Request, slots: Iterable[str], reader: object) -> dict[str, bytes]:
    """This reader's parts by slot, without `CSRF`, which is another one every time (see `with_token`).

    Args:
        reader: has the numbers of the frame as attributes.
    """
    found: dict[str, bytes] = {}
    for slot in set(slots):
        kind, _, rest = slot.partition(":")
        if kind == NAME:
            text: str = escape(str(request.user))
        elif kind == NOW:
            text = now_text(request.now)
        elif kind == MESSAGES:
            text = messages_note(request)
        elif kind == "count":
            variable, _, css = rest.partition(":")
            text = count_badge(getattr(reader, variable), css)
        else:
            continue
        found[slot] = text.encode()
    return found


def with_token(request: Request, parts: Mapping[str, bytes]) -> dict[str, bytes]:
    """The same parts and a token for this reader's forms; the request has a secret by now."""
    return {**parts, CSRF: masked(request.META["CSRF_COOKIE"]).encode()}
