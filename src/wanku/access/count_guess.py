"""Counting guesses, so that nobody tries numbers and contacts by the thousand."""

import hashlib
from datetime import datetime, timedelta

from django.db import connection

from wanku.access.models import GuessCount

KEPT = timedelta(days=1)
_COUNT = """
INSERT INTO access_guesscount (scope, subject, since, count) VALUES (%s, %s, %s, 1)
ON CONFLICT (scope, subject, since) DO UPDATE SET count = access_guesscount.count + 1
RETURNING count
"""


def count_guess(scope: str, subject: str, *, limit: int, per: timedelta, now: datetime) -> datetime | None:
    """Count one guess about ``subject``; shared by all processes, since it lies in the database.

    Only a fingerprint of the subject is kept. Call it in a transaction of its own that is committed even when the
    guess is refused, else refused guesses would not count.

    Args:
        limit: guesses that are allowed per window.
        per: length of a window; windows start at fixed times.

    Returns:
        None while it is allowed, else when the next window starts.
    """
    since, fingerprint = _window(per, now), _fingerprint(scope, subject)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [scope, fingerprint, since])
        count = int(cursor.fetchone()[0])
    if count == 1:
        # Whoever opens a window sweeps what is long over; the index on ``since`` makes that cheap.
        GuessCount.objects.filter(since__lt=now - KEPT).delete()
    return None if count <= limit else since + per


def _window(per: timedelta, now: datetime) -> datetime:
    seconds = int(per.total_seconds())
    return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, tz=now.tzinfo)


def _fingerprint(scope: str, subject: str) -> bytes:
    return hashlib.sha256(f"{scope}:{subject}".encode()).digest()


def guessed_too_often(scope: str, subject: str, *, limit: int, per: timedelta, now: datetime) -> datetime | None:
    """Whether so many guesses were counted that the next one is not even looked at: when the next window starts."""
    since, fingerprint = _window(per, now), _fingerprint(scope, subject)
    counted = GuessCount.objects.filter(scope=scope, subject=fingerprint, since=since, count__gte=limit)
    return since + per if counted.exists() else None
