"""Django behind an ASGI server: each request runs in a thread of a small pool, as under WSGI.

Django's own ASGI handler managed a tenth of the requests of its WSGI handler, and ``a2wsgi`` fails under granian,
whose ``send`` is no coroutine function (measured before the first line, see `docs/decisions/0010-one-front.md`).
"""

import asyncio
import sys
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final
from urllib.parse import unquote_to_bytes

from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from wanku.ui.asked import headers_of

Pieces = Generator[bytes, None, None]
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
BODY_MAX: Final = 64 * 1024 * 1024
"""Bytes of any request; each route has a smaller limit of its own, this one keeps strangers from filling the disk."""
IN_MEMORY_MAX: Final = 1024 * 1024
CHUNK: Final = 256 * 1024


class Bridge:
    """An ASGI application that answers by a WSGI one.

    Args:
        threads: requests at work at once.
        waiting_max: requests that may wait for a thread; beyond them the answer is 503 at once.
    """

    def __init__(self, wsgi: Wsgi, *, threads: int, waiting_max: int) -> None:
        self._wsgi = wsgi
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="django")
        self._inside = 0
        self._inside_max = threads + waiting_max

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._inside >= self._inside_max:
            await PlainTextResponse("Busy", HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": "1"})(scope, receive, send)
            return
        self._inside += 1
        try:
            await self._serve(scope, receive, send)
        finally:
            self._inside -= 1

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        with SpooledTemporaryFile(IN_MEMORY_MAX) as body:
            size = await _read(receive, body)
            if size is None:
                return
            if size > BODY_MAX:
                await PlainTextResponse("Too large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)(scope, receive, send)
                return
            run = partial(asyncio.get_running_loop().run_in_executor, self._pool)
            status, headers, first, rest = await run(_call, self._wsgi, environ_of(scope, body, size))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": first, "more_body": rest is not None})
        if rest is not None:
            await self._stream(rest, receive, send)

    async def _stream(self, rest: Pieces, receive: Receive, send: Send) -> None:
        """The rest of a large download: one piece in memory, however large the file is."""
        run = partial(asyncio.get_running_loop().run_in_executor, self._pool)
        # granian takes pieces for callers who have left as if they were sent; only `receive` tells.
        leaving = asyncio.ensure_future(receive())
        try:
            more = True
            while more and not leaving.done():
                piece = await run(_piece, rest)
                more = bool(piece)
                await send({"type": "http.response.body", "body": piece, "more_body": more})
        finally:
            leaving.cancel()
            # Files and connections are given back in a thread, as they were taken.
            await run(rest.close)


async def _read(receive: Receive, body: IO[bytes]) -> int | None:
    """Take the body, to disk when it is large, until it is whole or too large; its size. None when the caller left."""
    size, more = 0, True
    while more and size <= BODY_MAX:
        message = await receive()
        if message["type"] != "http.request":
            return None
        part = message.get("body", b"")
        size += len(part)
        body.write(part)
        more = message.get("more_body", False)
    body.seek(0)
    return size


def environ_of(scope: Scope, body: IO[bytes], size: int) -> dict[str, Any]:
    """The request in the words of PEP 3333."""
    raw: bytes | None = scope.get("raw_path")
    path = unquote_to_bytes(raw) if raw is not None else scope["path"].encode()
    host, port = scope.get("server") or ("localhost", 80)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": path.decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": (scope.get("client") or ("",))[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    environ.update(headers_of(scope["headers"]))
    # Known by now; callers that send in pieces could not say it.
    environ["CONTENT_LENGTH"] = str(size)
    return environ


def _call(wsgi: Wsgi, environ: dict[str, Any]) -> tuple[int, list[tuple[bytes, bytes]], bytes, Pieces | None]:
    """Run the application in a thread: status, headers, the first bytes, and what is left if that is much."""
    started: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        started[:] = [int(status[:3]), [(k.lower().encode("latin-1"), v.encode("latin-1")) for k, v in headers]]

    answer = wsgi(environ, start_response)
    pieces = _close_after(answer)
    first, whole = _some(pieces)
    return started[0], started[1], first, None if whole else pieces


def _close_after(answer: Iterable[bytes]) -> Pieces:
    try:
        yield from answer
    finally:
        close = getattr(answer, "close", None)
        if close is not None:
            close()


def _some(pieces: Iterator[bytes]) -> tuple[bytes, bool]:
    """At least one chunk, and whether that is all."""
    taken, size = [], 0
    for piece in pieces:
        taken.append(piece)
        size += len(piece)
        if size >= CHUNK:
            return b"".join(taken), False
    return b"".join(taken), True


def _piece(pieces: Pieces) -> bytes:
    return _some(pieces)[0]
