"""Alive and ready are two questions."""

import pytest
from django.db import OperationalError, connection
from django.test import Client


def test_alive_touches_no_database(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_ready_asks_the_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.get("/readyz").status_code == 200

    def down() -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(connection, "cursor", down)
    assert client.get("/readyz").status_code == 503
