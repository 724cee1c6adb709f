"""Two hundred buyers for the last fifty pieces, over HTTP, against the real server."""

import threading
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from django.db import connection

from tests.cast import ADDRESS, Shop, product_of, supply_of, variant_of
from tests.served import Served, buy, served
from wanku.api.callers import new_token
from wanku.catalog.models import Variant
from wanku.orders.models import Order, Trade

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault, pytest.mark.slow]
BUYERS, PIECES = 200, 50


def body_of(variant: Variant) -> dict[str, Any]:
    return {
        "lines": [{"variant_id": variant.pk, "quantity": 1}],
        "contact": {"name": "Ann", "phone": "13800138000"},
        "address": ADDRESS,
        "agreed_total": variant.price,
    }


def rush(server: Served, variant: Variant, keys: list[str], retries: int = 0) -> list[httpx.Response]:
    """Everybody at once; the same key comes from the same guest."""
    tokens = {key: new_token(uuid.uuid4()) for key in keys}
    body = body_of(variant)
    with ThreadPoolExecutor(len(keys)) as pool:
        return list(pool.map(lambda key: buy(server.url, body, key, tokens[key], retries), keys))


def outcome(answer: httpx.Response) -> str:
    return "placed" if answer.status_code == 201 else f"{answer.status_code} {answer.json().get('code')}"


def test_fifty_are_sold_none_over_and_refusals_are_typed(bo: Shop) -> None:
    variant = variant_of(product_of(bo.merchant, stock=PIECES))
    with served(threads=16) as server:
        answers = rush(server, variant, [f"rush-{n:08d}" for n in range(BUYERS)])
    assert Counter(map(outcome, answers)) == {"placed": PIECES, "409 sold_out": BUYERS - PIECES}
    supply = supply_of(variant)
    assert (supply.free, supply.held, Trade.objects.count()) == (0, PIECES, PIECES)


def test_control_without_the_lock_it_oversells(bo: Shop) -> None:
    """Lock off and the CHECK of the database off: the same rush sells what is not there."""
    variant = variant_of(product_of(bo.merchant, stock=PIECES))
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE inventory_supply DROP CONSTRAINT supply_free_not_negative")
    try:
        with served("tests.faults.unlocked:application", threads=16) as server:
            rush(server, variant, [f"rush-{n:08d}" for n in range(BUYERS)])
        assert supply_of(variant).free < 0, "nobody raced, so the test above proves nothing"
    finally:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE inventory_supply SET put_in = put_in - free, free = 0 WHERE free < 0")
            cursor.execute("ALTER TABLE inventory_supply ADD CONSTRAINT supply_free_not_negative CHECK (free >= 0)")


def test_double_submits_make_one_order_per_key(bo: Shop) -> None:
    variant = variant_of(product_of(bo.merchant, stock=BUYERS))
    keys = [f"twice-{n // 2:08d}" for n in range(BUYERS)]
    with served(threads=16) as server:
        answers = rush(server, variant, keys)
    assert {outcome(a) for a in answers} == {"placed"}
    numbers = {key: {a.json()["number"] for k, a in zip(keys, answers, strict=True) if k == key} for key in keys}
    assert all(len(found) == 1 for found in numbers.values())
    assert Trade.objects.count() == BUYERS // 2 == supply_of(variant).held


def test_kill_9_in_the_middle_loses_nothing_that_was_acknowledged(bo: Shop) -> None:
    """I5 and I6: what was answered with 201 is stored, once per key, and the counters add up."""
    variant = variant_of(product_of(bo.merchant, stock=BUYERS))
    keys = [f"killed-{n:08d}" for n in range(BUYERS)]
    with served(threads=8) as server:

        def killer() -> None:
            while Trade.objects.count() < BUYERS // 5:
                time.sleep(0.005)
            server.kill()
            server.start()
            connection.close()

        thread = threading.Thread(target=killer)
        thread.start()
        answers = rush(server, variant, keys, retries=200)
        thread.join()
        assert {outcome(a) for a in answers} == {"placed"}
    acknowledged = {a.json()["number"] for a in answers}
    stored = set(Trade.objects.values_list("number", flat=True))
    assert acknowledged == stored and len(stored) == BUYERS
    supply = supply_of(variant)
    assert (supply.free, supply.held) == (0, BUYERS) and supply.put_in == BUYERS
    assert Order.objects.count() == BUYERS
