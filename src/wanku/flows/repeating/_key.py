"""Taking a request key, and what a keyed request was answered with."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import OperationalError, connection, transaction
from psycopg.errors import LockNotAvailable

from wanku.kernel.models import RequestKey
from wanku.kernel.once import claim
from wanku.kernel.refusal import Code, Refusal, gettext_noop

IN_FLIGHT: Final = Code(
    "request_in_flight",
    gettext_noop("The same request is being worked on. Ask again in a moment with the same key."),
    409,
)
WAIT: Final = "5s"


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


def take_key(*, scope: str, key: str, body: Any, now: datetime) -> RequestKey:
    """The locked row of a key, inside the caller's transaction; waits for whoever holds it, but not for long.

    Raises:
        Refusal: ``request_key_reused`` or ``request_in_flight``.
    """
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
