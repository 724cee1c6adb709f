"""The door for crowds: orders by JSON on the event loop, with the rules, callers and refusals of the REST API.

It differs from `POST /api/v1/orders` in what it leaves out: no thread for each caller, and an answer that names the
trade instead of reading it back whole.
"""

import re
from http import HTTPStatus
from typing import Final

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import get_language_from_request, override
from ninja.errors import ValidationError as InvalidBody
from pydantic import ValidationError
from starlette.requests import Request as Arrived
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wanku.access.actor import Actor
from wanku.access.scopes import Scope
from wanku.api import limits, problems
from wanku.api.callers import GuestAuth, KeyAuth, SessionAuth, buyer
from wanku.api.door import BODY_MAX
from wanku.api.naming import renaming
from wanku.api.problems import MEDIA, TOO_LARGE, UNREADABLE
from wanku.api.resources.cart import wishes_of
from wanku.api.resources.trades import notes_of
from wanku.api.shapes.buying import OrderBody
from wanku.api.wire import BadJson, decode, encode
from wanku.flows.buying.place_order import GATHERED, Checkout, Contact, Placed
from wanku.kernel.refusal import SIGN_IN, Refusal
from wanku.kernel.threads import in_thread
from wanku.ui.asked import enter_session, request_of
from wanku.ui.request import Request

KEY: Final = re.compile(r"[A-Za-z0-9_-]{8,80}")
KEYS, GUESTS, SESSIONS = KeyAuth(), GuestAuth(), SessionAuth()
HEADERS: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


async def place(arrived: Arrived) -> Response:
    """`POST /rush/orders`: body, `Idempotency-Key`, callers and refusals as `POST /api/v1/orders`.

    201 with number, amount (minor units), currency, and where to pay; 503 with Retry-After when too many wait.
    """
    request = request_of(arrived.scope)
    try:
        checkout = await _checkout(arrived, request)
        with renaming({"key": "Idempotency-Key"}):
            answer = await GATHERED.ask_async((checkout, request.now))
            if isinstance(answer, Refusal):
                raise answer
    except Refusal as refusal:
        return _problem(request, refusal)
    except InvalidBody as invalid:
        return _problem(request, invalid)
    return _placed(answer)


async def _checkout(arrived: Arrived, request: Request) -> Checkout:
    """What the caller asks for.

    Raises:
        Refusal, InvalidBody: as the REST API has them.
    """
    limits.spend(limits.ADDRESS, limits.address_of(request))
    raw = await _body(arrived, request)
    actor = await _actor(request)
    body = _read(raw)
    key = request.META.get("HTTP_IDEMPOTENCY_KEY", "")
    if not KEY.fullmatch(key):
        kind = "string_pattern_mismatch" if key else "missing"
        raise InvalidBody([{"type": kind, "loc": ("header", "Idempotency-Key"), "msg": ""}])
    return Checkout(
        actor=actor,
        key=key,
        wishes=wishes_of(body.lines),
        contact=Contact(body.contact.name, body.contact.phone or "", body.contact.email or ""),
        address=body.address.model_dump(),
        agreed_total=body.agreed_total,
        language=_language(request),
        notes=await in_thread(lambda: notes_of(body)) if body.notes else {},
        agreed_no_return=frozenset(body.agreed_no_return),
    )


async def _body(arrived: Arrived, request: Request) -> bytes:
    if request.META.get("CONTENT_TYPE", "").partition(";")[0].strip().lower() != "application/json":
        raise Refusal(MEDIA, expected="application/json")
    raw = b""
    async for part in arrived.stream():
        raw += part
        if len(raw) > BODY_MAX:
            raise Refusal(TOO_LARGE, most=BODY_MAX)
    return raw


async def _actor(request: Request) -> Actor:
    """The caller: a key, a guest's token, or a browser's session with its CSRF token."""
    actor = None
    if "HTTP_AUTHORIZATION" in request.META:
        actor = await in_thread(lambda: KEYS(request))
    if actor is None:
        actor = GUESTS(request)
    if actor is None and settings.SESSION_COOKIE_NAME in request.COOKIES:
        actor = await in_thread(lambda: _by_session(request))
    if actor is None:
        raise Refusal(SIGN_IN)
    return buyer(request, Scope.TRADES_PLACE)


def _by_session(request: Request) -> Actor | None:
    enter_session(request)
    return SESSIONS(request)


def _read(raw: bytes) -> OrderBody:
    try:
        return OrderBody.model_validate(decode(raw))
    except BadJson as bad:
        raise Refusal(UNREADABLE, problem=str(bad)) from bad
    except ValidationError as error:
        raise InvalidBody([{**each, "loc": ("body", *each["loc"])} for each in error.errors()]) from error


def _language(request: Request) -> str:
    return get_language_from_request(request)


def _placed(placed: Placed) -> Response:
    body = {
        "number": placed.number,
        "amount": placed.amount,
        "currency": placed.currency,
        "pay_url": f"{settings.PUBLIC_URL}/pay/{placed.number}/",
        "repeated": placed.repeated,
    }
    return Response(encode(body), HTTPStatus.CREATED, HEADERS, "application/json")


def _problem(request: Request, problem: Refusal | InvalidBody) -> Response:
    with override(_language(request)):
        answer: HttpResponse = (
            problems.refused(request, problem) if isinstance(problem, Refusal) else problems.invalid(request, problem)
        )
    return Response(answer.content, answer.status_code, {**HEADERS, **answer.headers})


ROUTES: Final[list[BaseRoute]] = [Route("/rush/orders", place, methods=["POST"])]
