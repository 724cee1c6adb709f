"""``kill -9`` of a door: what it acknowledged is stored, supplies add up, and the same key gives one order."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from http.client import HTTPException

import pytest
from django.db import connection
from django.db.models import F, Sum

from tests.bought import opened, placed
from tests.cast import Shop, product_of, supply_of, variant_of
from tests.faults.crowd import WAITING_FOR_A_LOCK, Buyer, Said, locked, outcomes, post, together, until
from tests.sale import notice
from tests.served import FRONT, Served, served, two
from wanku.access.actor import Actor
from wanku.catalog.models import Variant
from wanku.inventory.models import Supply
from wanku.ledger.models import Entry
from wanku.orders.models import Order, Trade
from wanku.payments.gateways.sandbox.signing import HEADER, sign
from wanku.payments.models import Attempt, ChannelEvent

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault, pytest.mark.slow]
BUYERS, EACH = 64, 5
SILENT = "tests.faults.broken:application"


def unanswered(buyer: Buyer, port: int) -> Said | None:
    """Order once; None when the connection breaks."""
    try:
        return buyer.order(port)
    except (OSError, HTTPException):
        return None


def check(variants: list[Variant], pieces: int) -> None:
    """I5 for each supply, against what the orders took."""
    assert not Supply.objects.exclude(put_in=F("free") + F("held") + F("sold")).exists()
    assert sum(supply_of(variant).held for variant in variants) == pieces
    assert Trade.objects.count() == pieces == Order.objects.count()


def test_under_load_nothing_acknowledged_is_lost(bo: Shop) -> None:
    variants = [variant_of(product_of(bo.merchant, stock=1_000)) for _ in range(8)]
    acknowledged: dict[str, set[str]] = {}

    def shop(first: int) -> None:
        for n in range(EACH):
            buyer = Buyer(variants[(first + n) % len(variants)])
            said = buyer.insist(server.port)
            assert said.outcome == "placed", said
            acknowledged.setdefault(buyer.key, set()).add(said.body["number"])

    def killer() -> None:
        until(BUYERS, "SELECT count(*) FROM orders_trade")
        server.kill()
        known = {number for numbers in list(acknowledged.values()) for number in numbers}
        assert known <= set(Trade.objects.values_list("number", flat=True))
        server.start()
        connection.close()

    with served() as server:
        calls: list[Callable[[], None]] = [killer, *(partial(shop, n) for n in range(BUYERS))]
        together(calls)
    assert {trade.request_key: {trade.number} for trade in Trade.objects.all()} == acknowledged
    check(variants, BUYERS * EACH)


def test_death_before_and_after_the_commit(bo: Shop) -> None:
    """Both moments that a batch has, each certain: it has begun and not written; it is stored and nobody was told."""
    variant = variant_of(product_of(bo.merchant, stock=1_000))
    first, second = ([Buyer(variant) for _ in range(16)] for _ in range(2))
    with served(WANKU_TEST_FAULT="silent") as server, ThreadPoolExecutor(16) as pool:
        with locked(variant):
            asked = [pool.submit(unanswered, buyer, server.port) for buyer in first]
            until(1, WAITING_FOR_A_LOCK)
            server.kill()
        assert [each.result() for each in asked] == [None] * 16
        check([variant], 0)
        server.target = SILENT
        server.start()
        asked = [pool.submit(unanswered, buyer, server.port) for buyer in second]
        until(1, "SELECT count(*) FROM orders_trade")
        server.kill()
        assert [each.result() for each in asked] == [None] * 16
        stored = {trade.request_key: trade.number for trade in Trade.objects.all()}
        check([variant], len(stored))
        server.target = FRONT
        server.start()
        answers = together([partial(buyer.order, server.port) for buyer in first + second])
    assert outcomes(answers) == {"placed": 32}
    repeated = {buyer.key: said.body["repeated"] for buyer, said in zip(first + second, answers, strict=True)}
    assert {key for key, was in repeated.items() if was} == stored.keys()
    numbers = {buyer.key: said.body["number"] for buyer, said in zip(first + second, answers, strict=True)}
    assert stored.items() <= numbers.items()
    assert set(numbers.values()) == set(Trade.objects.values_list("number", flat=True))
    check([variant], 32)


def told(server: Served, attempt: Attempt) -> int:
    """Tell a door of a payment; 0 when the connection breaks."""
    body = notice(attempt.number, amount=attempt.amount, event_id=f"E-{attempt.number}")
    try:
        return post(server.port, "/hooks/payments/sandbox", body, {HEADER: sign(body, datetime.now(UTC))}).status
    except (OSError, HTTPException):
        return 0


def test_one_notice_a_hundred_times_at_two_doors_has_one_effect(bo: Shop, ann_actor: Actor) -> None:
    tea = product_of(bo.merchant)
    attempt = opened(placed(ann_actor, (tea, 1)))
    with two() as doors:
        answers = together([partial(told, doors[n % 2], attempt) for n in range(100)])
    assert answers == [204] * 100
    assert Entry.objects.count() == 1 == ChannelEvent.objects.count()
    assert Trade.objects.get().state == "paid" and supply_of(variant_of(tea)).sold == 1


def test_captures_that_were_booked_and_never_answered_are_booked_once(bo: Shop, ann_actor: Actor) -> None:
    tea = product_of(bo.merchant, stock=50)
    attempts = [opened(placed(ann_actor, (tea, 1))) for _ in range(12)]
    with served(SILENT, WANKU_TEST_FAULT="silent") as server, ThreadPoolExecutor(12) as pool:
        asked = [pool.submit(told, server, attempt) for attempt in attempts]
        until(1, "SELECT count(*) FROM ledger_entry")
        server.kill()
        assert [each.result() for each in asked] == [0] * 12
        booked = Entry.objects.count()
        assert Attempt.objects.filter(state="captured").count() == booked == Trade.objects.filter(state="paid").count()
        server.target = FRONT
        server.start()
        for _ in range(2):
            assert together([partial(told, server, attempt) for attempt in attempts]) == [204] * 12
    assert Entry.objects.count() == 12 == ChannelEvent.objects.filter(outcome="applied").count()
    assert set(Trade.objects.values_list("state", flat=True)) == {"paid"}
    supply = supply_of(variant_of(tea))
    assert (supply.free, supply.held, supply.sold) == (38, 0, 12)
    assert not Entry.objects.annotate(rest=Sum("postings__amount")).exclude(rest=0).exists()
