"""The real server in a process of its own, so that a test can talk to it over sockets and kill it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from urllib.parse import quote

import httpx
from django.conf import settings

START_SECONDS = 60


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def database_url() -> str:
    """The test database of this process, for a child."""
    base = settings.DATABASES["default"]
    password, host, user = (quote(str(base[name]), safe="") for name in ("PASSWORD", "HOST", "USER"))
    return f"postgresql://{user}:{password}@/{base['NAME']}?host={host}&port={base['PORT'] or 5432}"


class Served:
    """A running web process, which serves as `wanku web` does.

    Attributes:
        target: its ASGI application; a restart takes what stands here then.
    """

    def __init__(self, port: int, target: str, threads: int, environ: Mapping[str, str]) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.target = target
        self._environ = {"WANKU_THREADS": str(threads), **environ}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.launch()
        self.await_answer()

    def launch(self) -> None:
        """Start it."""
        environ = {
            **os.environ,
            "DATABASE_URL": database_url(),
            "WANKU_PUBLIC_URL": self.url,
            "DJANGO_SETTINGS_MODULE": "wanku.project.settings",
            **self._environ,
        }
        code = (
            "from granian import Granian; from granian.constants import Interfaces; from granian.log import LogLevels; "
            f"Granian({self.target!r}, address='127.0.0.1', port={self.port}, interface=Interfaces.ASGI, "
            "backpressure=4096, workers_kill_timeout=10, log_level=LogLevels.error).serve()"
        )
        self._process = subprocess.Popen([sys.executable, "-c", code], env=environ, start_new_session=True)

    def await_answer(self) -> None:
        """Wait until it answers.

        Raises:
            TimeoutError: it does not.
        """
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            try:
                if httpx.get(f"{self.url}/api/v1/categories", timeout=5).status_code == 200:
                    return
            except httpx.HTTPError:
                time.sleep(0.1)
        raise TimeoutError("the server did not answer")

    def kill(self) -> None:
        """``kill -9`` of the whole process group: no goodbye to anybody."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def ask_to_end(self) -> None:
        """A signal, and nothing else."""
        if self._process is not None:
            self._process.terminate()

    def stop(self) -> None:
        """End it politely."""
        if self._process is not None:
            self.ask_to_end()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=15)
            self.kill_rest()

    def kill_rest(self) -> None:
        """Whatever is left of the group."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None


FRONT = "wanku.project.asgi:application"
"""Everything that `wanku web` serves: streams and orders of crowds beside Django."""


@contextmanager
def served(target: str = FRONT, threads: int = 8, **environ: str) -> Iterator[Served]:
    """A server on a port of its own.

    Args:
        environ: what it finds in its environment besides.
    """
    server = Served(free_port(), target, threads, environ)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def two(target: str = FRONT, threads: int = 8, **environ: str) -> Iterator[tuple[Served, Served]]:
    """Two servers on one database, as `served`."""
    one, other = (Served(free_port(), target, threads, environ) for _ in range(2))
    try:
        one.launch()
        other.launch()
        one.await_answer()
        other.await_answer()
        yield one, other
    finally:
        one.stop()
        other.stop()
