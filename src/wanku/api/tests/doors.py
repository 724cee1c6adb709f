"""The doors at which orders are placed, for tests that ask all of them and compare."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.test import Client

from tests.asgi import ask, scope_of
from wanku.api import rush

JSON = "application/json"
DOORS = 3


@dataclass
class Said:
    """What matters of an answer: a problem's words, or what was ordered."""

    status: int
    code: str = ""
    detail: str = ""
    errors: list[dict[str, str]] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str | None] = field(default_factory=dict)


def said(status: int, content: bytes, header: Callable[[str], str | None]) -> Said:
    """An answer as it is compared."""
    names = ("Content-Type", "WWW-Authenticate", "Retry-After", "Cache-Control", "X-Content-Type-Options")
    headers = {name: header(name) for name in names}
    if status == 201:
        return Said(status, headers={"Cache-Control": headers["Cache-Control"]})
    body = json.loads(content)
    assert body["status"] == status and body["title"] and body["type"].endswith(f"#problem-{body['code']}")
    errors = sorted(body["errors"], key=lambda each: (each["field"], each["code"]))
    return Said(status, body["code"], body["detail"], errors, body["facts"], headers)


def at_rest(raw: bytes, headers: dict[str, str], cookies: dict[str, str]) -> Said:
    """`POST /api/v1/orders` in Django."""
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    client.cookies.load(cookies)
    kind = headers.get("Content-Type", "")
    sent = {name: value for name, value in headers.items() if name != "Content-Type"}
    answer = client.generic("POST", "/api/v1/orders", raw, content_type=kind, headers=sent)
    return said(answer.status_code, answer.content, answer.headers.get)


def at_rush(raw: bytes, headers: dict[str, str], cookies: dict[str, str], path: str = rush.PATH) -> Said:
    """`POST /rush/orders` on the event loop."""
    pairs = [("Content-Length", str(len(raw))), *headers.items()]
    if cookies:
        pairs.append(("Cookie", "; ".join(f"{name}={value}" for name, value in cookies.items())))
    scope = scope_of("POST", path, pairs, server=("testserver", 80))
    answer = asyncio.run(ask(rush.rush, scope, [raw[:100], raw[100:]]))
    assert answer.header("Content-Length") == str(len(answer.body))
    return said(answer.status, answer.body, answer.header)


def at_whole(raw: bytes, headers: dict[str, str], cookies: dict[str, str]) -> Said:
    """`POST /api/v1/orders` where it stands before Django."""
    return at_rush(raw, headers, cookies, rush.WHOLE)


@dataclass
class Case:
    """A request; a fresh key for each door unless the headers name one."""

    body: Any
    headers: dict[str, str]
    cookies: dict[str, str] = field(default_factory=dict)

    def at_all(self) -> Said:
        """Ask every door and compare."""
        raw = self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()
        answers = []
        for door in (at_rest, at_rush, at_whole):
            headers = {"Content-Type": JSON, "Accept-Language": "en", "Idempotency-Key": uuid4().hex, **self.headers}
            answers.append(door(raw, {n: v for n, v in headers.items() if v != "-"}, self.cookies))
        assert answers[0] == answers[1] == answers[2]
        return answers[1]
