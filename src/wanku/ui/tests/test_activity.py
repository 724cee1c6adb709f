"""When a session was last used."""

from typing import Any

from allauth.usersessions.models import UserSession
from django.test import Client

from wanku.people.models import Person
from wanku.ui import activity


def test_written_now_and_then(client: Client, ann: Person, monkeypatch: Any) -> None:
    client.force_login(ann)
    client.get("/me/")
    first = UserSession.objects.get(user=ann).last_seen_at
    client.get("/me/")
    assert UserSession.objects.get(user=ann).last_seen_at == first
    monkeypatch.setattr(activity, "EVERY_SECONDS", -1)
    client.get("/me/")
    assert UserSession.objects.get(user=ann).last_seen_at > first
