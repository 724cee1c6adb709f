"""Pictures over HTTP: public ones for ever, private ones only to their owner."""

import io
import uuid
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client
from PIL import Image
from pytest_django import DjangoAssertNumQueries, Settings

from wanku.files.accept import accept_picture
from wanku.files.queries import picture_srcset, picture_url
from wanku.people.models import Person

NOW = datetime(2026, 5, 1, 4, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def stored(*, owner: str = "merchant:1", is_public: bool = True) -> uuid.UUID:
    out = io.BytesIO()
    Image.new("RGB", (500, 500), "red").save(out, "PNG")
    return accept_picture(out.getvalue(), owner=owner, is_public=is_public, now=NOW).pk


def test_a_public_picture_is_kept_for_ever_and_never_guessed_at(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    address = picture_url(stored(), 480)
    with django_assert_num_queries(1):
        response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "image/webp"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert not response.cookies
    assert response.getvalue()[:4] == b"RIFF"


def test_any_width_is_answered_with_the_nearest(client: Client) -> None:
    key = stored()
    for part in picture_srcset(key).split(", "):
        assert client.get(part.split()[0]).status_code == 200
    assert client.get(picture_url(key, 9999)).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/media/p/ab/49649c106e6e47d8b28cd9dad90acdb7-480.webp",
        "/media/p/ab/../../etc/passwd-480.webp",
        "/media/p/ab/short-480.webp",
        "/media/p/",
        "/media/p/ab/2d278996434b459cb08f77c0cfb8919f-480.html",
    ],
)
def test_unknown_names_are_not_found(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_a_private_picture_is_for_its_owner_alone(client: Client) -> None:
    ann = Person.objects.create_user(email="ann@example.com", password="x")
    eve = Person.objects.create_user(email="eve@example.com", password="x")
    address = picture_url(stored(owner=f"person:{ann.pk}", is_public=False), 480)
    assert client.get(address).status_code == 404
    client.force_login(eve)
    assert client.get(address).status_code == 404
    client.force_login(ann)
    response = client.get(address)
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"


def test_a_lost_file_is_not_found(client: Client, tmp_path: Path) -> None:
    address = picture_url(stored(), 480)
    for file in tmp_path.rglob("*.webp"):
        file.unlink()
    assert client.get(address).status_code == 404


def test_only_reading(client: Client) -> None:
    assert client.post(picture_url(stored(), 480)).status_code == 405
