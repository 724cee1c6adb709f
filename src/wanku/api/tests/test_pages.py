"""The reference and the page of keys."""

import re
from typing import Any

import pytest
from django.test import Client

from tests.cast import PASSWORD, Shop
from wanku.access.models import ApiKey
from wanku.api.tests.caller import Api
from wanku.people.models import Person

pytestmark = pytest.mark.django_db


def test_the_reference_names_every_operation(client: Client, anybody: Api, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        page = client.get("/api/docs").content.decode()
    for path, item in anybody.get("/openapi.json").json()["paths"].items():
        assert path in page
        for operation in item.values():
            assert f'id="{operation["operationId"]}"' in page
    assert 'id="problem-price_changed"' in page
    targets = set(re.findall(r'href="#([^"]+)"', page))
    assert targets <= set(re.findall(r'id="([^"]+)"', page)) | {"main"}
    assert "<script>" not in page
    assert " style=" not in page


@pytest.fixture
def ann_page(client: Client, ann: Person) -> Client:
    """Ann's browser."""
    assert client.login(email=ann.email, password=PASSWORD)
    return client


def test_keys_need_somebody(client: Client) -> None:
    assert client.get("/api/keys/").status_code == 302
    assert client.post("/api/keys/1/revoke").status_code == 302


def test_make_and_revoke(ann_page: Client) -> None:
    page = ann_page.post("/api/keys/", {"name": "books", "scopes": ["trades.see"]})
    secret = re.search(r"wk_[\w-]{30,}", page.content.decode())
    assert secret is not None
    assert page["Cache-Control"] == "no-store"
    assert Api({"Authorization": f"Bearer {secret[0]}"}).get("/trades").status_code == 200
    assert secret[0] not in ann_page.get("/api/keys/").content.decode()
    key = ApiKey.objects.get()
    assert ann_page.post(f"/api/keys/{key.pk}/revoke").status_code == 302
    assert Api({"Authorization": f"Bearer {secret[0]}"}).get("/trades").status_code == 401


def test_what_was_typed_is_kept(ann_page: Client) -> None:
    page = ann_page.post("/api/keys/", {"name": "books", "scopes": ["orders.see"]})
    assert page.status_code == 422
    assert 'value="books"' in page.content.decode()
    assert ann_page.post("/api/keys/", {"name": "b", "scopes": ["trades.see"], "merchant": "bo"}).status_code == 404
    assert not ApiKey.objects.exists()


def test_an_owner_makes_a_key_for_the_desk(client: Client, bo: Shop) -> None:
    client.login(email=bo.owner.email, password=PASSWORD)
    assert "Bo 茶行" in client.get("/api/keys/").content.decode()
    client.post("/api/keys/", {"name": "erp", "merchant": "bo", "scopes": ["orders.see"]})
    assert ApiKey.objects.get().merchant_id == bo.merchant.pk


def test_somebody_elses_key(ann_page: Client, bo_api: Api) -> None:
    key = ApiKey.objects.get()
    assert ann_page.post(f"/api/keys/{key.pk}/revoke").status_code == 404
    assert ApiKey.objects.filter(revoked_at=None).exists()
