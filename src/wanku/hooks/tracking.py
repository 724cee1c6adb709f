"""Reports of carriers.

``POST /hooks/tracking/<carrier>`` with the header of `wanku.kernel.signature` and a body such as
``{"tracking": "SF1234567890123", "events": [{"id": "1", "code": "delivered", "at": "2026-11-13T09:30:00+08:00",
"place": "杭州", "text": "已签收"}]}``. The codes are those of `wanku.fulfilment.add_events.TrackingCode`.
"""

import json
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from wanku.flows.fulfilling.record_tracking import record_tracking
from wanku.fulfilment.add_events import Reported
from wanku.kernel.refusal import Refusal
from wanku.kernel.signature import HEADER, verify
from wanku.ui.request import Request

log = logging.getLogger(__name__)
BODY_MAX = 64 * 1024


class Unreadable(Exception):
    """The body is no report; the text says what is missing."""


@csrf_exempt
@require_POST
def tracking_report(request: HttpRequest, carrier: str) -> JsonResponse:
    """Keep what a carrier reports; harmless when repeated.

    200 with the number of steps that were new. 401 when the report is not proven, and for a carrier without a secret
    alike; 404 for a parcel that is not ours, 413, and 422 with every wrong field.
    """
    body = _read(request)
    if body is None:
        return _no(413, "too_large")
    now = cast(Request, request).now
    secret = settings.TRACKING_SECRETS.get(carrier, "")
    if not secret or not verify(secret, request.headers.get(HEADER, ""), body, now):
        log.warning("tracking report for %s is not proven", carrier)
        return _no(401, "not_proven")
    try:
        tracking, events = _parse(body)
        recorded = record_tracking(carrier, tracking, events, now=now)
    except Unreadable as error:
        return _no(422, "unreadable", [{"field": "body", "problem": str(error)}])
    except Refusal as refusal:
        wrong = [{"field": no.field or "", "problem": no.code.name} for no in refusal.every()]
        return _no(refusal.code.status, refusal.code.name, wrong)
    return JsonResponse({"recorded": recorded})


def _read(request: HttpRequest) -> bytes | None:
    """The body, or none when it is too large; never more than the limit is kept."""
    body = request.read(BODY_MAX + 1)
    return body if len(body) <= BODY_MAX else None


def _no(status: int, code: str, wrong: list[dict[str, str]] | None = None) -> JsonResponse:
    return JsonResponse({"code": code, "errors": wrong or []}, status=status)


def _parse(body: bytes) -> tuple[str, list[Reported]]:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unreadable("The body is not JSON.") from error
    if not isinstance(data, dict) or not isinstance(data.get("tracking"), str):
        raise Unreadable("An object with the text “tracking” is expected.")
    events = data.get("events")
    if not isinstance(events, list) or not events:
        raise Unreadable("“events” must be a list of at least one step.")
    return data["tracking"], [_event(index, event) for index, event in enumerate(events)]


def _event(index: int, event: Any) -> Reported:
    if not isinstance(event, dict):
        raise Unreadable(f"events.{index} is not an object.")
    texts = {name: _text(event, name, index) for name in ("id", "code", "at", "place", "text")}
    at = _moment(texts["at"])
    if at is None:
        raise Unreadable(f"events.{index}.at must be a moment with its offset, such as 2026-11-13T09:30:00+08:00.")
    return Reported(event_id=texts["id"], code=texts["code"], at=at, place=texts["place"], text=texts["text"])


def _moment(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
        return at.astimezone(UTC) if at.utcoffset() is not None else None
    except (ValueError, OverflowError):
        return None


def _text(event: Mapping[str, Any], name: str, index: int) -> str:
    value = event.get(name, "")
    if not isinstance(value, str):
        raise Unreadable(f"events.{index}.{name} must be a text.")
    return value
