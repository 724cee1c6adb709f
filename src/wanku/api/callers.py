"""Who calls: a key, a guest token, a browser's session, or nobody."""

import uuid
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any, Final, cast

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from ninja.security.base import AuthBase
from ninja.utils import check_csrf

from wanku.access.actor import NOBODY, Actor
from wanku.access.can import Permission, require
from wanku.access.find_key import find_key
from wanku.access.models import ApiKey
from wanku.access.scopes import Scope, require_scope
from wanku.api import limits
from wanku.api.problems import BAD_GUEST_TOKEN, BAD_KEY, CSRF
from wanku.kernel.refusal import NOT_FOUND, SIGN_IN, Refusal
from wanku.merchants.models import Merchant, Staff
from wanku.ui.actor import actor_of
from wanku.ui.asked import enter_session
from wanku.ui.request import Request

GUEST_SALT: Final = "wanku.api.guest"
GUEST_LIFE: Final = timedelta(days=180)
GRANTED_MAX: Final = 50


class KeyAuth(AuthBase):
    """`Authorization: Bearer wk_…`"""

    openapi_type = "http"
    openapi_scheme = "bearer"
    openapi_description = "An API key. Make one at /api/keys; it is shown once. It acts for its person or its merchant."

    def __call__(self, request: HttpRequest) -> Actor | None:
        """The actor behind the key; a key that is wrong is refused, never passed over."""
        header = request.META.get("HTTP_AUTHORIZATION")
        if header is None:
            return None
        scheme, _, secret = header.partition(" ")
        row = find_key(secret.strip(), now=cast("Request", request).now) if scheme.lower() == "bearer" else None
        if row is None:
            raise Refusal(BAD_KEY)
        return _enter(request, actor_of_key(row), f"key:{row.pk}")


class GuestAuth(AuthBase):
    """`X-Guest-Token: …`"""

    openapi_type = "apiKey"
    openapi_in = "header"
    openapi_name = "X-Guest-Token"
    openapi_description = "A guest's token from `POST /guests`. Keep it: the guest's cart and orders hang on it."

    def __call__(self, request: HttpRequest) -> Actor | None:
        """The guest behind the token."""
        token = request.META.get("HTTP_X_GUEST_TOKEN")
        if token is None:
            return None
        actor = actor_of_token(token)
        return _enter(request, actor, f"guest:{actor.guest_key}")


class SessionAuth(AuthBase):
    """The cookie of a browser; unsafe methods need the CSRF token too."""

    openapi_type = "apiKey"
    openapi_in = "cookie"
    openapi_name = settings.SESSION_COOKIE_NAME
    openapi_description = "A browser's session on this site; unsafe methods also need `X-CSRFToken`."

    def __call__(self, request: HttpRequest) -> Actor | None:
        """The member or guest of the session, if it has one."""
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        if check_csrf(request) is not None:
            raise Refusal(CSRF)
        actor = actor_of(request)
        if actor.person_id is None and actor.guest_key is None and not actor.granted:
            return None
        return _enter(request, actor, name_of(actor))


def anyone(request: HttpRequest) -> Actor:
    """For what the public may do: nobody in particular."""
    cast("Request", request).actor = NOBODY
    return NOBODY


KNOWN: Final = (KeyAuth(), GuestAuth(), SessionAuth())
"""Operations for someone; strangers are told to sign in."""
PUBLIC: Final = (*KNOWN, anyone)
"""Operations for everybody."""


def caller_of(request: Request) -> Actor:
    """Whoever asks, by key, guest token or a browser's session, for doors that are not this one. Asks the database.

    Raises:
        Refusal: ``sign_in`` for nobody, ``bad_key``, ``bad_guest_token``, ``rate_limited``.
    """
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        enter_session(request)
    for way in KNOWN:
        actor = way(request)
        if actor is not None:
            return actor
    raise Refusal(SIGN_IN)


def actor_of_key(row: ApiKey) -> Actor:
    """A person's own key acts as that buyer; a merchant's key acts in its person's seat there and nowhere else.

    No key ever acts for the platform.
    """
    scopes = frozenset(row.scopes)
    if row.merchant_id is None:
        return Actor(person_id=row.person_id, scopes=scopes)
    seat = Staff.objects.filter(person_id=row.person_id, merchant_id=row.merchant_id).first()
    seats = {seat.merchant_id: seat.role} if seat else {}
    return Actor(person_id=row.person_id, seats=seats, merchant_id=row.merchant_id, scopes=scopes)


def new_token(guest_key: uuid.UUID, granted: frozenset[uuid.UUID] = frozenset()) -> str:
    """A token for a guest: the key and the trades it was shown, signed by us."""
    trades = [trade.hex for trade in sorted(granted)][-GRANTED_MAX:]
    return signing.dumps({"g": guest_key.hex, "t": trades}, salt=GUEST_SALT, compress=True)


def actor_of_token(token: str) -> Actor:
    """The guest of a token.

    Raises:
        Refusal: ``bad_guest_token``.
    """
    try:
        content: dict[str, Any] = _signer().unsign_object(token[:8_000], max_age=GUEST_LIFE)
    except (signing.BadSignature, ValueError) as error:
        raise Refusal(BAD_GUEST_TOKEN) from error
    return Actor(guest_key=uuid.UUID(content["g"]), granted=frozenset(uuid.UUID(trade) for trade in content["t"]))


@cache
def _signer() -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=GUEST_SALT)


def name_of(actor: Actor) -> str:
    """One caller's name, for rates and request keys."""
    if actor.person_id is not None:
        return f"person:{actor.person_id}"
    return f"guest:{actor.guest_key}" if actor.guest_key else "nobody"


def buyer(request: Request, scope: Scope) -> Actor:
    """The caller as a buyer: a member, their own key with ``scope``, or a guest.

    Raises:
        Refusal: ``sign_in``, or ``not_allowed`` for a key that lacks the scope (a merchant's key always does).
    """
    if request.actor.person_id is None and request.actor.guest_key is None:
        raise Refusal(SIGN_IN)
    require_scope(request.actor, scope)
    return request.actor


def member(request: Request, scope: Scope) -> Actor:
    """The caller as a person with an account.

    Raises:
        Refusal: ``sign_in`` for guests, ``not_allowed`` for a key that lacks the scope.
    """
    if request.actor.person_id is None:
        raise Refusal(SIGN_IN)
    require_scope(request.actor, scope)
    return request.actor


def desk(request: Request, slug: str, permission: Permission) -> tuple[Actor, Merchant]:
    """The caller in their seat at one shop, and the shop; as nobody else for the rest of the request.

    Raises:
        Refusal: ``sign_in``; ``not_found`` without a seat there; ``not_allowed`` when role or key lack the permission.
    """
    actor = request.actor
    if actor.person_id is None:
        raise Refusal(SIGN_IN)
    merchant = Merchant.objects.filter(slug=slug, pk__in=list(actor.seats)).first()
    if merchant is None:
        raise Refusal(NOT_FOUND)
    seated = replace(
        actor, seats={merchant.pk: actor.seats[merchant.pk]}, merchant_id=merchant.pk, platform=frozenset()
    )
    require(seated, permission, merchant.pk)
    request.actor = seated
    return seated, merchant


def _enter(request: HttpRequest, actor: Actor, name: str) -> Actor:
    limits.spend(limits.CALLER, name)
    cast("Request", request).actor = actor
    return actor
