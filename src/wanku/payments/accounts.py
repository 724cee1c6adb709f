"""The accounts that channels know us by."""

import json
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.conf import settings

from wanku.kernel.secrets import Unsealable, reseal, seal, unseal
from wanku.payments.fields import BASE_URL
from wanku.payments.models import ChannelAccount

log = logging.getLogger(__name__)
PURPOSE: Final = "channel"
_KEEP_SECONDS: Final = 5.0
_kept: list["_Kept"] = []


@dataclass(frozen=True, slots=True)
class Account:
    """One account, opened.

    Attributes:
        key: tells it from others, for whoever keeps a client for each.
        until: from when on it proves nothing any more.
    """

    key: int
    gateway: str
    public: Mapping[str, str]
    secret: Mapping[str, str]
    until: datetime | None

    def proves(self, now: datetime) -> bool:
        """Whether what the channel signs for it is still believed."""
        return self.until is None or self.until > now

    def __repr__(self) -> str:
        return f"Account({self.key}, {self.gateway!r})"


@dataclass(frozen=True, slots=True)
class _Kept:
    """What was read at once: rows by channel, and those that were opened since."""

    at: float
    rows: dict[str, list[ChannelAccount]] = field(default_factory=dict)
    opened: dict[str, tuple[Account, ...]] = field(default_factory=dict)


def accounts_of(gateway: str) -> Sequence[Account]:
    """The accounts at a channel, newest first, which is the one in use; empty while it is not set up.

    Kept per process for a few seconds, those of all channels together, since every pay page asks for all. Each
    channel's are opened by themselves: one whose secrets cannot be read does not close the others. Accounts at
    simulated banks are none where no sandbox is wanted: whoever holds the banks' books could say that anything is paid.
    """
    kept = _read()
    if gateway not in kept.opened:
        kept.opened[gateway] = tuple(filter(None, map(_opened, kept.rows.get(gateway, ()))))
    return kept.opened[gateway]


def is_off(gateway: str) -> bool:
    """Whether the channel was taken off: buyers are not offered it, while what is open settles as ever."""
    newest = next(iter(_read().rows.get(gateway, ())), None)
    return newest is not None and newest.off_at is not None


def add_account(
    gateway: str,
    *,
    public: Mapping[str, str],
    secret: Mapping[str, str],
    set_by: int | None,
    now: datetime,
    off_at: datetime | None = None,
) -> ChannelAccount:
    """Use this account from now on; what it replaces still proves notices until it is ended.

    Args:
        off_at: since when the channel is off; a new account does not put it on.
    """
    sealed = seal(PURPOSE, json.dumps(dict(secret)))
    row = ChannelAccount.objects.create(
        gateway=gateway, public=dict(public), sealed=sealed, set_by=set_by, at=now, off_at=off_at
    )
    forget()
    return row


def _read() -> _Kept:
    kept = next(iter(_kept), None)
    if kept is None or time.monotonic() - kept.at > _KEEP_SECONDS:
        kept = _Kept(time.monotonic())
        for row in ChannelAccount.objects.order_by("-at", "-pk"):
            if BASE_URL.name in row.public and not settings.SANDBOX:
                continue
            kept.rows.setdefault(row.gateway, []).append(row)
        _kept[:] = [kept]
    return kept


def reseal_all() -> int:
    """Seal every account under the current secret; returns how many."""
    rows = list(ChannelAccount.objects.all())
    for row in rows:
        row.sealed = reseal(PURPOSE, row.sealed)
    ChannelAccount.objects.bulk_update(rows, ["sealed"])
    return len(rows)


def _opened(row: ChannelAccount) -> Account | None:
    """The account, or none where its secrets were sealed with a secret that is lost: it has to be set anew."""
    try:
        secret = json.loads(unseal(PURPOSE, row.sealed))
    except Unsealable:
        log.error("account %s at %s cannot be opened: WANKU_SECRET changed, set it anew", row.pk, row.gateway)
        return None
    return Account(row.pk, row.gateway, row.public, secret, row.until)


def forget() -> None:
    """Drop what this process kept, after a change or between tests."""
    _kept.clear()
