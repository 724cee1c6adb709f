"""Answering with a kept page: whose it is, ETag, 304, gzip."""

import re
from collections.abc import Callable, Hashable, Mapping
from functools import cache
from hashlib import blake2b
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
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

Frame = Callable[[HttpRequest], Mapping[str, Any]]


def answer(
    request: Request, pages: Pages, draw: Callable[[Request], Drawn], frame: Frame, *variant: Hashable
) -> HttpResponse:
    """Answer with the page of this address, kept or drawn anew.

    People who work at a desk, here or at the platform, get one that was drawn for them: their own drafts are in it, and
    what they saved a moment ago.

    Args:
        draw: reads the page; it is given a request without a reader, except for those people.
        frame: the variables of the frame, for the reader's parts.
        variant: what else the page depends on, mostly nothing.
    """
    member = settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated
    at_desk = member and bool(request.actor.seats or request.actor.platform)
    if at_desk or len(request.META.get("QUERY_STRING", "")) > QUERY_MAX:
        drawn = draw(request)
        return render(request, drawn.template, drawn.context)
    standin = StandIn(request, member=member)
    key = (request.get_full_path(), get_language(), timezone.get_current_timezone_name(), member, *variant)
    rare = bool(variant or request.META.get("QUERY_STRING"))
    return _answered(request, pages.page(key, standin, draw, rare=rare), frame)


def _answered(request: Request, page: Pieces, frame: Frame) -> HttpResponse:
    parts = own_parts(request, page.slots, frame)
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
