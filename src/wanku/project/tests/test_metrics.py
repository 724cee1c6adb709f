"""Counts, and who may see them."""

from typing import Any

import pytest
from django.test import Client

from wanku.project.metrics import door_of


@pytest.mark.django_db
def test_the_token_decides(client: Client, settings: Any) -> None:
    assert client.get("/metrics").status_code == 404
    settings.METRICS_TOKEN = "let-me-see"
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404
    client.get("/api/v1/nowhere")
    answer = client.get("/metrics", headers={"Authorization": "Bearer let-me-see"})
    assert answer.status_code == 200
    assert b'wanku_requests_total{door="api",method="GET",status="404"}' in answer.content


def test_labels_are_few() -> None:
    assert door_of("/api/v1/orders") == "api"
    assert door_of("/") == "storefront"
    assert door_of("/whatever/strangers/try") == "storefront"
