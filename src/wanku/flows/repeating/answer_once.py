"""One effect and one answer for each keyed request."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction

from wanku.flows.repeating._key import Answer, take_key
from wanku.kernel.once import remember

__all__ = ["Answer", "answer_once"]


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
        row = take_key(scope=scope, key=key, body=body, now=now)
        if row.status is not None:
            return Answer(row.status, row.answer, repeated=True)
        status, answer = act()
        remember(row, status=status, answer=answer)
    return Answer(status, answer, repeated=False)
