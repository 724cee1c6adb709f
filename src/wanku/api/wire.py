"""JSON in and out, strictly: what PostgreSQL cannot store or Python reads too kindly is refused at the edge."""

import json
import re
from typing import Any, Final, NoReturn

from django.http import HttpRequest
from ninja.parser import Parser
from ninja.renderers import BaseRenderer
from pydantic_core import PydanticSerializationError, to_json

from wanku.kernel.refusal import gettext_noop

DEPTH_MAX: Final = 12
"""Deeper than any documented body; deep nesting is how a small body makes a parser work hard."""
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class BadJson(ValueError):
    """The body is not JSON of the kind that we read; the text says why."""


class StrictParser(Parser):
    """Reads a body as JSON: no NaN, no key twice, no NUL, no half of a surrogate pair, no deep nesting."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The value of the body.

        Raises:
            BadJson: with what is wrong.
        """
        return decode(request.body)


class Renderer(BaseRenderer):
    """Answers in UTF-8, Chinese as it is."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        """The body of an answer."""
        return encode(data)


def decode(body: bytes) -> Any:
    """Parse a body.

    Raises:
        BadJson: with what is wrong.
    """
    try:
        value = json.loads(body.decode("utf-8"), parse_constant=_refuse_constant, object_pairs_hook=_object)
    except UnicodeDecodeError as error:
        raise BadJson(gettext_noop("it is not UTF-8.")) from error
    except RecursionError as error:
        raise BadJson(gettext_noop("it is nested too deeply.")) from error
    except BadJson:
        raise
    except ValueError as error:
        raise BadJson(gettext_noop("it cannot be parsed.")) from error
    _check(value, DEPTH_MAX)
    return value


def encode(value: Any) -> bytes:
    """Serialise an answer; texts that are no valid UTF-8 (echoed from a bad request) are written as escapes."""
    try:
        return to_json(value, fallback=str)
    except PydanticSerializationError:
        return json.dumps(value, default=str, separators=(",", ":")).encode()


def _refuse_constant(name: str) -> NoReturn:
    raise BadJson(gettext_noop("NaN and Infinity are no JSON."))


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadJson(gettext_noop("an object has the same name twice."))
    return found


def _check(value: Any, depth: int) -> None:
    if depth == 0:
        raise BadJson(gettext_noop("it is nested too deeply."))
    if isinstance(value, str):
        if _UNSTORABLE.search(value):
            raise BadJson(gettext_noop("a text has a NUL or half of a surrogate pair."))
    elif isinstance(value, dict):
        for name, item in value.items():
            _check(name, depth)
            _check(item, depth - 1)
    elif isinstance(value, list):
        for item in value:
            _check(item, depth - 1)
