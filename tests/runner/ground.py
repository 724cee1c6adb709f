"""What the tests of the runner share: short folders, an ordinary user, and patience with a limit."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from wanku.runner.postgres import Cluster, Settings
from wanku.runner.postgres.account import Account
from wanku.runner.postgres.programs import can_run

QUICK = Settings(durable=False)
AS_ROOT = os.geteuid() == 0
USER = Account(65534, 65534) if AS_ROOT else Account(os.geteuid(), os.getegid())
ROOT = Path(__file__).resolve().parents[2]


def until(true: Callable[[], object], *, within: float = 20.0, what: str = "") -> None:
    """Wait for something to become true, `within` so many seconds."""
    deadline = time.monotonic() + within
    while not true():
        assert time.monotonic() < deadline, f"not within {within} s: {what or true}"
        time.sleep(0.02)


def alive(pid: int) -> bool:
    """Whether the process exists and is no zombie."""
    try:
        return Path("/proc", str(pid), "stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


@contextmanager
def running(cluster: Cluster) -> Iterator[Cluster]:
    """The cluster, started, and stopped at the end."""
    cluster.start()
    try:
        yield cluster
    finally:
        cluster.stop()


def user_python() -> str:
    """A Python that an ordinary user may run: our own, or the system's of the same release when we are root."""
    names = (sys.executable, *(shutil.which(f"python3.{sys.version_info.minor}", path=p) for p in ("/usr/bin", "/bin")))
    for name in names:
        if name and can_run(Path(name), USER):
            return name
    pytest.skip("no Python of this release is within an ordinary user's reach")


def environment(data: Path, **more: str) -> dict[str, str]:
    """A clean environment for the `wanku` command with its data in `data`."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LD_LIBRARY_PATH") if name in os.environ}
    paths = [str(ROOT / "src"), *(p for p in sys.path if "site-packages" in p)]
    return {**kept, "PYTHONPATH": os.pathsep.join(paths), "WANKU_DATA": str(data), "HOME": str(data.parent), **more}


def wanku(*words: str, environ: Mapping[str, str], timeout: float = 60) -> subprocess.CompletedProcess[str]:
    """Run the `wanku` command to its end, from a folder that is not the project's."""
    return subprocess.run(
        [sys.executable, "-P", "-m", "wanku", *words],
        env=dict(environ),
        cwd="/",
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
