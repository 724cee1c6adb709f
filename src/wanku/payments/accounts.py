"""The accounts that channels know us by."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from wanku.kernel.secrets import reseal, seal, unseal
from wanku.payments.models import ChannelAccount

PURPOSE: Final = "channel"
_KEEP_SECONDS: Final = 5.0
_kept: dict[str, tuple[float, tuple["Account", ...]]] = {}


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


def accounts_of(gateway: str) -> Sequence[Account]:
    """The accounts at a channel, newest first, which is the one in use; empty while it is not set up.

    Kept per process for a few seconds, since every pay page asks.
    """
    kept = _kept.get(gateway)
    if kept is None or time.monotonic() - kept[0] > _KEEP_SECONDS:
        rows = ChannelAccount.objects.filter(gateway=gateway).order_by("-at", "-pk")
        opened = tuple(Account(r.pk, gateway, r.public, json.loads(unseal(PURPOSE, r.sealed)), r.until) for r in rows)
        kept = _kept[gateway] = (time.monotonic(), opened)
    return kept[1]


def add_account(
    gateway: str, *, public: Mapping[str, str], secret: Mapping[str, str], set_by: int | None, now: datetime
) -> ChannelAccount:
    """Use this account from now on; what it replaces still proves notices until it is ended."""
    sealed = seal(PURPOSE, json.dumps(dict(secret)))
    row = ChannelAccount.objects.create(gateway=gateway, public=dict(public), sealed=sealed, set_by=set_by, at=now)
    forget()
    return row


def reseal_all() -> int:
    """Seal every account under the current secret; returns how many."""
    rows = list(ChannelAccount.objects.all())
    for row in rows:
        row.sealed = reseal(PURPOSE, row.sealed)
    ChannelAccount.objects.bulk_update(rows, ["sealed"])
    return len(rows)


def forget() -> None:
    """Drop what this process kept, after a change or between tests."""
    _kept.clear()
