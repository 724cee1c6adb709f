"""The real server in a process of its own, so that a test can talk to it over sockets and kill it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
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
    """A running web process."""

    def __init__(self, port: int, target: str, threads: int) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self._target = target
        self._threads = threads
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        environ = {
            **os.environ,
            "DATABASE_URL": database_url(),
            "WANKU_PUBLIC_URL": self.url,
            "DJANGO_SETTINGS_MODULE": "wanku.project.settings",
            "WANKU_THREADS": str(self._threads),
        }
        code = (
            "from granian import Granian; from granian.constants import Interfaces; from granian.log import LogLevels; "
            f"Granian({self._target!r}, address='127.0.0.1', port={self.port}, "
            f"{self._kind()}, log_level=LogLevels.error).serve()"
        )
        self._process = subprocess.Popen([sys.executable, "-c", code], env=environ, start_new_session=True)
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            try:
                if httpx.get(f"{self.url}/api/v1/categories", timeout=5).status_code == 200:
                    return
            except httpx.HTTPError:
                time.sleep(0.1)
        raise TimeoutError("the server did not answer")

    def _kind(self) -> str:
        """How granian calls the target: the whole front is ASGI, Django alone is WSGI."""
        if "asgi:" in self._target:
            return "interface=Interfaces.ASGI, backpressure=4096, workers_kill_timeout=10"
        return f"interface=Interfaces.WSGI, blocking_threads={self._threads}, backpressure=512"

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
def served(target: str = "wanku.project.wsgi:application", threads: int = 8) -> Iterator[Served]:
    """A server on a port of its own."""
    server = Served(free_port(), target, threads)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def buy(url: str, body: dict[str, Any], key: str, token: str, retries: int = 0) -> httpx.Response:
    """Place an order over the API, again with the same key when the connection breaks."""
    for left in range(retries, -1, -1):
        try:
            return httpx.post(
                f"{url}/api/v1/orders",
                json=body,
                headers={"Idempotency-Key": key, "X-Guest-Token": token, "Accept-Language": "en"},
                timeout=60,
            )
        except httpx.HTTPError:
            if not left:
                raise
            time.sleep(0.25)
    raise AssertionError("unreachable")
