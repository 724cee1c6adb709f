"""What a crowd found sold out is answered from memory for a moment, and never what a single buyer wants."""

import pytest

from wanku.inventory.gone import CROWD, TRUST_SECONDS, Gone


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    moment = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: moment[0])
    return moment


def test_few_refusals_are_answered_by_the_counter(clock: list[float]) -> None:
    board = Gone()
    board.learn({1: 0}, {1: CROWD - 1})
    assert board.among([1]) == set()
    board.learn({1: 0}, {1: 1})
    assert board.among([1, 2]) == {1}


def test_memory_is_trusted_for_a_second_and_then_somebody_looks(clock: list[float]) -> None:
    board = Gone()
    board.learn({1: 0}, {1: CROWD})
    clock[0] += TRUST_SECONDS - 0.01
    assert board.among([1]) == {1}
    clock[0] += 0.01
    assert board.among([1]) == set()
    board.learn({1: 0}, {1: 1})
    assert board.among([1]) == {1}, "the crowd is still there"


def test_what_came_back_is_on_offer_at_once(clock: list[float]) -> None:
    board = Gone()
    board.learn({1: 0, 2: 0}, {1: CROWD, 2: CROWD})
    board.learn({1: 3}, {})
    assert board.among([1, 2]) == {2}
    board.forget()
    assert board.among([1, 2]) == set()


def test_empty_counters_that_nobody_missed_are_not_remembered(clock: list[float]) -> None:
    board = Gone()
    for _ in range(3):
        board.learn({1: 0}, {2: CROWD})
    assert board.among([1, 2]) == set()
