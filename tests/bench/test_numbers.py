"""The arithmetic behind every figure."""

from datetime import UTC, datetime

import pytest

from bench.flash import arrivals, fairness
from bench.growth import number
from bench.numbers import median, percentile, ratio, turns
from bench.paging import popular
from bench.pgbench import libpq, tps
from wanku.kernel.ids import clean_number

AT = datetime(2026, 11, 10, 20, 0, tzinfo=UTC)


@pytest.mark.parametrize(("share", "value"), [(0.0, 1), (0.5, 50), (0.99, 99), (1.0, 100)])
def test_a_percentile_is_a_value_that_was_measured(share: float, value: int) -> None:
    assert percentile([*range(100, 0, -1)], share) == value


def test_of_nothing_there_is_nothing() -> None:
    assert (percentile([], 0.5), median([]), ratio(3, 0)) == (0.0, 0.0, None)


def test_the_median_lies_in_the_middle() -> None:
    assert (median([9, 1, 5]), median([4, 1, 2, 3])) == (5, 2.5)


def test_sides_take_turns_and_nobody_always_begins() -> None:
    assert turns(3) == ["ours", "beside", "beside", "ours", "ours", "beside"]


def test_fair_is_who_came_first() -> None:
    assert (fairness([]), fairness([2, 0, 1]), fairness([0, 1, 2, 9])) == (1.0, 1.0, 0.75)


def test_a_crowd_arrives_in_order_within_its_time() -> None:
    times = arrivals(500, 3.0, 1)
    assert times == sorted(times) and len(times) == 500 and times[0] >= 0 and times[-1] < 3.0
    assert times == arrivals(500, 3.0, 1)


def test_the_first_pages_are_the_popular_ones() -> None:
    drawn = popular([b"a", b"b", b"c"], 1)
    assert drawn.count(b"a") > drawn.count(b"b") > drawn.count(b"c") > 0


def test_filled_numbers_are_like_real_ones_and_never_the_same() -> None:
    numbers = {number(index, AT) for index in range(5000)}
    assert len(numbers) == 5000
    assert all(clean_number(each) == each and each.startswith("261111") for each in numbers)


def test_the_rate_is_read_from_the_report_of_pgbench() -> None:
    report = ["number of failed transactions: 0 (0.000%)", "tps = 1234.567800 (without initial connection time)"]
    assert tps(report) == pytest.approx(1234.5678)
    with pytest.raises(ValueError, match="no tps"):
        tps(report[:1])


def test_a_password_reaches_libpq_by_its_environment() -> None:
    url = "postgresql://wanku:a%2Fb@/shop?host=%2Frun%2Fpg&port=5432"
    assert libpq(url) == {
        "PGHOST": "/run/pg",
        "PGPORT": "5432",
        "PGUSER": "wanku",
        "PGPASSWORD": "a/b",
        "PGDATABASE": "shop",
    }
