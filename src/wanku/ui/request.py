"""What our middleware adds to a request."""

from datetime import datetime

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
