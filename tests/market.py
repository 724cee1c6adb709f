"""A whole Wanku with the demo, for tests that meet it from outside: web, sweeper and worker as processes on a database.

The demo is loaded once for a run into a template, behind a lock; each xdist process clones that in a second. With a
kept server (``WANKU_TEST_CLUSTER``) the template is kept too, until migrations or demo change.
"""

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import httpx
import psycopg
import pytest
from psycopg import sql

from tests.served import free_port
from wanku.runner.postgres.processes import leash

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = "wanku_market"
TRADES = 40
"""A shorter history than the demo's own: enough for reviews, queues and statements."""
LOADER = "import django; django.setup(); from wanku.runner.demo import load; load(trades={trades})"
OPENS_SECONDS = 90.0


@dataclass
class Market:
    """A running demo shop."""

    url: str
    environ: dict[str, str] = field(repr=False)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list, repr=False)
    banks_open: bool = False

    @property
    def banks_url(self) -> str:
        """Where the simulated banks are once they are open."""
        return self.environ["WANKU_SANDBOX_URL"]

    def open_banks(self) -> None:
        """Serve the simulated banks and open the shop's accounts at them, once; from then on they are offered too."""
        if self.banks_open:
            return
        # Books of their own for each process of the run.
        home = Path(self.environ["WANKU_DATA"]) / f"banks-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
        shutil.rmtree(home, ignore_errors=True)
        self.start("sandbox", f"--port={urlsplit(self.banks_url).port}", WANKU_DATA=str(home))
        await_answer(f"{self.banks_url}/accounts")
        self.run("-m", "wanku", "sandbox", f"--introduce={self.banks_url}")
        self.banks_open = True

    def start(self, *words: str, **environ: str) -> None:
        """Start one of our commands beside the others."""
        log = Path(self.environ["WANKU_DATA"]) / f"{words[0]}-{os.getpid()}.log"
        with log.open("ab") as into:
            self.processes.append(
                subprocess.Popen(
                    [sys.executable, "-P", "-m", "wanku", *words],
                    env={**self.environ, **environ},
                    cwd=ROOT,
                    stdin=subprocess.DEVNULL,
                    stdout=into,
                    stderr=into,
                    start_new_session=True,
                    preexec_fn=leash(signal.SIGTERM),  # noqa: PLW1509 - one system call, no locks
                )
            )

    def run(self, *words: str) -> str:
        """Run a Python program with this shop's environment to its end; gives what it printed."""
        done = subprocess.run(
            [sys.executable, "-P", *words], env=self.environ, cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{words}: {done.stderr[-2000:]}"
        return done.stdout

    def stop(self) -> None:
        """End every process."""
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def await_answer(url: str) -> None:
    """Wait until somebody serves it."""
    until = time.monotonic() + OPENS_SECONDS
    while True:
        try:
            if httpx.get(url, timeout=10, trust_env=False).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
        assert time.monotonic() < until, f"nobody opened {url}"


@pytest.fixture(scope="session")
def market() -> Iterator[Market]:
    """The demo shop of this process; what one journey does, later ones see."""
    home = _home()
    base = os.environ["DATABASE_URL"]
    with _locked(home / "lock"):
        _make_template(home, base)
        name = f"{TEMPLATE}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
        _clone(base, name)
    port = free_port()
    place = Market(f"http://127.0.0.1:{port}", _environment(home, _named(base, name), f"http://127.0.0.1:{port}"))
    place.start("web", f"--port={port}")
    place.start("sweep")
    place.start("worker")
    try:
        await_answer(f"{place.url}/api/v1/categories")
        yield place
    finally:
        place.stop()


def _home() -> Path:
    """Shared by the processes of a run; beside the kept server, if there is one."""
    name = os.environ.get("WANKU_TEST_CLUSTER", "")
    home = ROOT / ".wanku" / f"market-{name}" if name else Path(os.environ["WANKU_DATA"]) / "market"
    home.mkdir(parents=True, exist_ok=True)
    return home


def _environment(home: Path, database: str, url: str) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "wanku.project.settings",
        "WANKU_DATA": str(home),
        "WANKU_DEBUG": "1",
        "WANKU_DEMO": "1",
        "WANKU_LOG_LEVEL": "WARNING",
        "WANKU_PUBLIC_URL": url,
        "WANKU_SANDBOX": "1",
        # Nobody is there before `open_banks`.
        "WANKU_SANDBOX_URL": f"http://127.0.0.1:{free_port()}",
        # The carrier's parcels take seconds instead of minutes.
        "WANKU_SANDBOX_SPEED": "20000",
    }


def _make_template(home: Path, base: str) -> None:
    key = _key()
    ready = home / "ready"
    with psycopg.connect(base, autocommit=True) as connection:
        known = connection.execute("SELECT FROM pg_database WHERE datname = %s", [TEMPLATE]).fetchone()
        if known is not None and ready.exists() and ready.read_text() == key:
            return
        ready.unlink(missing_ok=True)
        shutil.rmtree(home / "media", ignore_errors=True)
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(TEMPLATE)))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(TEMPLATE)))
    maker = Market("", _environment(home, _named(base, TEMPLATE), "http://127.0.0.1:8000"))
    maker.run("-m", "wanku", "migrate")
    maker.run("-c", LOADER.format(trades=TRADES))
    ready.write_text(key)


def _clone(base: str, name: str) -> None:
    with psycopg.connect(base, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(TEMPLATE))
        )


def _key() -> str:
    """What the template is made from."""
    digest = hashlib.sha256()
    package = ROOT / "src" / "wanku"
    for path in sorted([*package.glob("*/migrations/*.py"), *package.glob("runner/demo/*.py")]):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _named(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
