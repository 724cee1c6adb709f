"""One answer for each keyed request whose work reaches beyond the database."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from wanku.flows.repeating._key import IN_FLIGHT, Answer, take_key
from wanku.kernel.models import RequestKey
from wanku.kernel.once import remember
from wanku.kernel.refusal import Refusal

LEASE: Final = timedelta(seconds=60)
"""How long a request that works outside a transaction may hold its key before another may take it over."""


def answer_outside(*, scope: str, key: str, body: Any, act: Callable[[], tuple[int, Any]], now: datetime) -> Answer:
    """`answer_once` for an ``act`` that speaks to the network and has transactions of its own.

    The key is taken first and committed; while ``act`` works a repeat is told to come back. When the process dies in
    between, the key is free again after a minute: ``act`` must bear being run anew then.

    Raises:
        Refusal: ``request_key_reused`` or ``request_in_flight``.
    """
    with transaction.atomic():
        row = take_key(scope=scope, key=key, body=body, now=now)
        if row.status is not None:
            return Answer(row.status, row.answer, repeated=True)
        if row.at != now and now - row.at < LEASE:
            raise Refusal(IN_FLIGHT)
        RequestKey.objects.filter(pk=row.pk).update(at=now)
    try:
        status, answer = act()
    except Exception:
        with transaction.atomic():
            RequestKey.objects.filter(pk=row.pk, status=None).delete()
        raise
    with transaction.atomic():
        remember(row, status=status, answer=answer)
    return Answer(status, answer, repeated=False)
