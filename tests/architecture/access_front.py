"""Using a way into the front, the one ASGI application, without a server and inside the test's transaction."""

import asyncio
import queue
import threading
from collections.abc import Callable, Iterator, MutableMapping
from concurrent.futures import Executor, Future
from typing import Any

import pytest
from starlette.routing import Route

from wanku.api import rush
from wanku.kernel import threads
from wanku.project import front

CSRF = "c" * 32
Job = Callable[[], None]


def front_routes() -> Iterator[tuple[str, str, str]]:
    """Name, path and method of everything that the front answers by itself."""
    yield "rush:place", rush.PATH, "POST"
    for route in front.Front(lambda environ, start_response: [], threads=1)._live.routes:
        assert isinstance(route, Route), f"{route}: say here what its name, path and methods are"
        for method in sorted((route.methods or set()) - {"HEAD"}):
            yield route.name, route.path, method


class Here(Executor):
    """Runs what is submitted in the thread that serves it: the test's own, whose transaction nobody else can see."""

    def __init__(self) -> None:
        self.jobs: queue.Queue[Job | None] = queue.Queue()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Leave it to the test's thread."""
        future: Future[Any] = Future()

        def job() -> None:
            if not future.set_running_or_notify_cancel():
                return  # whoever asked has gone
            try:
                future.set_result(fn(*args, **kwargs))
            except BaseException as error:  # noqa: BLE001 - it belongs to whoever waits for it
                future.set_exception(error)

        self.jobs.put(job)
        return future


class Enough(Exception):
    """The status is known; a stream would go on forever."""


def front_status(method: str, path: str, cookie: str, body: bytes) -> int:
    """The status with which the front answers a browser with a session."""
    here, statuses, bodies = Here(), [], [body]

    async def receive() -> dict[str, Any]:
        if not bodies:
            await asyncio.Event().wait()  # the reader stays
        return {"type": "http.request", "body": bodies.pop(), "more_body": False}

    async def send(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            statuses.append(int(message["status"]))
            # After an error of ours Starlette answers and then raises it.
            if message["status"] != 500:
                raise Enough

    def ask() -> None:
        application = front.Front(lambda environ, start_response: [], threads=1)
        try:
            asyncio.run(application(_scope(method, path, cookie), receive, send))
        except* Enough:
            pass
        finally:
            here.jobs.put(None)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(threads, "_pool", here)
        # It takes the connection of a test, inside its transaction, for one that was left in disorder.
        patched.setattr(threads, "close_old_connections", lambda: None)
        asking = threading.Thread(target=ask)
        asking.start()
        while (job := here.jobs.get()) is not None:
            job()
        asking.join()
    return statuses[0] if statuses else 500


def _scope(method: str, path: str, cookie: str) -> dict[str, Any]:
    cookies = f"sessionid={cookie}; csrftoken={CSRF}" if cookie else f"csrftoken={CSRF}"
    headers = {
        "host": "testserver",
        "cookie": cookies,
        "x-csrftoken": CSRF,
        "content-type": "application/json",
        "idempotency-key": "access-matrix",
    }
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("testserver", 80),
    }
