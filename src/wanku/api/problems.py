"""Every "no" of the API in one form: RFC 9457 problem details, in the reader's language."""

import json
import logging
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import Any, Final

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation, TooManyFieldsSent, TooManyFilesSent
from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.urls import reverse
from django.utils.translation import gettext
from ninja.errors import AuthenticationError, HttpError, ValidationError

from wanku.api.wire import BadJson, encode
from wanku.kernel.away import AWAY
from wanku.kernel.money import Money
from wanku.kernel.refusal import BUSY, NOT_FOUND, SIGN_IN, Code, Refusal, gettext_noop
from wanku.ui.words import refusal_text

MEDIA_TYPE: Final = "application/problem+json"

BAD_KEY: Final = Code(
    "bad_key", gettext_noop("This API key is unknown, revoked, or not written as “Bearer wk_…”."), 401
)
BAD_GUEST_TOKEN: Final = Code(
    "bad_guest_token", gettext_noop("This guest token is unknown or too old. Get a new one."), 401
)
CSRF: Final = Code(
    "csrf", gettext_noop("A browser session needs the X-CSRFToken header for this. Programs should use a key."), 403
)
UNREADABLE: Final = Code("unreadable_body", gettext_noop("The body cannot be read: %(problem)s"), 400)
INVALID: Final = Code("invalid", gettext_noop("Some values are not right. See “errors” for each of them."), 422)
METHOD: Final = Code("method_not_allowed", gettext_noop("This address does not answer %(method)s."), 405)
TOO_LARGE: Final = Code("too_large", gettext_noop("The body is larger than %(most)s bytes."), 413)
MEDIA: Final = Code("unsupported_media_type", gettext_noop("Send the body as %(expected)s."), 415)
RATE: Final = Code("rate_limited", gettext_noop("Too many requests. Wait %(seconds)s seconds."), 429)
FAILED: Final = Code(
    "internal", gettext_noop("Something went wrong on our side. Nothing is lost; please try again."), 500
)

MESSAGES: Final[Mapping[str, str]] = {
    "missing": gettext_noop("This is required."),
    "extra_forbidden": gettext_noop("There is no such field here."),
    "int_type": gettext_noop("This must be a whole number."),
    "int_parsing": gettext_noop("This must be a whole number."),
    "int_parsing_size": gettext_noop("This number is too large."),
    "int_from_float": gettext_noop("This must be a whole number."),
    "finite_number": gettext_noop("This must be a finite number."),
    "float_parsing": gettext_noop("This must be a number."),
    "string_type": gettext_noop("This must be a text."),
    "string_unicode": gettext_noop("This text has characters that do not exist in Unicode."),
    "string_too_short": gettext_noop("This must have at least %(min_length)s characters."),
    "string_too_long": gettext_noop("This may have at most %(max_length)s characters."),
    "string_pattern_mismatch": gettext_noop("This is not written as it should be."),
    "greater_than_equal": gettext_noop("This must be at least %(ge)s."),
    "less_than_equal": gettext_noop("This may be at most %(le)s."),
    "list_type": gettext_noop("This must be a list."),
    "too_short": gettext_noop("This must have at least %(min_length)s entries."),
    "too_long": gettext_noop("This may have at most %(max_length)s entries."),
    "bool_type": gettext_noop("This must be true or false."),
    "bool_parsing": gettext_noop("This must be true or false."),
    "date_parsing": gettext_noop("This must be a day, such as 2026-11-22."),
    "date_from_datetime_parsing": gettext_noop("This must be a day, such as 2026-11-22."),
    "time_parsing": gettext_noop("This must be a time of day, such as 15:00."),
    "uuid_type": gettext_noop("This must be a UUID."),
    "uuid_parsing": gettext_noop("This must be a UUID."),
    "enum": gettext_noop("This must be one of: %(expected)s."),
    "literal_error": gettext_noop("This must be one of: %(expected)s."),
    "model_type": gettext_noop("This must be an object with the documented fields."),
    "model_attributes_type": gettext_noop("This must be an object with the documented fields."),
    "dict_type": gettext_noop("This must be an object with the documented fields."),
    "control_characters": gettext_noop("This has control characters, which no text here may have."),
    "bad_number": gettext_noop("This is no order number; please check its digits."),
    "bad_cursor": gettext_noop("This is no cursor of this list. Start again without one."),
}
"""Message by error type of pydantic, or of our own checks in `wanku.api.fields`."""
OTHERWISE: Final = gettext_noop("This value is not right.")

log = logging.getLogger(__name__)


def answer(
    request: HttpRequest,
    code: Code,
    *,
    detail: str,
    errors: Sequence[Mapping[str, str]] = (),
    facts: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """One problem document."""
    body = {
        "type": f"{reverse('api-docs')}#problem-{code.name}",
        "title": HTTPStatus(code.status).phrase,
        "status": code.status,
        "code": code.name,
        "detail": detail,
        "instance": request.path[:500],
        "errors": list(errors),
        "facts": {name: _plain(value) for name, value in (facts or {}).items()},
    }
    response = HttpResponse(encode(body), status=code.status, content_type=MEDIA_TYPE)
    if code.status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Bearer realm="wanku"'
    return response


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """`note` and `told`."""
    note(request, refusal)
    return told(request, refusal)


def note(request: HttpRequest, refusal: Refusal) -> None:
    """Leave a line in the log."""
    code = refusal.code
    level = logging.WARNING if code.status >= 500 or code.status == 403 else logging.INFO
    log.log(level, "refused %s %s: %s", request.method, request.path, refusal)


def told(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """A refusal, and what else was wrong with the request, as one problem under the code of the first."""
    code = refusal.code
    errors = [
        {"field": each.field, "code": each.code.name, "message": refusal_text(each)}
        for each in refusal.every()
        if each.field
    ]
    response = answer(request, code, detail=refusal_text(refusal), errors=errors, facts=refusal.facts)
    if code is BUSY:
        response["Retry-After"] = "1"
    if code is RATE:
        response["Retry-After"] = str(refusal.facts["seconds"])
    return response


def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Values that do not fit their schema, each with its field and what would be right."""
    errors = [_invalid_field(item) for item in error.errors[:100]]
    return answer(request, INVALID, detail=gettext(INVALID.text), errors=errors)


def failed(request: HttpRequest, error: Exception) -> HttpResponse:
    """Anything that nobody expected: logged with its trace, told without."""
    if isinstance(error, (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)):
        return refused(request, Refusal(TOO_LARGE, most=0))
    if isinstance(error, (MultiPartParserError, SuspiciousOperation, UnreadablePostError)):
        return refused(request, Refusal(UNREADABLE, problem=gettext_noop("it cannot be read.")))
    if isinstance(error, AWAY):
        log.error("the database failed %s %s: %s", request.method, request.path, error)
        return refused(request, Refusal(BUSY))
    log.error("failed %s %s", request.method, request.path, exc_info=error)
    got_request_exception.send(sender=None, request=request)
    return answer(request, FAILED, detail=gettext(FAILED.text))


def http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What django-ninja itself raises: an unreadable body, or nobody signed in."""
    if isinstance(error, AuthenticationError):
        return refused(request, Refusal(SIGN_IN))
    cause = error.__cause__
    if isinstance(cause, Refusal):
        return refused(request, cause)
    problem = str(cause) if isinstance(cause, BadJson) else gettext_noop("it cannot be read.")
    return refused(request, Refusal(UNREADABLE, problem=problem))


def not_found(request: HttpRequest, error: Exception | None = None) -> HttpResponse:
    """An address or a thing that does not exist for this caller."""
    return refused(request, Refusal(NOT_FOUND))


def register(api: Any) -> None:
    """Make a NinjaAPI answer every exception as a problem."""
    api.add_exception_handler(Exception, failed)
    api.add_exception_handler(HttpError, http_error)
    api.add_exception_handler(ValidationError, invalid)
    api.add_exception_handler(Http404, not_found)
    api.add_exception_handler(Refusal, refused)


def _invalid_field(item: Mapping[str, Any]) -> dict[str, str]:
    place = [str(part) for part in item["loc"]]
    source, path = place[0], place[1:]
    # django-ninja names the handler's parameter first; callers know nothing of it.
    if path and path[0] in ("body", "filters"):
        path = path[1:]
    kind = str(item["type"])
    text = gettext(MESSAGES.get(kind, OTHERWISE)) % _Lenient(item.get("ctx") or {})
    return {"field": ".".join(path)[:200] or source, "code": kind, "message": text}


class _Lenient(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


def _plain(value: Any) -> Any:
    if isinstance(value, Money):
        return {"amount": value.amount, "currency": value.currency}
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return int(value.total_seconds())
    try:
        json.dumps(value)
    except (TypeError, ValueError):
        return str(value)
    return value
