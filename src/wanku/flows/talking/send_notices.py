"""E-mails leave."""

import logging
import smtplib
from collections.abc import Callable
from datetime import datetime, timedelta

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import QuerySet

from wanku.notices.letter import Letter
from wanku.notices.models import Channel, Notice
from wanku.notices.post import addressed, refused_for_good

log = logging.getLogger(__name__)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
LADDER = (5 * MINUTE, 20 * MINUTE, HOUR, 4 * HOUR, 12 * HOUR, 24 * HOUR)
"""Waits before each further try. The first is far longer than one try can take, since it also keeps other senders
away while a try is under way."""


def send_notices(*, now: datetime, limit: int = 50, write: Callable[[Notice], Letter]) -> int:
    """Send e-mails that are due, one after the other, each outside any transaction.

    The intent (one more try, and when the next would be) is committed before the mail server hears of it, so that a
    crash in between costs a wait and never a flood. A letter keeps its ``Message-ID`` on every try, by which mail
    systems know a repeat. Addresses that the server refuses for good are given up at once, everything else after the
    last step of the ladder, with the reason kept.

    Args:
        write: words a notice in its reader's language; the door brings it, since wording is not for flows.

    Returns:
        how many were tried.

    Raises:
        OSError: the mail server cannot be reached; no try was counted.
    """
    if not _due(now).exists():
        return 0
    tried = 0
    with get_connection() as post:
        while tried < limit and (notice := _claim(now)) is not None:
            tried += 1
            if not _try(notice, write, post, now):
                break
    return tried


def _due(now: datetime) -> QuerySet[Notice]:
    return Notice.objects.filter(channel=Channel.EMAIL, sent_at=None, next_try_at__lte=now)


def _claim(now: datetime) -> Notice | None:
    """Commit the intent to send the next letter, so that no other sender takes it."""
    with transaction.atomic():
        notice = _due(now).select_for_update(no_key=True, skip_locked=True).order_by("next_try_at", "pk").first()
        if notice is None:
            return None
        notice.next_try_at = now + LADDER[min(notice.tries, len(LADDER) - 1)]
        notice.tries += 1
        notice.save(update_fields=["tries", "next_try_at"])
        return notice


def _try(notice: Notice, write: Callable[[Notice], Letter], post: BaseEmailBackend, now: datetime) -> bool:
    """Send one letter; False when the line to the server is broken and the others should wait."""
    try:
        name = f"notice-{notice.pk}"
        addressed(write(notice), notice.address, name=name, language=notice.language, post=post).send()
    except Exception as error:  # noqa: BLE001 (a letter that cannot be worded or sent must not stop the others)
        permanent = refused_for_good(error)
        over = permanent or notice.tries > len(LADDER)
        log.warning("notice %d: try %d failed (%s)%s", notice.pk, notice.tries, error, "; given up" if over else "")
        _end_try(notice, failed=f"{type(error).__name__}: {error}", over=over)
        return not _line_is_broken(error)
    _end_try(notice, sent_at=now, over=True)
    return True


def _end_try(notice: Notice, *, over: bool, failed: str = "", sent_at: datetime | None = None) -> None:
    with transaction.atomic():
        row = Notice.objects.select_for_update(no_key=True).get(pk=notice.pk)
        row.failed = failed[:200]
        row.sent_at = sent_at
        if over:
            row.next_try_at = None
        row.save(update_fields=["failed", "sent_at", "next_try_at"])


def _line_is_broken(error: Exception) -> bool:
    """Whether the trouble is the connection and not this letter. smtplib's errors are OSErrors, all of them."""
    if isinstance(error, smtplib.SMTPException):
        return isinstance(error, (smtplib.SMTPServerDisconnected, smtplib.SMTPConnectError))
    return isinstance(error, OSError)
