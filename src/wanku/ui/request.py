"""What our middleware adds to a request."""

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from wanku.access.actor import Actor


class Request(HttpRequest):
    """A request as pages see it.

    Attributes:
        actor: who is asking.
        now: the moment of the request, aware UTC; pages pass it on, nothing below asks a clock.
        htmx: whether and what htmx asks for.
    """

    actor: Actor
    now: datetime
    htmx: HtmxDetails


def caller_address(request: HttpRequest) -> str:
    """The network address that a request comes from, for limits on guessing.

    Behind our own proxy (the public address is https, see settings) it is what that proxy appended last to
    X-Forwarded-For; entries before it are the caller's own claim. Otherwise the socket's peer.
    """
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.SECURE else ""
    return forwarded.rsplit(",", 1)[-1].strip()[:45] or str(request.META.get("REMOTE_ADDR", ""))
