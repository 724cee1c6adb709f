"""One effect and one answer for each keyed request."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import OperationalError, connection, transaction
from psycopg.errors import LockNotAvailable

from wanku.kernel.models import RequestKey
from wanku.kernel.once import claim, remember
from wanku.kernel.refusal import Code, Refusal, gettext_noop

IN_FLIGHT: Final = Code(
    "request_in_flight",
    gettext_noop("The same request is being worked on. Ask again in a moment with the same key."),
    409,
)
WAIT: Final = "5s"
LEASE: Final = timedelta(seconds=60)
"""How long a request that works outside a transaction may hold its key before another may take it over."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request was answered with.

    Attributes:
        status: HTTP-like status that the door chose.
        body: JSON.
        repeated: it was answered before; nothing happened now.
    """

    status: int
    body: Any
    repeated: bool


def answer_once(*, scope: str, key: str, body: Any, act: Callable[[], tuple[int, Any]], now: datetime) -> Answer:
    """Run ``act`` unless this key was answered, and keep its answer in the transaction of its effect.

    A repeat that arrives while the first is at work waits for it, up to five seconds. A refusal raised by ``act``
    rolls everything back, the key included, so that a mended world may be asked again with the same key.

    Args:
        scope: who asks and for what; two callers never share a key.
        act: works only on the database; returns status and JSON.

    Raises:
        Refusal: ``request_key_reused`` for another body, ``request_in_flight`` after waiting in vain.
    """
    with transaction.atomic():
        row = _claim_or_refuse(scope=scope, key=key, body=body, now=now)
        if row.status is not None:
            return Answer(row.status, row.answer, repeated=True)
        status, answer = act()
        remember(row, status=status, answer=answer)
    return Answer(status, answer, repeated=False)


def answer_once_outside(
    *, scope: str, key: str, body: Any, act: Callable[[], tuple[int, Any]], now: datetime
) -> Answer:
    """The same for an ``act`` that speaks to the network and has transactions of its own.

    The key is taken first and committed; while ``act`` works a repeat is told to come back. When the process dies in
    between, the key is free again after a minute: ``act`` must bear being run anew then.

    Raises:
        Refusal: ``request_key_reused`` or ``request_in_flight``.
    """
    with transaction.atomic():
        row = _claim_or_refuse(scope=scope, key=key, body=body, now=now)
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


def _claim_or_refuse(*, scope: str, key: str, body: Any, now: datetime) -> RequestKey:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            # A savepoint, so that the wait is bounded for the key alone and not for the locks of `act`.
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [WAIT])
            row = claim(scope=scope, key=key, body=body, now=now)
            cursor.execute("SELECT set_config('lock_timeout', '0', true)")
            return row
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise Refusal(IN_FLIGHT) from error
        raise
