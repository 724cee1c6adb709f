"""The answer to a placed order is made from the rows that were written, and says what a reading says."""

import asyncio
import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tests.asgi import ask, scope_of
from tests.cast import Shop, product_of, variant_of
from wanku.api import rush
from wanku.api.tests.shopping import body_of
from wanku.catalog.models import Product
from wanku.orders.models import Trade

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("gathered")]
JSON = "application/json"


@pytest.mark.parametrize("door", ["django", "loop"])
def test_the_answer_is_what_a_reading_says(
    door: str, tea: Product, bo: Shop, cy: Shop, guest: dict[str, str], client: Client
) -> None:
    gift = product_of(bo.merchant, add_ons=[("gift", 500)], stock=50)
    gift.pictures.create(picture_id=uuid4())
    bag = product_of(cy.merchant, prices=(12_000,), stock=50)
    lines = [
        {"variant_id": variant_of(bag).pk, "quantity": 1},
        {"variant_id": variant_of(gift).pk, "quantity": 2, "add_ons": [gift.add_ons.get().pk]},
        {"variant_id": variant_of(tea).pk, "quantity": 1},
    ]
    total = 2 * 10_400 + 12_000 + variant_of(tea).price
    body = body_of(tea, lines=lines, agreed_total=total, notes=[{"merchant": "bo", "text": "请轻放"}])
    headers = {**guest, "Content-Type": JSON, "Idempotency-Key": "key-00000001"}

    def order() -> tuple[int, Any, str | None]:
        if door == "django":
            sent = {name: value for name, value in headers.items() if name != "Content-Type"}
            said = client.post(rush.WHOLE, json.dumps(body), content_type=JSON, headers=sent)
            return said.status_code, said.json(), said.headers.get("Idempotency-Replayed")
        answer = asyncio.run(ask(rush.rush, scope_of("POST", rush.WHOLE, headers), [json.dumps(body).encode()]))
        return answer.status, answer.json(), answer.header("Idempotency-Replayed")

    status, whole, replayed = order()
    assert (status, replayed, len(whole["orders"])) == (201, None, 2)
    assert any(line["picture"] for part in whole["orders"] for line in part["lines"])
    assert whole == client.get(f"/api/v1/trades/{whole['number']}", headers=guest).json()
    assert order() == (201, whole, "true")
    assert Trade.objects.count() == 1


def test_its_address_is_that_of_the_operation() -> None:
    assert reverse("api-v1:create_order") == rush.WHOLE
