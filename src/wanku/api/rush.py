"""The doors for crowds: orders by JSON on the event loop, with the rules, callers and refusals of the REST API.

`POST /rush/orders` answers with what is needed to pay. `POST /api/v1/orders` stands here as well, before Django sees
it: the same operation as `wanku.api.resources.trades.create_order`, with the whole trade for an answer, made from the
rows that were written. No caller takes a thread. It is plain ASGI, since routing and its layers cost as much as the
rest.
"""

from collections.abc import Callable
from functools import lru_cache, partial
from http import HTTPStatus
from typing import Any, Final

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import override
from ninja.errors import ValidationError as InvalidBody
from pydantic import TypeAdapter, ValidationError
from starlette import types as asgi
from starlette.responses import Response

from wanku.access.actor import Actor
from wanku.access.scopes import Scope
from wanku.api import limits, problems
from wanku.api.callers import GuestAuth, KeyAuth, SessionAuth, buyer
from wanku.api.door import BODY_MAX, VARY, check_body
from wanku.api.fields import RequiredKey
from wanku.api.naming import renaming
from wanku.api.problems import METHOD, TOO_LARGE, UNREADABLE
from wanku.api.read.placed import placed_trade, written_trade
from wanku.api.repeats import REPLAYED
from wanku.api.resources.cart import wishes_of
from wanku.api.resources.trades import notes_of
from wanku.api.shapes.buying import OrderBody
from wanku.api.wire import BadJson, decode, encode
from wanku.flows.buying.place_order import GATHERED, Checkout, Contact, Placed
from wanku.kernel.refusal import NOT_FOUND, SIGN_IN, Code, Refusal, all_of, gettext_noop
from wanku.kernel.threads import in_thread
from wanku.ui.asked import enter_session, language_of, request_of
from wanku.ui.request import Request

Answer = tuple[int, bytes, dict[str, str]]
Alike = tuple[tuple[Code, str | None, tuple[tuple[str, Any], ...]], ...]
"""A refusal and its further ones: code, field and facts of each."""

PATH: Final = "/rush/orders"
WHOLE: Final = "/api/v1/orders"
DOORS: Final = (PATH, WHOLE)
ALIKE_MAX: Final = 10
"""Refusals of one request beyond which their words are not kept."""
KEY: Final[TypeAdapter[str]] = TypeAdapter(RequiredKey)
KEYS, GUESTS, SESSIONS = KeyAuth(), GuestAuth(), SessionAuth()
PLAIN: Final = {"Content-Type": "application/json"}
NO_BODY: Final = {"type": "missing", "loc": ("body",)}
LENGTH_PLAIN: Final = 5
"""Digits of a length that is surely below the limit."""
UTF8: Final = {"Content-Type": "application/json; charset=utf-8"}
ALWAYS: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
ALWAYS_WHOLE: Final = {**ALWAYS, "Vary": ", ".join(VARY)}
SESSION, PAY = settings.SESSION_COOKIE_NAME, f"{settings.PUBLIC_URL}/pay/"


async def rush(scope: asgi.Scope, receive: asgi.Receive, send: asgi.Send) -> None:
    """`POST /rush/orders`, with body, `Idempotency-Key`, callers and refusals of `POST /api/v1/orders`; and that one.

    201 with number, amount (minor units), currency, and where to pay, or with the whole trade; 503 with Retry-After
    when too many wait.
    """
    request = request_of(scope)
    status, body, headers = await _answer(request, receive)
    always = ALWAYS_WHOLE if request.path == WHOLE else ALWAYS
    await Response(body, status, {**always, **headers})(scope, receive, send)


async def _answer(request: Request, receive: asgi.Receive) -> Answer:
    try:
        _check_address(request)
        checkout = await _checkout(request, receive)
        placed = await GATHERED.ask_async((checkout, request.now))
    except Exception as error:  # noqa: BLE001 (whatever nobody expected is told as one problem too, and logged)
        return _problem(request, error)
    if isinstance(placed, Refusal):
        return _problem(request, placed)
    if request.path == WHOLE:
        return HTTPStatus.CREATED, *(await _whole(placed))
    return HTTPStatus.CREATED, _placed(placed), PLAIN


def _check_address(request: Request) -> None:
    if request.path not in DOORS:
        raise Refusal(NOT_FOUND)
    if request.method != "POST":
        raise Refusal(METHOD, method=(request.method or "")[:20])


async def _checkout(request: Request, receive: asgi.Receive) -> Checkout:
    """What the caller asks for.

    Raises:
        Refusal, InvalidBody: as the REST API has them.
    """
    limits.spend(limits.ADDRESS, limits.address_of(request))
    raw = await _body(request, receive)
    actor = await _actor(request)
    key = request.META.get("HTTP_IDEMPOTENCY_KEY")
    body = _read(raw, key, strictly=request.path == WHOLE)
    return Checkout(
        actor=actor,
        key=key or "",
        wishes=wishes_of(body.lines),
        contact=Contact(body.contact.name, body.contact.phone or "", body.contact.email or ""),
        address=body.address.__dict__ if body.address else {},
        agreed_total=body.agreed_total,
        language=language_of(request),
        notes=await in_thread(lambda: notes_of(body)) if body.notes else {},
        agreed_no_return=frozenset(body.agreed_no_return),
    )


async def _body(request: Request, receive: asgi.Receive) -> bytes:
    meta = request.META
    length = meta.get("CONTENT_LENGTH", "")
    if meta.get("CONTENT_TYPE") != "application/json" or not length or len(length) > LENGTH_PLAIN:
        # What is out of the ordinary is judged as the REST API does; without a length there is a body all the same.
        meta.setdefault("CONTENT_LENGTH", "1")
        request._set_content_type_params(meta)  # type: ignore[attr-defined]  # noqa: SLF001 - as Django's own requests
        check_body(request)
    raw, more = b"", True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            raise Refusal(UNREADABLE, problem=gettext_noop("it cannot be read."))
        raw += message.get("body", b"")
        if len(raw) > BODY_MAX:
            raise Refusal(TOO_LARGE, most=BODY_MAX)
        more = message.get("more_body", False)
    return raw


async def _actor(request: Request) -> Actor:
    """The caller: a key, a guest's token, or a browser's session with its CSRF token."""
    actor = None
    if "HTTP_AUTHORIZATION" in request.META:
        actor = await in_thread(lambda: KEYS(request))
    if actor is None:
        actor = GUESTS(request)
    if actor is None and SESSION in request.COOKIES:
        actor = await in_thread(lambda: _by_session(request))
    if actor is None:
        raise Refusal(SIGN_IN)
    return buyer(request, Scope.TRADES_PLACE)


def _by_session(request: Request) -> Actor | None:
    enter_session(request)
    return SESSIONS(request)


def _read(raw: bytes, key: str | None, *, strictly: bool) -> OrderBody:
    """Parsed and validated in one step; of a name that stands twice the last counts, unless ``strictly``.

    Raises:
        Refusal, InvalidBody: what is wrong with the body or the key, found in the slower way of the REST API, so that
            both doors name it alike.
    """
    try:
        KEY.validate_python(key)
        return OrderBody.model_validate(_decoded(raw)) if strictly and raw else OrderBody.model_validate_json(raw)
    except ValidationError:
        faults = _faults(lambda: OrderBody.model_validate(_decoded(raw)), ("body",)) if raw else [NO_BODY]
        header = ("header", "Idempotency-Key")
        if key is None:
            faults.append({"type": "missing", "loc": header})
        else:
            faults += _faults(lambda: KEY.validate_python(key), header)
        raise InvalidBody(faults) from None


def _decoded(raw: bytes) -> Any:
    try:
        return decode(raw)
    except BadJson as error:
        raise Refusal(UNREADABLE, problem=str(error)) from error


def _faults(validate: Callable[[], object], place: tuple[str, ...]) -> list[dict[str, Any]]:
    try:
        validate()
    except ValidationError as error:
        return [{**each, "loc": (*place, *each["loc"])} for each in error.errors()]
    return []


def _placed(placed: Placed) -> bytes:
    return encode(
        {
            "number": placed.number,
            "amount": placed.amount,
            "currency": placed.currency,
            "pay_url": f"{PAY}{placed.number}/",
            "repeated": placed.repeated,
        }
    )


async def _whole(placed: Placed) -> tuple[bytes, dict[str, str]]:
    if placed.written is not None:
        return encode(written_trade(placed.written)), UTF8
    return encode(await in_thread(partial(placed_trade, placed))), {**UTF8, REPLAYED: "true"}


def _problem(request: Request, problem: Exception) -> Answer:
    language = language_of(request)
    if not isinstance(problem, Refusal):
        return _worded(request, language, problem)
    problems.note(request, problem)
    alike = _alike(problem) if request.path in DOORS else None
    if alike is None:
        return _worded(request, language, problem)
    return _told(request.path, request.method or "", language, alike)


def _alike(refusal: Refusal) -> Alike | None:
    """What tells a refusal from others, if its words depend on nothing else; nothing for what is too long to keep."""
    every = refusal.every()
    facts = [fact for each in every for fact in each.facts.values()]
    if len(every) > ALIKE_MAX or not all(type(fact) in (int, str) for fact in facts):
        return None
    return tuple((each.code, each.field, tuple(each.facts.items())) for each in every)


@lru_cache(200)
def _told(path: str, method: str, language: str, alike: Alike) -> Answer:
    """A crowd hears the same thing: it is put into words once."""
    refusal = all_of([Refusal(code, field=field, **dict(facts)) for code, field, facts in alike])
    asked = request_of({"path": path, "method": method, "query_string": b"", "headers": ()})
    return _worded(asked, language, refusal)


def _worded(request: Request, language: str, problem: Exception) -> Answer:
    with override(language):
        answer = _document(request, problem)
    if answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        answer.headers["Allow"] = "POST"
    return answer.status_code, answer.content, dict(answer.headers)


def _document(request: Request, problem: Exception) -> HttpResponse:
    if isinstance(problem, InvalidBody):
        return problems.invalid(request, problem)
    if not isinstance(problem, Refusal):
        return problems.failed(request, problem)
    try:
        with renaming({"key": "Idempotency-Key"}):
            raise problem
    except Refusal as renamed:
        return problems.told(request, renamed)
