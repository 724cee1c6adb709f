"""What every request to the API passes: rate by address, size and type of the body, and errors as problems."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt

from wanku.api import limits, problems
from wanku.api.problems import MEDIA, METHOD, TOO_LARGE
from wanku.kernel.refusal import Refusal

BODY_MAX: Final = 256 * 1024
"""Bytes of a JSON body; the largest documented one (a product with 200 variants) stays well below."""
UPLOAD_MAX: Final = 12 * 1024 * 1024
"""Bytes of a picture upload with its envelope."""
UPLOAD_PATHS: Final = ("/pictures",)
VARY: Final = ("Accept-Language", "Authorization", "X-Guest-Token", "Cookie")
WITH_BODY: Final = ("POST", "PUT", "PATCH", "DELETE")

View = Callable[..., HttpResponseBase]


def guarded(patterns: Iterable[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    """The same routes with every view behind the door."""
    kept = list(patterns)
    for pattern in kept:
        if isinstance(pattern, URLPattern):
            pattern.callback = door(pattern.callback)
    return kept


def door(view: View) -> View:
    """One view behind the door."""

    # Sessions are checked for CSRF where they are read (`wanku.api.callers`); keys and tokens carry no such risk.
    @csrf_exempt
    @wraps(view)
    def entered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            limits.spend(limits.ADDRESS, limits.address_of(request))
            check_body(request)
            response = view(request, *args, **kwargs)
        except Refusal as refusal:
            response = problems.refused(request, refusal)
        except Http404:
            response = problems.not_found(request)
        if isinstance(response, HttpResponseNotAllowed):
            response = _not_allowed(request, response)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        patch_vary_headers(response, VARY)
        return response

    entered.answers_for_itself = True  # type: ignore[attr-defined]
    return entered


def check_body(request: HttpRequest) -> None:
    """Size and type before a byte is read.

    Raises:
        Refusal: ``too_large`` or ``unsupported_media_type``.
    """
    length = request.META.get("CONTENT_LENGTH") or "0"
    size = int(length) if length.isascii() and length.isdigit() else 0
    upload = request.path.endswith(UPLOAD_PATHS)
    most = UPLOAD_MAX if upload else BODY_MAX
    if size > most:
        raise Refusal(TOO_LARGE, most=most)
    if size and request.method in WITH_BODY:
        expected = "multipart/form-data" if upload else "application/json"
        if request.content_type != expected or (not upload and not _is_utf8(request)):
            raise Refusal(MEDIA, expected=expected)


def _is_utf8(request: HttpRequest) -> bool:
    charset = (request.content_params or {}).get("charset", "utf-8")
    return charset.strip('"').lower() in ("utf-8", "utf8", "us-ascii")


def _not_allowed(request: HttpRequest, response: HttpResponseNotAllowed) -> HttpResponse:
    problem = problems.refused(request, Refusal(METHOD, method=(request.method or "")[:20]))
    problem["Allow"] = response["Allow"]
    return problem


def nowhere(request: HttpRequest, path: str = "") -> HttpResponse:
    """Any address below the API that is none of it."""
    return problems.not_found(request)
