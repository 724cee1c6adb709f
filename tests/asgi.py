"""One request to an ASGI application without sockets, and what it answered."""

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

Message = MutableMapping[str, Any]
App = Callable[[MutableMapping[str, Any], Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Any]
Headers = Mapping[str, str] | Iterable[tuple[str, str]]


@dataclass
class Answer:
    """Status, headers in their order, and the pieces of the body."""

    status: int = 0
    headers: list[tuple[str, str]] = field(default_factory=list)
    pieces: list[bytes] = field(default_factory=list)
    whole: bool = False

    @property
    def body(self) -> bytes:
        """The pieces together."""
        return b"".join(self.pieces)

    def json(self) -> Any:
        """The body, read."""
        return json.loads(self.body)

    def header(self, name: str) -> str | None:
        """The first header of a name."""
        return next((value for found, value in self.headers if found == name.lower()), None)


def scope_of(method: str, address: str, headers: Headers = (), **more: Any) -> dict[str, Any]:
    """The scope of a request as granian makes it: ``path`` without escapes, ``raw_path`` as it came."""
    path, _, query = address.partition("?")
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    return {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in pairs],
        "server": ("127.0.0.1", 8000),
        "client": ("127.0.0.9", 50_000),
        **more,
    }


async def ask(
    app: App,
    scope: MutableMapping[str, Any],
    body: Iterable[bytes] = (b"",),
    *,
    leaves_after: int | None = None,
    stays: bool = True,
) -> Answer:
    """Send a request and read its answer.

    Args:
        body: pieces as they arrive.
        leaves_after: pieces of the answer after which the caller has gone; as with granian, only `receive` tells.
        stays: False for a caller that leaves before the request is whole.
    """
    answer = Answer()
    gone = asyncio.Event()
    arriving = deque(body)

    async def receive() -> Message:
        if arriving:
            piece = arriving.popleft()
            return {"type": "http.request", "body": piece, "more_body": bool(arriving) or not stays}
        if stays:
            await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = [(name.decode(), value.decode("latin-1")) for name, value in message["headers"]]
            return
        if gone.is_set():
            return
        answer.pieces.append(message.get("body", b""))
        answer.whole = not message.get("more_body", False)
        if len(answer.pieces) == leaves_after:
            gone.set()
            await asyncio.sleep(0)

    await app(scope, receive, send)
    return answer
