"""The bank's API: signed calls, signed answers."""

import json
from collections.abc import Callable
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from wanku.payments.gateways.sandbox.signing import HEADER, sign, verify
from wanku.sandbox import bank
from wanku.ui.request import Request

BODY_MAX = 4096


@csrf_exempt
@require_POST
def call(request: HttpRequest, what: str) -> HttpResponse:
    """One call of the shop; 401 when it is not proven to come from it, 400 when it is not understood."""
    now = cast(Request, request).now
    body = request.read(BODY_MAX + 1)
    if len(body) > BODY_MAX:
        return HttpResponse(status=413)
    if not verify(request.headers.get(HEADER, ""), body, now):
        return HttpResponse(status=401)
    calls: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
        "query": lambda facts: bank.query(facts["number"]),
        "close": lambda facts: bank.close(facts["number"], now),
        "refund": lambda facts: bank.refund(facts["number"], facts["payment"], int(facts["amount"]), now),
        "query-refund": lambda facts: bank.query_refund(facts["number"]),
    }
    try:
        answer = json.dumps(calls[what](json.loads(body))).encode()
    except (KeyError, TypeError, ValueError):
        return HttpResponse(status=400)
    return HttpResponse(answer, content_type="application/json", headers={HEADER: sign(answer, now)})
