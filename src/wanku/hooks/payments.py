"""Notices of payment channels: one door for Django's threads, and the same on the event loop for crowds."""

import json
import logging
import re
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Final, cast

from django.core.exceptions import SynchronousOnlyOperation
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from starlette import types as asgi
from starlette.responses import Response

from wanku.flows.paying.settle_attempt import GATHERED, settle_attempt
from wanku.flows.paying.settle_refund import settle_refund
from wanku.kernel.refusal import Refusal
from wanku.kernel.threads import in_thread
from wanku.payments.channel import ChannelResult, NoticeRefused, RefundResult
from wanku.payments.gateways import GATEWAYS
from wanku.ui.asked import request_of
from wanku.ui.request import Request

log = logging.getLogger(__name__)
BODY_MAX: Final = 64 * 1024
PATH: Final = re.compile(r"/hooks/payments/([-a-zA-Z0-9_]+)")
AGAIN: Final = 503


class Denied(Exception):
    """A notice that is not acted on."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


@csrf_exempt
@require_POST
def payment_notice(request: HttpRequest, gateway: str) -> HttpResponse:
    """Verify a notice and act on it.

    The channel's own word when it has had its effect, now or before; 401 when it is not proven; 404 and 409 when it
    does not fit our books, so that the channel keeps it on its list; 503 when it could not be booked, so that it is
    sent again.
    """
    now = cast(Request, request).now
    try:
        said = read(gateway, request.headers, request.read(BODY_MAX + 1), now)
        if isinstance(said, RefundResult):
            settle_refund(said, now=now)
        elif said is not None:
            settle_attempt(said, now=now)
    except (Denied, Refusal) as no:
        status, body = _denied(gateway, no)
        headers = {"Retry-After": "1"} if status == AGAIN else {}
        return HttpResponse(body, status=status, content_type="application/json", headers=headers)
    heard = GATEWAYS[gateway].heard
    return HttpResponse(heard.body, status=heard.status, content_type=heard.content_type or None)


async def payment_notices(scope: asgi.Scope, receive: asgi.Receive, send: asgi.Send) -> None:
    """`payment_notice` as plain ASGI: notices that arrive together are booked together, without a thread for each."""
    request = request_of(scope)
    found = PATH.fullmatch(request.path)
    gateway = found.group(1) if found else ""
    answer: str | Exception
    try:
        prove = partial(read, gateway, request.headers, await _body(receive), request.now)
        try:
            said = prove()
        except SynchronousOnlyOperation:
            said = await in_thread(prove)  # the channel's account has to be read, as every few seconds
        if isinstance(said, RefundResult):
            answer = await in_thread(partial(settle_refund, said, now=request.now))
        elif said is None:
            answer = "ignored"
        else:
            answer = await GATHERED.ask_async((said, request.now))
    except Exception as no:  # noqa: BLE001 (whatever nobody expected is logged, and the channel sends it again)
        answer = no
    if isinstance(answer, str):
        heard = GATEWAYS[gateway].heard
        await Response(heard.body, heard.status, media_type=heard.content_type or None)(scope, receive, send)
        return
    status, body = _denied(gateway, answer)
    headers = {"Retry-After": "1"} if status == AGAIN else {}
    await Response(body, status, headers, "application/json")(scope, receive, send)


def read(gateway: str, headers: Mapping[str, str], body: bytes, now: datetime) -> ChannelResult | RefundResult | None:
    """What a notice says, once it is proven; None when it is nothing for us.

    Raises:
        Denied: it is not.
    """
    channel = GATEWAYS.get(gateway)
    if channel is None:
        raise Denied(404, "no such channel")
    if len(body) > BODY_MAX:
        raise Denied(413, "too large")
    try:
        return channel.parse_notice(headers, body, now)
    except NoticeRefused as refused:
        raise Denied(401, str(refused)) from refused


def _denied(gateway: str, no: Exception) -> tuple[int, bytes]:
    """Status and body for the channel; we read the reason in the log."""
    if isinstance(no, Denied):
        status, message = no.status, no.message
        log.warning("notice of %s refused: %s", gateway, no)
    elif isinstance(no, Refusal):
        status, message = no.code.status, no.code.name
        log.warning("notice of %s does not fit: %s", gateway, no)
    else:
        status, message = 500, "error"
        log.error("notice of %s failed", gateway, exc_info=no)
    return status, json.dumps({"code": "FAIL", "message": message}).encode()


async def _body(receive: asgi.Receive) -> bytes:
    """The body, or its beginning when it is too large."""
    raw, more = b"", True
    while more and len(raw) <= BODY_MAX:
        message = await receive()
        if message["type"] != "http.request":
            raise Denied(400, "incomplete")
        raw += message.get("body", b"")
        more = message.get("more_body", False)
    return raw
