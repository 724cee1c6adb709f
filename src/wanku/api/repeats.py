"""The Idempotency-Key header on operations that create or change something."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from pydantic import BaseModel

from wanku.api.callers import name_of
from wanku.api.wire import encode
from wanku.flows.repeating.answer_once import Answer, answer_once
from wanku.flows.repeating.answer_outside import answer_outside
from wanku.ui.request import Request

REPLAYED = "Idempotency-Replayed"


def repeatable(
    request: Request,
    key: str | None,
    body: BaseModel | None,
    act: Callable[[], BaseModel],
    *,
    status: int = 201,
    outside: bool = False,
) -> HttpResponse:
    """Answer with ``act``, at most once for each key of this caller and operation.

    Args:
        key: the header's value; without one ``act`` simply runs.
        body: what was asked, so that a key cannot be used for something else.
        outside: ``act`` speaks to the network and has its own transactions.
    """

    def work() -> tuple[int, Any]:
        return status, act().model_dump(mode="json")

    if key is None:
        answered = Answer(*work(), repeated=False)
    else:
        once = answer_outside if outside else answer_once
        answered = once(
            scope=scope_of(request),
            key=key,
            body={"path": request.path, "body": body.model_dump(mode="json") if body else None},
            act=work,
            now=request.now,
        )
    return respond(answered.body, status=answered.status, repeated=answered.repeated)


def respond(body: Any, *, status: int, repeated: bool) -> HttpResponse:
    """JSON that is already in its documented shape."""
    response = HttpResponse(encode(body), status=status, content_type="application/json; charset=utf-8")
    if repeated:
        response[REPLAYED] = "true"
    return response


def scope_of(request: HttpRequest) -> str:
    """Whose key it is and for what: two callers, or two operations, never share one."""
    match = request.resolver_match
    actor = request.actor  # type: ignore[attr-defined]
    desk = f"@{actor.merchant_id}" if actor.merchant_id else ""
    return f"api:{name_of(actor)}{desk}:{request.method}:{match.url_name if match else ''}"[:120]
