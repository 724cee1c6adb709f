"""A reader of server-sent events, as a browser is one: lines, ids, and coming back with the last id."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx

PATIENCE_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Event:
    """One event."""

    id: str
    name: str
    data: str


@dataclass
class Reader:
    """An open stream.

    Attributes:
        last_id: what a browser would send when it comes back.
    """

    answer: httpx.Response
    last_id: str = ""
    _lines: Iterator[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._lines = self.answer.iter_lines()

    def known(self) -> str:
        """Read the beginning, which says how far the story has come; gives its id."""
        for line in self._lines:
            if line.startswith("id: "):
                self.last_id = line.removeprefix("id: ")
            if not line:
                return self.last_id
        raise EOFError

    def next(self) -> Event:
        """The next event.

        Raises:
            EOFError: the server ended the stream.
            httpx.ReadTimeout: nothing came.
        """
        found = {"id": self.last_id, "event": "message", "data": ""}
        for line in self._lines:
            name, colon, value = line.partition(": ")
            if colon and name in found:
                found[name] = value
            if not line and found["data"]:
                self.last_id = found["id"]
                return Event(found["id"], found["event"], found["data"])
        raise EOFError

    def ends(self) -> None:
        """Read until the server ends the stream, as it should: with a last chunk, not with a cut wire."""
        for _line in self._lines:
            pass


@contextmanager
def listen(
    url: str,
    cookie: str,
    *,
    last_id: str | None = None,
    patience: float = PATIENCE_SECONDS,
    more: Mapping[str, str] = {},
) -> Iterator[Reader]:
    """Open a stream with a session's cookie, or with `more` headers."""
    headers = {"Accept": "text/event-stream", **more} | ({"Last-Event-ID": last_id} if last_id is not None else {})
    cookies = {"sessionid": cookie} if cookie else {}
    with (
        httpx.Client(
            timeout=httpx.Timeout(PATIENCE_SECONDS, read=patience), cookies=cookies, trust_env=False
        ) as client,
        client.stream("GET", url, headers=headers) as answer,
    ):
        if answer.status_code != 200:
            answer.read()
        yield Reader(answer, last_id or "")
