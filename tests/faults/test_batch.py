"""What happens inside one batch: a request that the database cannot bear, and more people than may wait.

The rush door and the gather run in this process, so that a test knows who waits; the database is the real one.
"""

import asyncio
import json
import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import connection, connections
from django.test import Client

from tests.asgi import Answer, ask, scope_of
from tests.at_once import at_once, fail_together
from tests.cast import Shop, product_of, supply_of, variant_of
from tests.faults.crowd import REST, RUSH, WAITING_FOR_A_LOCK, Buyer, locked, until
from wanku.api.rush import rush
from wanku.flows.buying.place_order import GATHERED
from wanku.kernel.gather import Gather
from wanku.orders.models import Trade

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault]
PATIENCE_SECONDS = 20.0
POISON = """
CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN IF NEW.contact_name = 'Poison' THEN RAISE EXCEPTION 'poison'; END IF; RETURN NEW; END $$;
CREATE TRIGGER poison BEFORE INSERT ON orders_trade FOR EACH ROW EXECUTE FUNCTION poison();
"""
CURE = "DROP TRIGGER IF EXISTS poison ON orders_trade; DROP FUNCTION IF EXISTS poison()"


@pytest.fixture(autouse=True)
def _gathered(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The process serves."""
    monkeypatch.setitem(connections["default"].settings_dict, "CONN_MAX_AGE", 0)
    GATHERED.open()
    yield
    GATHERED.close()


@pytest.fixture
def poison() -> Iterator[None]:
    """The database fails for buyers of one name."""
    with connection.cursor() as cursor:
        cursor.execute(CURE)
        cursor.execute(POISON)
    yield
    with connection.cursor() as cursor:
        cursor.execute(CURE)


async def _order(buyer: Buyer) -> Answer:
    headers = {**buyer.headers, "Content-Type": "application/json"}
    return await ask(rush, scope_of("POST", RUSH, headers), [json.dumps(buyer.body).encode()])


async def _all(buyers: Sequence[Buyer]) -> list[Answer]:
    return list(await asyncio.gather(*map(_order, buyers)))


def in_one_batch(buyers: Sequence[Buyer], meanwhile: Callable[[], None] = lambda: None) -> list[Answer]:
    """The first is at work and held, `meanwhile`; all others join the next batch, in their order."""
    with ThreadPoolExecutor(2) as pool:
        with locked(buyers[0].variant):
            first = pool.submit(asyncio.run, _order(buyers[0]))
            until(1, WAITING_FOR_A_LOCK)
            others = pool.submit(asyncio.run, _all(buyers[1:]))
            waiting(len(buyers) - 1)
            meanwhile()
        return [first.result(PATIENCE_SECONDS), *others.result(PATIENCE_SECONDS)]


def waiting(count: int) -> None:
    """Until so many wait. Nobody tells when a caller has joined, so the queue is looked at."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while len(GATHERED._waiting) != count:
        assert time.monotonic() < deadline, len(GATHERED._waiting)
        time.sleep(0.005)


def told(answers: Sequence[Answer]) -> Counter[str]:
    return Counter(f"{answer.status} {answer.json().get('code', '')}".strip() for answer in answers)


def test_a_poison_request_fails_alone(bo: Shop, poison: None, caplog: pytest.LogCaptureFixture) -> None:
    variant = variant_of(product_of(bo.merchant, stock=50))
    buyers = [Buyer(variant, name="Poison" if n == 7 else "Ann") for n in range(16)]
    with caplog.at_level(logging.ERROR):
        answers = in_one_batch(buyers)
    assert [answer.status for answer in answers] == [500 if n == 7 else 201 for n in range(16)]
    problem = answers[7].json()
    assert (problem["code"], "poison" in json.dumps(problem).lower()) == ("internal", False)
    assert any(record.exc_info and record.levelno == logging.ERROR for record in caplog.records)
    assert set(Trade.objects.values_list("contact_name", flat=True)) == {"Ann"}
    assert Trade.objects.count() == 15 == supply_of(variant).held


def test_control_without_being_tried_alone_all_fail(bo: Shop, poison: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Gather, "_serve", fail_together)
    variant = variant_of(product_of(bo.merchant, stock=50))
    answers = in_one_batch([Buyer(variant, name="Poison" if n == 7 else "Ann") for n in range(16)])
    assert told(answers) == {"201": 1, "500 internal": 15}
    assert Trade.objects.count() == 1 == supply_of(variant).held


def test_beyond_the_queue_it_is_503_at_once_and_recovers(bo: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those beyond are answered while the batch before them is held: nobody waits for a lock to hear "busy"."""
    monkeypatch.setattr(GATHERED, "_waiting_max", 8)
    variant = variant_of(product_of(bo.merchant, stock=50))
    inside, beyond = [Buyer(variant) for _ in range(9)], [Buyer(variant) for _ in range(6)]
    refused: list[Answer] = []
    rest: list[tuple[int, str | None] | Exception] = []

    def more_come() -> None:
        refused.extend(asyncio.run(_all(beyond[:3])))
        rest.extend(at_once(*[partial(at_rest, buyer) for buyer in beyond[3:]]))

    placed = in_one_batch(inside, more_come)
    assert told(placed) == {"201": 9} and told(refused) == {"503 busy": 3}
    assert {answer.header("Retry-After") for answer in refused} == {"1"}
    assert rest == [(503, "1")] * 3
    assert not Trade.objects.filter(request_key__in=[buyer.key for buyer in beyond]).exists()
    assert Trade.objects.count() == 9 == supply_of(variant).held
    again = asyncio.run(_all(beyond))
    assert told(again) == {"201": 6} and not any(answer.json()["repeated"] for answer in again)
    assert Trade.objects.count() == 15 == supply_of(variant).held


def at_rest(buyer: Buyer) -> tuple[int, str | None]:
    """Status and when to come again, at the REST API."""
    client = Client(raise_request_exception=False)
    answer = client.post(REST, json.dumps(buyer.body), content_type="application/json", headers=buyer.headers)
    return answer.status_code, answer.headers.get("Retry-After")


def test_order_of_arrival_decides_inside_a_batch(bo: Shop) -> None:
    variant = variant_of(product_of(bo.merchant, stock=5))
    answers = in_one_batch([Buyer(variant) for _ in range(12)])
    assert [answer.status for answer in answers] == [201] * 5 + [409] * 7
    assert told(answers[5:]) == {"409 sold_out": 7}
    assert Trade.objects.count() == 5 == supply_of(variant).held
