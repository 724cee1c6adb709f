"""Requests that arrive at the event loop, in the words of Django, so that both doors ask the same questions of them."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from importlib import import_module
from typing import Any, Final, cast

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest, QueryDict
from django.http.cookie import parse_cookie
from django.utils.translation import get_language_from_request

from wanku.ui.request import Request

NOTHING: Final = QueryDict("")
LANGUAGE: Final = settings.LANGUAGE_COOKIE_NAME


class Asked(HttpRequest):
    """A request without a body, made from an ASGI scope."""

    def __init__(self, scope: Mapping[str, Any]) -> None:
        # Not Django's own constructor, which prepares forms and files that no caller of this door sends.
        self.GET = self.POST = NOTHING
        self._protocol: str = scope.get("scheme", "http")
        self.method = scope["method"]
        self.path = self.path_info = scope["path"]
        host, port = scope.get("server") or ("localhost", 80)
        client = scope.get("client") or ("",)
        self.META = {
            "REMOTE_ADDR": client[0],
            "REQUEST_METHOD": scope["method"],
            "SERVER_NAME": host,
            "SERVER_PORT": str(port),
            "QUERY_STRING": scope["query_string"].decode("latin-1"),
            **headers_of(scope["headers"]),
        }
        self.COOKIES = parse_cookie(self.META["HTTP_COOKIE"]) if "HTTP_COOKIE" in self.META else {}
        self.resolver_match = None
        self.content_type = None
        self.content_params = None

    def _get_scheme(self) -> str:
        return self._protocol


def request_of(scope: Mapping[str, Any]) -> Request:
    """The request of an ASGI scope, with the moment of its arrival."""
    asked = cast("Request", Asked(scope))
    asked.now = datetime.now(UTC)
    return asked


def headers_of(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers as PEP 3333 names them."""
    found: dict[str, str] = {}
    for raw_name, raw_value in headers:
        key = _key(raw_name)
        if not key:
            continue
        value = raw_value.decode("latin-1")
        if key in found:
            found[key] += ("; " if key == "HTTP_COOKIE" else ",") + value
        else:
            found[key] = value
    return found


@lru_cache(1_000)
def _key(name: bytes) -> str:
    """Empty for X_Forwarded_For and the like, which would become the same key as the proxy's X-Forwarded-For."""
    if b"_" in name:
        return ""
    key = name.decode("latin-1").upper().replace("-", "_")
    return key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"


def language_of(request: HttpRequest) -> str:
    """The reader's language, as `django.middleware.locale` has it."""
    return _language(request.META.get("HTTP_ACCEPT_LANGUAGE", ""), request.COOKIES.get(LANGUAGE, ""))


@lru_cache(1_000)
def _language(accepted: str, cookie: str) -> str:
    asked = Asked({"method": "GET", "path": "/", "query_string": b"", "headers": ()})
    asked.META["HTTP_ACCEPT_LANGUAGE"] = accepted
    asked.COOKIES = {LANGUAGE: cookie}
    return get_language_from_request(asked)


def enter_session(request: Request) -> None:
    """Give a request the session of its cookie and the person behind it, as Django's middleware does. Asks the
    database, so call it in a thread.
    """
    engine = import_module(settings.SESSION_ENGINE)
    request.session = engine.SessionStore(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
    request.user = get_user(request)
