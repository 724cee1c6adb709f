"""Talking to a server like a program (API) and like a browser (forms with their CSRF token)."""

import html
import re
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import httpx

from wanku.runner.tour.script import Unseen
from wanku.runner.tour.speech import pgettext as _p

TIMEOUT = 30.0
FIELD = re.compile(r'name="csrfmiddlewaretoken"\s+value="([^"]+)"')


class Caller:
    """One user of the server, with cookies of their own."""

    def __init__(self, url: str, language: str, **headers: str) -> None:
        self.url = url.rstrip("/")
        self.client = httpx.Client(
            base_url=self.url, timeout=TIMEOUT, headers={"Accept-Language": language, **headers}, trust_env=False
        )

    def close(self) -> None:
        """Hang up."""
        self.client.close()

    def call(self, method: str, path: str, *, status: int = 200, **more: Any) -> Any:
        """One operation of the API.

        Returns:
            the decoded body, or None without one.

        Raises:
            Unseen: another status than ``status`` came.
        """
        answer = self.client.request(method, f"/api/v1{path}", **more)
        if answer.status_code != status:
            raise Unseen(f"{status} {HTTPStatus(status).phrase}: {method} {path}", told(answer))
        return answer.json() if answer.content else None

    def get(self, path: str, **more: Any) -> Any:
        """Read from the API."""
        return self.call("GET", path, **more)

    def post(self, path: str, body: Any = None, *, status: int = 201, key: str = "") -> Any:
        """Create or act through the API."""
        headers = {"Idempotency-Key": key} if key else {}
        return self.call("POST", path, status=status, json=body, headers=headers)

    def page(self, path: str) -> str:
        """A page as a browser gets it.

        Raises:
            Unseen: it is not there.
        """
        answer = self.client.get(path, follow_redirects=True)
        if answer.status_code != HTTPStatus.OK:
            raise Unseen(f"200 OK: GET {path}", told(answer))
        return answer.text

    def send(self, path: str, fields: dict[str, str]) -> httpx.Response:
        """Open a page and send its form back with ``fields``, as a browser does.

        Raises:
            Unseen: there is no form, or it was not taken with a redirect.
        """
        found = FIELD.search(self.page(path))
        if found is None:
            raise Unseen(_p("tour", "a page with a form: %s") % path, _p("tour", "a page without"))
        parts = urlsplit(str(self.client.base_url))
        answer = self.client.post(
            path,
            data={"csrfmiddlewaretoken": html.unescape(found.group(1)), **fields},
            headers={"Referer": f"{self.url}{urlsplit(path).path}", "Origin": f"{parts.scheme}://{parts.netloc}"},
        )
        if answer.status_code not in (302, 303):
            raise Unseen(_p("tour", "a redirect after the form of %s") % path, told(answer))
        return answer


def told(answer: httpx.Response) -> str:
    """What a server answered, in a line."""
    try:
        problem = answer.json()
        said = f"{problem.get('code')}: {problem.get('detail') or problem.get('title')} {problem.get('errors') or ''}"
    except (ValueError, AttributeError):
        said = " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())[:200]
    return f"{answer.status_code} {said.strip()}"


def until(look: Callable[[], Any], holds: Callable[[Any], object], expected: str, within: float) -> Any:
    """Look again and again until it holds; gives what was seen last.

    Raises:
        Unseen: not ``within`` so many seconds.
    """
    deadline = time.monotonic() + within
    while True:
        found = look()
        if holds(found):
            return found
        if time.monotonic() > deadline:
            raise Unseen(f"{expected} ({within:.0f} s)", found)
        time.sleep(0.2)
