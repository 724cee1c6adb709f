"""What the process counts about itself, in Prometheus' format, for those who hold the token."""

import time
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest

DOORS: Final = ("api", "account", "desk", "platform", "hooks", "sandbox", "static", "media", "metrics")
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
        door = door_of(request.path)
        method = request.method if request.method in METHODS else "other"
        REQUESTS.labels(door, method, str(response.status_code)).inc()
        SECONDS.labels(door).observe(time.perf_counter() - start)
        return response


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
