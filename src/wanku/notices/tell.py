"""Writing notices: one row per cause, reader and channel."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wanku.notices.models import Channel, Notice, Preference

PLATFORM_READER = "platform"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody to tell.

    Attributes:
        reader: as in `wanku.notices.models.Notice.reader`.
        in_app: whether there is a place where they read notices on the site (a guest has none).
        address: e-mail address; empty for none.
        language: of the e-mail; on the site the reader's switch decides.
    """

    reader: str
    in_app: bool = True
    address: str = ""
    language: str = "zh-hans"


@dataclass(frozen=True, slots=True)
class Message:
    """What to tell whom.

    Attributes:
        cause: unique per reader and channel, so that telling twice is harmless.
        kind: name of the wording in `wanku.notices.texts`.
        facts: values for it: texts, numbers, ``{"money": [minor units, currency]}``, ``{"at": ISO moment}``.
        email: whether an e-mail goes out too, if the recipient has an address and wants it.
    """

    cause: str
    kind: str
    to: Recipient
    facts: Mapping[str, Any]
    link: str = ""
    email: bool = False


def tell(messages: Iterable[Message], *, now: datetime) -> None:
    """Write the notices of some messages inside the caller's transaction; known causes are passed over."""
    messages = list(messages)
    silent = without_email(message.to.reader for message in messages if message.email)
    rows = []
    for message in messages:
        if message.to.in_app:
            rows.append(_row(message, Channel.IN_APP, now))
        if message.email and message.to.address and message.to.reader not in silent:
            rows.append(_row(message, Channel.EMAIL, now))
    Notice.objects.bulk_create(rows, ignore_conflicts=True)


def without_email(readers: Iterable[str]) -> set[str]:
    """Those among the readers who want no e-mail."""
    wanted = set(readers)
    if not wanted:
        return set()
    return set(Preference.objects.filter(reader__in=wanted, email=False).values_list("reader", flat=True))


def _row(message: Message, channel: Channel, now: datetime) -> Notice:
    by_email = channel == Channel.EMAIL
    return Notice(
        cause=message.cause,
        reader=message.to.reader,
        channel=channel,
        kind=message.kind,
        facts=dict(message.facts),
        link=message.link,
        language=message.to.language,
        address=message.to.address if by_email else "",
        created_at=now,
        sent_at=None if by_email else now,
        next_try_at=now if by_email else None,
    )
