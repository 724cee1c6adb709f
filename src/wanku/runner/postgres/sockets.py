"""A folder for the server's socket: ours alone, and short enough for the kernel's limit of 107 bytes."""

import hashlib
import os
import stat
import tempfile
from pathlib import Path

from wanku.runner.postgres.account import Account

LONGEST = 107
NAME = ".s.PGSQL.5432"


class UnsafeFolder(RuntimeError):
    """A folder that should hold our socket belongs to somebody else."""


def folder_for(home: Path, account: Account) -> Path:
    """The socket's folder for the server in `home`, made with mode 0700 and owned by `account`.

    It lies in `home` if the path is short enough, else under the user's runtime folder, ``/run`` or the folder for
    temporary files.

    Raises:
        UnsafeFolder: someone else has planted a folder or link of that name.
    """
    inside = home / "run"
    if len(os.fsencode(inside / NAME)) <= LONGEST:
        return _make(inside, account)
    name = f"wanku-{account.uid}-{hashlib.sha256(os.fsencode(home)).hexdigest()[:12]}"
    return _make(_short_parent() / name, account)


def _short_parent() -> Path:
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    candidates = [Path("/run")] if os.geteuid() == 0 else [Path(runtime)]
    for folder in candidates:
        if folder.is_absolute() and os.access(folder, os.W_OK | os.X_OK) and len(os.fsencode(folder)) < 60:
            return folder
    temporary = Path(tempfile.gettempdir())
    return temporary if len(os.fsencode(temporary)) < 60 else Path("/tmp")  # noqa: S108 - made 0700 and checked


def _make(folder: Path, account: Account) -> Path:
    try:
        folder.mkdir(mode=0o700)
        account.give(folder)
    except FileExistsError:
        found = folder.lstat()
        if found.st_uid == 0 and account.other and stat.S_ISDIR(found.st_mode) and not any(folder.iterdir()):
            account.give(folder)  # we were stopped between making it and giving it away
            found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid or found.st_mode & 0o077:
            raise UnsafeFolder(
                f"{folder} should be a folder of mode 0700 that belongs to uid {account.uid}, and is not. "
                "If nobody else put it there, remove it."
            ) from None
    return folder
