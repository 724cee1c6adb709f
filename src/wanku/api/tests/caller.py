"""Programs that call the API, for tests."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from tests.cast import NOW
from wanku.access.issue_key import issue_key
from wanku.people.models import Person


@dataclass(slots=True)
class Api:
    """A caller of the API."""

    headers: dict[str, str]
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """One request; header names are written with underscores."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.generic(
            method,
            f"/api/v1{path}",
            data="" if body is None else json.dumps(body),
            content_type="application/json",
            headers={"Accept-Language": "en", **self.headers, **named},
        )

    def get(self, path: str, **headers: str) -> Any:
        """Read."""
        return self("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        """Create or act."""
        return self("POST", path, body, **headers)


def key_of(person: Person, *scopes: str, merchant_id: int | None = None) -> Api:
    """A program with a key."""
    _, secret = issue_key(person_id=person.pk, merchant_id=merchant_id, name="test", scopes=scopes, now=NOW)
    return Api({"Authorization": f"Bearer {secret}"})


def assert_problem(answer: Any, status: int, code: str, *fields: str) -> dict[str, Any]:
    """The answer is that problem, with errors at those fields; returns it."""
    assert answer.status_code == status, answer.content.decode()
    assert answer["Content-Type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    assert problem["status"] == status
    assert problem["code"] == code, problem
    assert problem["detail"]
    for name in fields:
        assert name in [error["field"] for error in problem["errors"]], problem
    return problem


def pages(api: Api, path: str) -> list[dict[str, Any]]:
    """Every entry of a list, page after page."""
    mark = "&" if "?" in path else "?"
    items: list[dict[str, Any]] = []
    page = api.get(path).json()
    items += page["items"]
    for _ in range(100):
        if page["next_cursor"] is None:
            return items
        page = api.get(f"{path}{mark}cursor={page['next_cursor']}").json()
        items += page["items"]
    raise AssertionError(f"{path} never ends")
