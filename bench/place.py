"""A throw-away place to measure in: a durable PostgreSQL 18 cluster and the real web process in a folder."""

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from wanku.runner.postgres import Cluster, Settings
from wanku.runner.postgres.cluster import ROLE
from wanku.runner.postgres.processes import leash

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 90.0
SHOP = "bench_shop"
"""The database in which the shop is filled and nothing has happened yet, to copy from."""
DISK = Path("/var/tmp")  # noqa: S108 - on disk where /tmp is memory; the folder inside is made by mkdtemp


@dataclass
class Place:
    """Where everything happens.

    Attributes:
        environ: what our own commands are started with.
        web_words: further arguments of ``wanku web``.
    """

    folder: Path
    cluster: Cluster
    environ: dict[str, str] = field(repr=False)
    port: int
    web_words: Sequence[str] = ()
    database: str = "wanku"
    _web: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def run(self, *words: str) -> None:
        """Run one of our commands to its end.

        Raises:
            RuntimeError: it failed; the text is the end of what it printed.
        """
        done = subprocess.run(
            [sys.executable, "-P", "-m", "wanku", *words],
            env=self.environ,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise RuntimeError(f"wanku {' '.join(words)} failed:\n{(done.stdout + done.stderr)[-3000:]}")

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """Start one of our commands; it ends with us."""
        with (self.folder / f"{words[0]}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-P", "-m", "wanku", *words],
                env=self.environ,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=leash(signal.SIGTERM),  # noqa: PLW1509 - one system call, no locks
            )

    def keeper_url(self) -> str:
        """A superuser's address of this database."""
        return _named(self.cluster.keeper_url, self.database)

    @contextlib.contextmanager
    def hello(self) -> Iterator[int]:
        """The same server with a bare view instead of Wanku's (`bench.hello`); gives its port."""
        folder, port = self.folder / "hello", free_port()
        folder.mkdir(mode=0o711, exist_ok=True)
        environ = {**self.environ, "DJANGO_SETTINGS_MODULE": "bench.hello_settings", "PYTHONPATH": str(ROOT)}
        server = Place(folder, self.cluster, environ, port, self.web_words, self.database)
        server.open_web()
        try:
            yield port
        finally:
            server.close_web()

    def beside(self, database: str, source: str) -> "Place":
        """Another installation on the same server, its database a copy of ``source``, to which nobody is connected."""
        copy_database(self.cluster, database, source)
        folder, port = self.folder / database, free_port()
        folder.mkdir(mode=0o711)
        environ = {
            **self.environ,
            "DATABASE_URL": _named(self.cluster.url, database),
            "WANKU_DATA": str(folder / "wanku"),
            "WANKU_PUBLIC_URL": f"http://127.0.0.1:{port}",
        }
        return Place(folder, self.cluster, environ, port, self.web_words, database)

    @property
    def web_pid(self) -> int:
        """The process that was started as ``wanku web``; its workers are its children.

        Raises:
            RuntimeError: it does not run.
        """
        if self._web is None or self._web.poll() is not None:
            raise RuntimeError(f"`wanku web` does not run; see {self.folder / 'web.log'}")
        return self._web.pid

    def open_web(self) -> float:
        """Start ``wanku web`` and wait for its first page; gives the seconds that took."""
        began = time.monotonic()
        self._web = self.start("web", f"--port={self.port}", *self.web_words)
        until = began + START_SECONDS
        while time.monotonic() < until:
            if self._web.poll() is not None:
                break
            with contextlib.suppress(OSError):
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=10) as answer:
                    answer.read()
                return time.monotonic() - began
            time.sleep(0.02)
        end = (self.folder / "web.log").read_text(encoding="utf-8", errors="replace")[-3000:]
        raise RuntimeError(f"`wanku web` did not open:\n{end}")

    def close_web(self) -> None:
        """End ``wanku web``, if it runs."""
        if self._web is not None:
            stop(self._web)
            self._web = None


def copy_database(cluster: Cluster, name: str, source: str) -> None:
    """Make a database as a copy of another one, to which nobody is connected."""
    with psycopg.connect(cluster.keeper_url, autocommit=True) as keeper:
        keeper.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(*map(sql.Identifier, (name, source, ROLE)))
        )


def _named(url: str, database: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process that `Place.start` started, in good order if it lets us."""
    process.terminate()
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextlib.contextmanager
def place(*, web_words: Sequence[str] = (), keep: bool = False) -> Iterator[Place]:
    """A migrated, empty Wanku with durable commits; gone afterwards unless it is to be kept."""
    folder = Path(tempfile.mkdtemp(prefix="wanku-bench-", dir=DISK if DISK.is_dir() else None))
    folder.chmod(0o711)  # as root the server runs as another account and passes through here
    cluster = Cluster(folder / "pg", Settings(durable=True))
    cluster.start()
    port = free_port()
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith("WANKU_")},
        "DATABASE_URL": cluster.url,
        "DJANGO_SETTINGS_MODULE": "wanku.project.settings",
        "WANKU_DATA": str(folder / "wanku"),
        "WANKU_DEMO": "0",
        "WANKU_LOG_LEVEL": "WARNING",
        "WANKU_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "WANKU_RATE_LIMITS": "0",
        "WANKU_SANDBOX": "1",
        "WANKU_SECRET": secrets.token_urlsafe(48),
    }
    here = Place(folder, cluster, environ, port, web_words)
    try:
        here.run("migrate")
        yield here
    finally:
        here.close_web()
        cluster.stop()
        if keep:
            print(f"kept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
