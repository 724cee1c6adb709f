"""Error pages: a status, what happened, and what to do next, in the reader's language."""

import logging
import sys
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.template.loader import render_to_string
from django.utils.http import urlencode

from wanku.kernel.away import AWAY
from wanku.kernel.refusal import BUSY, Refusal
from wanku.ui.words import html_language, refusal_text

# Statuses with a page of their own; others use the nearest.
PAGES = (400, 403, 404, 409, 422, 429, 500, 503)
log = logging.getLogger(__name__)


def show(request: HttpRequest, status: int, text: str = "") -> HttpResponse:
    """The page for a status, or a toast for htmx, with ``text`` in place of the usual explanation."""
    if request.headers.get("HX-Request") == "true":
        response = HttpResponse(render_to_string("ui/parts/toast.html", {"tone": "error", "text": text}), status=status)
        response["HX-Retarget"] = "#toasts"
        response["HX-Reswap"] = "beforeend"
        return response
    page = status if status in PAGES else (400 if status < 500 else 500)
    return HttpResponse(render_to_string(f"{page}.html", {"text": text, "status": status}, request), status=status)


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """A refusal that no view caught: to the sign-in page when that would help, else its page or toast."""
    if refusal.code.status == 401 and request.headers.get("HX-Request") != "true":
        back = urlencode({"next": request.get_full_path()})
        return HttpResponseRedirect(f"{resolve_url(settings.LOGIN_URL)}?{back}")
    response = show(request, refusal.code.status, refusal_text(refusal))
    if response.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
        response["Retry-After"] = "1"
    return response


def unavailable(request: HttpRequest) -> HttpResponse:
    """The database is away: come again in a moment. Touches neither database nor session."""
    log.error("the database failed %s %s: %s", request.method, request.path, sys.exception())
    if request.headers.get("HX-Request") == "true":
        response = show(request, BUSY.status, refusal_text(Refusal(BUSY)))
    else:
        context = {"status": BUSY.status, "text": refusal_text(Refusal(BUSY)), "html_lang": html_language()}
        response = HttpResponse(render_to_string("503.html", context), status=BUSY.status)
    response["Retry-After"] = "1"
    return response


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's CSRF_FAILURE_VIEW."""
    log.warning("csrf refused %s: %s", request.path, reason)
    return HttpResponse(render_to_string("403_csrf.html", {}, request), status=403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """``handler400``."""
    return show(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """``handler403``."""
    return show(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """``handler404``."""
    return show(request, 404)


def failed(request: HttpRequest) -> HttpResponse:
    """``handler500``: touches neither database nor session, since one of them may be what failed."""
    if isinstance(sys.exception(), AWAY):
        return unavailable(request)
    return HttpResponse(render_to_string("500.html", {"status": 500, "html_lang": html_language()}), status=500)
