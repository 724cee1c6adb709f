"""Two hundred buyers for the last fifty pieces, through the rush doors of two real processes at once."""

from collections.abc import Iterator
from functools import partial

import pytest
from django.db import connection

from tests.cast import Shop, product_of, supply_of, variant_of
from tests.faults.crowd import REST, RUSH, Buyer, Said, outcomes, together
from tests.served import Served, two
from wanku.orders.models import Trade

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault, pytest.mark.slow]
BUYERS, PIECES = 200, 50
BROKEN = "tests.faults.broken:application"


@pytest.fixture(scope="module")
def doors(django_db_setup: None) -> Iterator[tuple[Served, Served]]:
    """Two processes for the tests that leave them whole."""
    with two() as pair:
        yield pair


def rush(doors: tuple[Served, Served], buyers: list[Buyer], path: str = RUSH) -> list[Said]:
    """Everybody at once, every other one at the other process."""
    return together([partial(buyer.order, doors[n % 2].port, path) for n, buyer in enumerate(buyers)])


@pytest.mark.parametrize("path", [RUSH, REST])
def test_fifty_are_sold_none_over_and_refusals_are_typed(bo: Shop, doors: tuple[Served, Served], path: str) -> None:
    variant = variant_of(product_of(bo.merchant, stock=PIECES))
    answers = rush(doors, [Buyer(variant) for _ in range(BUYERS)], path)
    assert outcomes(answers) == {"placed": PIECES, "409 sold_out": BUYERS - PIECES}
    supply = supply_of(variant)
    assert (supply.free, supply.held, supply.put_in, Trade.objects.count()) == (0, PIECES, PIECES, PIECES)


def test_control_without_the_lock_it_oversells(bo: Shop) -> None:
    """Lock off and the CHECK of the database off: the same rush sells what is not there."""
    variant = variant_of(product_of(bo.merchant, stock=PIECES))
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE inventory_supply DROP CONSTRAINT supply_free_not_negative")
    try:
        with two(BROKEN, WANKU_TEST_FAULT="unlocked") as doors:
            rush(doors, [Buyer(variant, quantity=PIECES) for _ in range(2)])
        assert supply_of(variant).free < 0, "nobody raced, so the test above proves nothing"
    finally:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE inventory_supply SET put_in = put_in - free, free = 0 WHERE free < 0")
            cursor.execute("ALTER TABLE inventory_supply ADD CONSTRAINT supply_free_not_negative CHECK (free >= 0)")


def test_double_submits_make_one_order_per_key(bo: Shop, doors: tuple[Served, Served]) -> None:
    """The same key at both processes in the same moment."""
    variant = variant_of(product_of(bo.merchant, stock=BUYERS))
    buyers = [Buyer(variant) for _ in range(BUYERS // 2)]
    answers = rush(doors, [buyer for buyer in buyers for _ in range(2)])
    assert outcomes(answers) == {"placed": BUYERS}
    pairs = [(answers[n].body, answers[n + 1].body) for n in range(0, BUYERS, 2)]
    assert all(one["number"] == other["number"] for one, other in pairs)
    assert all(sorted((one["repeated"], other["repeated"])) == [False, True] for one, other in pairs)
    assert Trade.objects.count() == BUYERS // 2 == supply_of(variant).held


def test_one_key_a_hundred_times_in_flight_is_one_order(bo: Shop, doors: tuple[Served, Served]) -> None:
    variant = variant_of(product_of(bo.merchant, stock=BUYERS))
    answers = rush(doors, [Buyer(variant)] * 100)
    assert outcomes(answers) == {"placed": 100}
    assert sum(not answer.body["repeated"] for answer in answers) == 1
    assert len({answer.body["number"] for answer in answers}) == 1
    assert Trade.objects.count() == 1 == supply_of(variant).held


def test_control_without_a_second_look_the_race_of_keys_appears(bo: Shop) -> None:
    """Twins in two processes meet between looking for their key and writing it; only the database holds them back."""
    variant = variant_of(product_of(bo.merchant, stock=BUYERS))
    with two(BROKEN, WANKU_TEST_FAULT="no_second_look") as doors:
        answers = rush(doors, [Buyer(variant)] * 2)
    assert outcomes(answers) == {"placed": 1, "500 internal": 1}, "nobody raced"
    assert Trade.objects.count() == 1 == supply_of(variant).held


def test_another_body_under_a_key_in_flight_is_refused(bo: Shop, doors: tuple[Served, Served]) -> None:
    """Whoever comes first is placed, with all its copies; the other body never is."""
    variant = variant_of(product_of(bo.merchant, stock=BUYERS))
    one = Buyer(variant)
    other = Buyer(variant, one.key, one.token, quantity=2)
    answers = rush(doors, [one, one, other, other] * 10)
    assert outcomes(answers) == {"placed": 20, "422 request_key_reused": 20}
    trade = Trade.objects.get()
    assert {answer.body["number"] for answer in answers if answer.status == 201} == {trade.number}
    assert trade.amount == supply_of(variant).held * variant.price
