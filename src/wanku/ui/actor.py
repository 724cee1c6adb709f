"""Who is asking: built from the session, once a request, and only when something wants to know."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from wanku.access.actor import Actor
from wanku.access.seats import platform_roles_of
from wanku.merchants.seats import seats_of

GUEST_KEY = "guest_key"
GRANTED = "granted_trades"
GRANTED_MAX = 50


def actor_of(request: HttpRequest) -> Actor:
    """The actor of a browser session."""
    buyer = buyer_of(request)
    if buyer.person_id is None:
        return buyer
    return replace(buyer, seats=seats_of(buyer.person_id), platform=platform_roles_of(buyer.person_id))


def buyer_of(request: HttpRequest) -> Actor:
    """The actor of a browser session as a buyer and nothing else: without seats and roles, which cost two queries."""
    session = request.session
    granted = frozenset(uuid.UUID(text) for text in session.get(GRANTED, []))
    user = request.user
    if user.is_authenticated:
        return Actor(person_id=user.pk, granted=granted)
    key = session.get(GUEST_KEY)
    return Actor(guest_key=uuid.UUID(key) if key else None, granted=granted)


def ensure_guest(request: HttpRequest) -> None:
    """Give a guest's browser a key, so that its cart and orders are its own. Call before a guest's first write."""
    if not request.user.is_authenticated and GUEST_KEY not in request.session:
        request.session[GUEST_KEY] = str(uuid.uuid4())
        cast("Any", request).actor = actor_of(request)


def grant_trade(request: HttpRequest, trade_id: uuid.UUID) -> None:
    """Let this browser see a trade, after number and contact were shown."""
    kept = [t for t in request.session.get(GRANTED, []) if t != str(trade_id)]
    request.session[GRANTED] = [*kept, str(trade_id)][-GRANTED_MAX:]
    cast("Any", request).actor = actor_of(request)


class ActorMiddleware:
    """Sets ``request.actor``, lazily: a page that does not ask pays no query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        cast("Any", request).actor = SimpleLazyObject(lambda: actor_of(request))
        return self.get_response(request)
