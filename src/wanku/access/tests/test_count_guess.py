"""Counting guesses."""

from datetime import timedelta

import pytest

from tests.cast import NOW
from wanku.access.count_guess import count_guess, guessed_too_often

HOUR = timedelta(hours=1)


def counted(subject: str, times: int) -> None:
    for _ in range(times):
        count_guess("door", subject, limit=3, per=HOUR, now=NOW)


@pytest.mark.django_db
def test_so_many_and_no_more() -> None:
    assert [count_guess("door", "ann", limit=2, per=HOUR, now=NOW) for _ in range(3)] == [None, None, NOW + HOUR]
    assert count_guess("door", "ann", limit=2, per=HOUR, now=NOW + HOUR) is None


@pytest.mark.django_db
def test_looking_counts_nothing() -> None:
    counted("ann", 2)
    assert [guessed_too_often("door", "ann", limit=3, per=HOUR, now=NOW) for _ in range(3)] == [None] * 3
    counted("ann", 1)
    assert guessed_too_often("door", "ann", limit=3, per=HOUR, now=NOW) == NOW + HOUR
    assert guessed_too_often("door", "ann", limit=3, per=HOUR, now=NOW + HOUR) is None
    for scope, subject in (("door", "bo"), ("window", "ann")):
        assert guessed_too_often(scope, subject, limit=3, per=HOUR, now=NOW) is None
