"""Answering with a kept page: whose it is, ETag, 304, gzip."""

import re
from collections.abc import Callable, Hashable, Mapping
from functools import cache
from hashlib import blake2b
from typing import Any, Final, Protocol

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpResponse, HttpResponseNotModified
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language

from wanku.ui.kept.own import own_parts, with_token
from wanku.ui.kept.page import Drawn, Pages
from wanku.ui.kept.pieces import Pieces
from wanku.ui.kept.standin import StandIn
from wanku.ui.request import Request

QUERY_MAX: Final = 300
_GZIP = re.compile(r"(?:^|,)\s*(?:x-)?gzip\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$))[^,]*)?(?=,|$)", re.IGNORECASE)
_TAG = re.compile(r'(?:W/)?("[^"]*")')


class Reader(Protocol):
    """Who reads a page; besides the numbers that its frame shows, by the names of their variables."""

    @property
    def member(self) -> bool:
        """Whether somebody is signed in."""

    @property
    def at_desk(self) -> bool:
        """Whether they work at a desk, here or at the platform."""


def answer(
    request: Request, pages: Pages, draw: Callable[[Request], Drawn], reader: Reader, *variant: Hashable
) -> HttpResponse:
    """Answer with the page of this address, kept or drawn anew.

    People who work at a desk, here or at the platform, get one that was drawn for them: their own drafts are in it, and
    what they saved a moment ago.

    Args:
        draw: reads the page; it is given a request without a reader, except for those people.
        variant: what else the page depends on, mostly nothing.
    """
    if reader.at_desk or len(request.META.get("QUERY_STRING", "")) > QUERY_MAX:
        drawn = draw(request)
        return render(request, drawn.template, drawn.context)
    standin = StandIn(request, member=reader.member)
    key = (request.get_full_path(), get_language(), timezone.get_current_timezone_name(), reader.member, *variant)
    rare = bool(variant or request.META.get("QUERY_STRING"))
    return _answered(request, pages.page(key, standin, draw, rare=rare, look=bool(len(get_messages(request)))), reader)


def answer_stamped(
    request: Request,
    pages: Pages,
    draw: Callable[[Request], tuple[str, Mapping[str, Any]]],
    reader: Reader,
    stamp: Hashable,
    whose: Hashable,
) -> HttpResponse:
    """Answer with a page of the reader's own, kept until its stamp changes and no longer than the minute.

    Words such as “in 5 minutes” are those of the minute; clocks count from the moment of each answer.

    Args:
        draw: reads the page for this reader: template and variables.
        stamp: read before, and only where this reader may see the page.
        whose: names the reader, so that nobody else meets the page.
    """
    if reader.at_desk:
        template, context = draw(request)
        return render(request, template, dict(context))
    standin = StandIn(request, member=reader.member)
    key = (request.get_full_path(), get_language(), timezone.get_current_timezone_name(), reader.member, whose)
    minute = int(request.now.timestamp() + second_of(key)) // 60
    return _answered(request, pages.stamped(key, (stamp, minute), standin, draw), reader)


def second_of(key: Hashable) -> int:
    """When a page's minutes begin: each at a second of its own, lest all of them be drawn anew at the same one."""
    return hash(key) % 60


def _answered(request: Request, page: Pieces, reader: Reader) -> HttpResponse:
    parts = own_parts(request, page.slots, reader)
    if "CSRF_COOKIE" not in request.META:
        get_token(request)  # the first page of a browser: it gets its secret with this answer
    tag = f'W/"{page.digest}{_own_digest(request, parts)}"'
    response: HttpResponse
    if tag.removeprefix("W/") in _TAG.findall(request.META.get("HTTP_IF_NONE_MATCH", "")):
        response = HttpResponseNotModified()
    elif _GZIP.search(request.META.get("HTTP_ACCEPT_ENCODING", "")):
        response = HttpResponse(page.gzipped(with_token(request, parts)), headers={"Content-Encoding": "gzip"})
    else:
        response = HttpResponse(page.plain(with_token(request, parts)))
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ("Accept-Encoding", "Cookie"))
    return response


def _own_digest(request: Request, parts: Mapping[str, bytes]) -> str:
    """Names what is the reader's in a page: the parts shown, and for whom its forms are good.

    The tokens of forms differ with every answer, but are good as long as the secret in the reader's cookie is the same;
    a browser that shows its own copy again must not show one whose forms would be refused.
    """
    digest = blake2b(key=_key(), digest_size=9)
    digest.update(request.META.get("CSRF_COOKIE", "").encode())
    for slot in sorted(parts):
        digest.update(b"\x00" + slot.encode() + b"\x00" + parts[slot])
    return digest.hexdigest()


@cache
def _key() -> bytes:
    return blake2b(settings.SECRET_KEY.encode(), person=b"wanku.ui.kept").digest()
