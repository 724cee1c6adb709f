"""Which operating-system account the embedded server runs as.

PostgreSQL refuses to run as root. An ordinary user runs it as themselves. As root we lend it a uid that belongs to
nobody else: no account is added to the machine, and none is shared with another service.
"""

import contextlib
import hashlib
import os
import pwd
from dataclasses import dataclass
from pathlib import Path

# The range that systemd hands out to short-lived services; the distributions keep it free of ordinary accounts.
FIRST_UID, LAST_UID = 61184, 65519


class NoAccount(RuntimeError):
    """No uid can be lent to the server; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Account:
    """A uid and gid for a child process."""

    uid: int
    gid: int

    @property
    def other(self) -> bool:
        """Whether a child must switch to this account, since it is not the one we run as."""
        return self.uid != os.geteuid()

    def give(self, path: Path) -> None:
        """Make `path`, which we have just created, belong to this account. Links are not followed."""
        if self.other:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def give_tree(self, folder: Path) -> None:
        """`give` for a folder of ours and all that is in it."""
        if not self.other:
            return
        for root, folders, files in os.walk(folder):
            for name in (*folders, *files):
                self.give(Path(root, name))
        self.give(folder)


def current() -> Account:
    """The account of this process."""
    return Account(os.geteuid(), os.getegid())


def lent_for(home: Path) -> Account:
    """The account for a server that lives in `home`: our own, or as root a spare uid that stays the same for `home`.

    Raises:
        NoAccount: every spare uid is taken.
    """
    if os.geteuid() != 0:
        return current()
    data = home / "data"
    if data.is_dir() and (owner := data.stat().st_uid) != 0:
        return Account(owner, data.stat().st_gid)
    span = LAST_UID - FIRST_UID + 1
    start = int.from_bytes(hashlib.sha256(os.fsencode(home)).digest()[:4], "big") % span
    busy = _uids_of_processes()
    for step in range(64):
        uid = FIRST_UID + (start + step) % span
        if uid not in busy and not _has_entry(uid):
            return Account(uid, uid)
    raise NoAccount("Found no free uid for the embedded PostgreSQL. Set DATABASE_URL to a server of your own.")


def for_initdb() -> Account:
    """The account that runs `initdb`, which insists on an entry in the account list: as root, `nobody`'s.

    Raises:
        NoAccount: there is no such account.
    """
    if os.geteuid() != 0:
        return current()
    for name in ("nobody", "daemon", "bin"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            if entry.pw_uid != 0:
                return Account(entry.pw_uid, entry.pw_gid)
    raise NoAccount("This machine has no account `nobody`, which initdb needs. Set DATABASE_URL, or run as a user.")


def _has_entry(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _uids_of_processes() -> set[int]:
    uids = set()
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it ended while we looked
            uids.add(entry.stat().st_uid)
    return uids
