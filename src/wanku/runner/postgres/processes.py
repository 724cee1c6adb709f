"""Children that end with us, and proof that a running process is the server of one data folder."""

import contextlib
import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform.startswith("linux") else None


def leash(death_signal: signal.Signals) -> Callable[[], None] | None:
    """A `preexec_fn` that has the kernel send `death_signal` to the child when we die, even by kill -9.

    Linux only; elsewhere the next start finds and stops what was left over. Start such children from the main thread,
    since the kernel watches the thread that forked.
    """
    if _LIBC is None:
        return None
    parent = os.getpid()
    return lambda: end_with(parent, death_signal)


def leash_forks(death_signal: signal.Signals) -> None:
    """Have every process that this one forks from now on end with it, even by kill -9. Linux only."""
    if _LIBC is None:
        return
    parent = os.getpid()

    def remember() -> None:
        nonlocal parent
        parent = os.getpid()

    os.register_at_fork(before=remember, after_in_child=lambda: end_with(parent, death_signal))


def end_with(parent: int, death_signal: signal.Signals) -> None:
    """Have this process end with the one that started it, even by kill -9. Linux only."""
    if _LIBC is None:
        return
    _LIBC.prctl(_PR_SET_PDEATHSIG, int(death_signal))
    if os.getppid() != parent:  # it died before the kernel was told
        os.kill(os.getpid(), death_signal)


def recorded_pid(data: Path) -> int | None:
    """The pid in ``postmaster.pid`` of `data`, alive or not."""
    try:
        return int((data / "postmaster.pid").read_text(encoding="utf-8").split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def server_of(data: Path) -> int | None:
    """The pid of the PostgreSQL server that provably runs on `data`: its program, folder and record all agree."""
    pid = recorded_pid(data)
    if pid is None or pid <= 0:
        return None
    process = Path("/proc", str(pid))
    if not process.exists():
        return None
    try:
        program = str((process / "exe").readlink()).removesuffix(" (deleted)")
        folder = (process / "cwd").readlink()
    except OSError:
        return None
    same = Path(program).name == "postgres" and folder == data.resolve()
    return pid if same else None


def forget_stale(data: Path) -> bool:
    """Remove a ``postmaster.pid`` that no server stands behind; True if there was one.

    PostgreSQL itself only looks whether *any* process has that pid, which in containers is often so.
    """
    if recorded_pid(data) is None or server_of(data) is not None:
        return False
    (data / "postmaster.pid").unlink(missing_ok=True)
    return True


def stop(pid: int, *, still: Callable[[], bool], patience: float = 20.0) -> None:
    """Stop a server: open transactions are rolled back; after `patience` seconds it is cut off (and recovers later)."""
    for sign, wait in ((signal.SIGINT, patience), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, sign)
        deadline = time.monotonic() + wait
        while time.monotonic() < deadline:
            if not still():
                return
            time.sleep(0.02)
