"""The door that every page goes through: time, zone, headers, and refusals as pages."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from csp.constants import HEADER
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from wanku.kernel.away import AWAY
from wanku.kernel.refusal import Refusal
from wanku.kernel.zones import zones
from wanku.ui import errors

ZONE_COOKIE = "wanku_zone"
# Nothing on our pages needs these; the camera is for scanning voucher codes on our own pages only.
PERMISSIONS_POLICY = (
    "accelerometer=(), browsing-topics=(), camera=(self), display-capture=(), geolocation=(self), gyroscope=(), "
    "magnetometer=(), microphone=(), midi=(), payment=(self), usb=()"
)
log = logging.getLogger(__name__)


class PolicyMiddleware:
    """The content policy on every answer.

    One policy for all pages, without nonces, so it is put into words once and not, as by django-csp's own middleware,
    with every answer: that was a sixth of what all middleware together costs.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._policy = str(build_policy())

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # Django's own pages for developers carry their style with them.
        if not (settings.DEBUG and response.status_code in (404, 500)):
            response.headers.setdefault(HEADER, self._policy)
        return response


class DoorMiddleware:
    """Sets ``request.now`` and the reader's time zone, answers refusals, and adds the headers that no one else sets."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.now = datetime.now(UTC)  # type: ignore[attr-defined]
        with timezone.override(reader_zone(request)):
            response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if response.headers.get("Content-Type", "").startswith("text/html"):
            # Pages show the reader's own things; a shared cache must never keep them.
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> HttpResponse | None:
        """Nothing here has a NUL in its address, and PostgreSQL would take it for an error of ours.

        A view that speaks to programs (``answers_for_itself``) says so in its own form.
        """
        address = request.path + request.META.get("QUERY_STRING", "")
        if ("\x00" in address or "%00" in address) and not getattr(view, "answers_for_itself", False):
            return errors.show(request, 404)
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a `Refusal` that a view let through, and a database that is away; anything else stays an error."""
        if isinstance(exception, AWAY):
            return errors.unavailable(request)
        if not isinstance(exception, Refusal):
            return None
        status = exception.code.status
        level = logging.WARNING if status >= 500 or status == 403 else logging.INFO
        log.log(level, "refused %s %s: %s", request.method, request.path, exception)
        return errors.refused(request, exception)


def reader_zone(request: HttpRequest) -> ZoneInfo:
    """The person's zone, else the one that a cookie names, else the platform's."""
    person = getattr(request, "user", None)
    # Reading `is_authenticated` loads the session; a stranger without one must not pay for that.
    signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES and person is not None and person.is_authenticated
    name = getattr(person, "zone", "") if signed_in else request.COOKIES.get(ZONE_COOKIE, "")
    # A foreign name must never reach the file system, which is where ZoneInfo looks.
    if name and name in zones():
        return ZoneInfo(name)
    return ZoneInfo(settings.TIME_ZONE)
