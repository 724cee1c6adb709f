"""Notices of payment channels."""

import logging
from typing import cast

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from wanku.flows.paying.settle_attempt import settle_attempt
from wanku.kernel.refusal import Refusal
from wanku.payments.channel import NoticeRefused
from wanku.payments.gateways import GATEWAYS
from wanku.ui.request import Request

log = logging.getLogger(__name__)
BODY_MAX = 64 * 1024


@csrf_exempt
@require_POST
def payment_notice(request: HttpRequest, gateway: str) -> HttpResponse:
    """Verify a notice and act on it.

    204 when it has had its effect, now or before; 401 when it is not proven; 404 and 409 when it does not fit our
    books, so that the channel keeps it on its list.
    """
    channel = GATEWAYS.get(gateway)
    if channel is None:
        return JsonResponse({"code": "FAIL", "message": "no such channel"}, status=404)
    body = request.read(BODY_MAX + 1)
    if len(body) > BODY_MAX:
        return JsonResponse({"code": "FAIL", "message": "too large"}, status=413)
    now = cast(Request, request).now
    try:
        result = channel.parse_notice(request.headers, body, now)
    except NoticeRefused as refused:
        log.warning("notice of %s refused: %s", gateway, refused)
        return JsonResponse({"code": "FAIL", "message": str(refused)}, status=401)
    try:
        settle_attempt(result, now=now)
    except Refusal as refusal:
        log.warning("notice of %s does not fit: %s", gateway, refusal)
        return JsonResponse({"code": "FAIL", "message": refusal.code.name}, status=refusal.code.status)
    return HttpResponse(status=204)
