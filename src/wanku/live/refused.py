"""A "no" of the live door, in the form that the REST API has: RFC 9457 problem details in the reader's language."""

import json
import logging
from http import HTTPStatus
from typing import Final

from django.urls import reverse
from django.utils.translation import override
from starlette.responses import Response

from wanku.kernel.refusal import Refusal
from wanku.ui.asked import language_of
from wanku.ui.request import Request
from wanku.ui.words import refusal_text

RETRY_SECONDS: Final = {HTTPStatus.SERVICE_UNAVAILABLE: "5", HTTPStatus.TOO_MANY_REQUESTS: "60"}
"""When it makes sense to ask again: soon where others leave all the time, later where one must close something."""
log = logging.getLogger(__name__)


def refused(request: Request, refusal: Refusal) -> Response:
    """One problem document."""
    status = HTTPStatus(refusal.code.status)
    log.info("refused %s %s: %s", request.method, request.path, refusal)
    with override(language_of(request)):
        body = {
            "type": f"{reverse('api-docs')}#problem-{refusal.code.name}",
            "title": status.phrase,
            "status": status.value,
            "code": refusal.code.name,
            "detail": refusal_text(refusal),
            "instance": request.path[:500],
        }
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    if status in RETRY_SECONDS:
        headers["Retry-After"] = str(refusal.facts.get("seconds", RETRY_SECONDS[status]))
    return Response(json.dumps(body, ensure_ascii=False), status.value, headers, "application/problem+json")
