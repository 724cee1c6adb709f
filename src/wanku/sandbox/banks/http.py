"""What goes over the wire to and from a bank."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl


@dataclass(frozen=True, slots=True)
class Asked:
    """One request.

    Attributes:
        path: as it was sent, without the bank's own prefix and the query.
        query: as it was sent, without the question mark.
        headers: names in lower case.
        base: the bank's address as the caller knows it, e.g. ``http://127.0.0.1:8100/wechat``.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    base: str

    @property
    def target(self) -> str:
        """Path and query, as they are signed."""
        return f"{self.path}?{self.query}" if self.query else self.path

    @property
    def args(self) -> dict[str, str]:
        """The query, decoded; of a name that comes twice the last."""
        return dict(parse_qsl(self.query, keep_blank_values=True))

    @property
    def form(self) -> dict[str, str]:
        """A form in the body, decoded."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))


@dataclass(frozen=True, slots=True)
class Answer:
    """One response; ``cut`` drops the connection in its place."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    cut: bool = False


def in_json(facts: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    """An answer in JSON."""
    body = json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode()
    return Answer(status, {"Content-Type": "application/json; charset=utf-8", **(headers or {})}, body)


def in_html(text: str, status: int = 200) -> Answer:
    """A page."""
    return Answer(status, {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"}, text.encode())


def go_to(url: str) -> Answer:
    """Send a browser elsewhere."""
    return Answer(303, {"Location": url, "Cache-Control": "no-store"})
