"""What a seat costs and takes, without a database."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import NOW
from wanku.kernel.refusal import Refusal
from wanku.kinds.kind import Choice
from wanku.kinds.pick import Pick
from wanku.kinds.seat.kind import Seat, SeatChoice
from wanku.kinds.seat.rules import CabinData, Facts, Journey, check_journey, check_moments, check_table
from wanku.kinds.seat.states import CANCELLED, OPEN
from wanku.kinds.seat.tests.world import CARDS, STARTS, TABLE, facts, leaving, party
from wanku.kinds.seat.travellers import Travellers

SEAT = Seat()


@dataclass(frozen=True)
class Offered:
    """A variant on offer."""

    facts: Facts
    variant_id: int = 7
    product_id: int = 3
    merchant_id: int = 1
    title: str = "上海—东京"
    price: int = 68000
    currency: str = "CNY"


def pick(known: Facts, *, departure: int = 5, quantity: int = 2, now: Any = NOW) -> Pick:
    """The pick of a wish."""
    return SEAT.pick(Offered(known), SeatChoice(departure=departure), quantity, now=now)


@given(quantity=st.integers(1, 999), price=st.none() | st.integers(1, 10**9))
def test_price_demand_and_moments(quantity: int, price: int | None) -> None:
    found = pick(facts(leaving(price=price)), quantity=quantity)
    assert found.unit_price == (price or 68000) == sum(part.amount for part in found.parts)
    [way] = found.ways
    assert way.demand == {"seat:5:7": quantity}
    assert way.choice["departure"] == 5 and way.choice["meeting_point"] == "T2"
    assert (found.starts_at, found.ends_at, found.together) == (STARTS, STARTS + timedelta(hours=3), 5)
    assert found.terms == {"cancellation": TABLE, "zone": "Asia/Shanghai"}


def test_a_departure_that_is_not_sure_says_so_and_a_sure_one_does_not() -> None:
    decide_at = STARTS - timedelta(days=3)
    unsure = pick(facts(leaving(state=OPEN, minimum=8, decide_at=decide_at)))
    assert unsure.terms["minimum"] == 8 and unsure.terms["decide_at"] == decide_at.isoformat()
    with translation.override("en"):
        labels = {fact.label: fact.value for fact in SEAT.describe(unsure.ways[0].choice)}
    assert "8 travellers or more" in labels["Minimum group"] and "paid back in full" in labels["Minimum group"]
    sure = pick(facts(leaving(minimum=8, decide_at=decide_at)))
    assert "minimum" not in sure.terms
    with translation.override("en"):
        assert "Minimum group" not in {fact.label for fact in SEAT.describe(sure.ways[0].choice)}


@pytest.mark.parametrize(
    ("known", "departure", "code"),
    [
        (facts(), 5, "no_departure"),
        (facts(leaving()), 6, "not_aboard"),
        (facts(leaving(state=CANCELLED)), 5, "departure_cancelled"),
        (facts(leaving(sale_until=NOW)), 5, "sale_over"),
        (facts(leaving(starts_at=NOW)), 5, "no_departure"),
    ],
    ids=["none", "another", "cancelled", "sale over", "left"],
)
def test_refusals(known: Facts, departure: int, code: str) -> None:
    with pytest.raises(Refusal) as no:
        pick(known, departure=departure)
    assert (no.value.code.name, no.value.field) == (code, "choice.departure")


def test_it_is_on_sale_to_the_last_moment() -> None:
    known = facts(leaving())
    until = STARTS - timedelta(hours=2)
    assert pick(known, now=until - timedelta(microseconds=1)).unit_price == 68000
    with pytest.raises(Refusal):
        pick(known, now=until)


def test_words_on_the_clocks_of_the_places() -> None:
    choice = pick(facts(leaving())).ways[0].choice
    with translation.override("en"):
        told = {fact.label: fact.value for fact in SEAT.describe(choice)}
        assert told["Journey"] == "上海 → 东京"
        # Noon less two hours in Shanghai, plus three hours and one zone in Tokyo.
        assert told["Leaves"] == "Fri 11 Dec 2026 10:00 (UTC+8)"
        assert told["Arrives"] == "Fri 11 Dec 2026 14:00 (UTC+9)"
        assert SEAT.brief(choice) == "上海 → 东京 · Fri 11 Dec 2026 10:00"
        assert SEAT.explain("fare_of_day", {"day": "2026-12-11"}) == "Fare on Fri 11 Dec 2026"
        assert SEAT.describe({"departure": 5}) and SEAT.brief({"departure": 5}) == ""


def test_what_was_frozen_can_be_asked_for_again() -> None:
    choice = pick(facts(leaving())).ways[0].choice
    assert SeatChoice.model_validate(SEAT.asked(choice)) == SeatChoice(departure=5)


def details(people: list[dict[str, str]]) -> Choice:
    """Typed travellers."""
    return Travellers.model_validate({"travellers": people})


def test_travellers_are_checked_against_the_departure() -> None:
    choice = pick(facts(leaving())).ways[0].choice
    SEAT.check_details(choice, 2, details(party(*CARDS[:2])))
    with pytest.raises(Refusal) as no:
        SEAT.check_details(choice, 2, details(party(CARDS[0])))
    assert no.value.field == "details.travellers"
    SEAT.check_details({**choice, "real_name": False}, 1, details([{"name": "王小明"}]))
    with pytest.raises(Refusal):
        SEAT.check_details(choice, 1, details([{"name": "王小明"}]))


GOOD = Journey("上海", "东京", "Asia/Shanghai", "Asia/Tokyo", (CabinData(7, 10),))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"origin": " "}, "origin"),
        ({"destination": "x" * 41}, "destination"),
        ({"meeting_point": "x" * 121}, "meeting_point"),
        ({"zone_from": "Asia/Nowhere"}, "zone_from"),
        ({"sale_hours": -1}, "sale_hours"),
        ({"decide_hours": 2161}, "decide_hours"),
        ({"minimum": 0}, "minimum"),
        ({"minimum": 11}, "minimum"),
        ({"cabins": ()}, "cabins"),
        ({"cabins": (CabinData(7, -1),)}, "cabins.7.seats"),
        ({"cabins": (CabinData(7, 5, 0),)}, "cabins.7.price"),
    ],
)
def test_what_is_wrong_with_a_journey(change: dict[str, Any], field: str) -> None:
    told = Journey(**{**{name: getattr(GOOD, name) for name in GOOD.__slots__}, **change})
    assert field in [no.field for no in check_journey(told)]
    assert check_journey(GOOD) == []


def test_moments_lie_ahead_and_in_order() -> None:
    hour = timedelta(hours=1)
    assert check_moments(STARTS, STARTS + hour, now=NOW) == []
    assert [no.field for no in check_moments(NOW, NOW + hour, now=NOW)] == ["starts"]
    assert [no.field for no in check_moments(NOW + timedelta(days=731), STARTS, now=NOW)] == ["starts"]
    assert [no.field for no in check_moments(STARTS, STARTS, now=NOW)] == ["ends"]


def test_tables_of_notice() -> None:
    assert check_table(list(reversed(TABLE))) == TABLE
    for wrong in (
        [{"hours": 48, "bp": 5000}, {"hours": 4, "bp": 4000}],
        [{"hours": 4, "bp": 0}, {"hours": 4, "bp": 100}],
        [{"hours": -1, "bp": 0}],
        [{"hours": 1, "bp": 10_001}],
        [{"hours": n, "bp": 0} for n in range(9)],
    ):
        with pytest.raises(Refusal):
            check_table(wrong)
