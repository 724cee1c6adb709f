"""What the process counts about itself, in Prometheus' format, for those who hold the token."""

import time
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest
from starlette.types import Message, Scope, Send

DOORS: Final = ("api", "account", "desk", "platform", "hooks", "sandbox", "static", "media", "metrics", "rush", "live")
METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
REQUESTS: Final = Counter("wanku_requests", "Answered requests.", ("door", "method", "status"))
SECONDS: Final = Histogram(
    "wanku_request_seconds",
    "From the first line of our code to the last.",
    ("door",),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


class MetricsMiddleware:
    """Counts every request by door, method and status; labels are few, whatever strangers send."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        start = time.perf_counter()
        response = self.get_response(request)
        count(request.path, request.method, response.status_code, time.perf_counter() - start)
        return response


def counted(scope: Scope, send: Send) -> Send:
    """Counts what the event loop answers by itself; a stream when it begins."""
    start = time.perf_counter()

    async def send_counted(message: Message) -> None:
        if message["type"] == "http.response.start":
            count(scope["path"], scope["method"], message["status"], time.perf_counter() - start)
        await send(message)

    return send_counted


def count(path: str, method: str | None, status: int, seconds: float) -> None:
    """Count one answer."""
    door = door_of(path)
    REQUESTS.labels(door, method if method in METHODS else "other", str(status)).inc()
    SECONDS.labels(door).observe(seconds)


def door_of(path: str) -> str:
    """Which door an address belongs to."""
    first = path.strip("/").partition("/")[0]
    return first if first in DOORS else "storefront"


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Counts of this process; without a token in the settings, and for a wrong one, there is nothing here."""
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not settings.METRICS_TOKEN or not constant_time_compare(token, settings.METRICS_TOKEN):
        raise Http404
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)
