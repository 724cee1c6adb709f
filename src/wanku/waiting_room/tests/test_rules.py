"""How many of those who wait may order, pure."""

import pytest

from wanku.waiting_room.rules import admissible, is_gone


@pytest.mark.parametrize(
    ("free", "passes", "waiting", "more"),
    [(20, 0, 200, 20), (20, 20, 180, 0), (20, 19, 180, 1), (20, 5, 3, 3), (0, 0, 9, 0), (3, 5, 9, 0), (5, 0, 0, 0)],
)
def test_one_pass_for_each_free_piece(free: int, passes: int, waiting: int, more: int) -> None:
    assert admissible(free=free, passes=passes, waiting=waiting) == more


def test_gone_means_that_nothing_can_come_back() -> None:
    assert is_gone(free=0, held=0)
    assert not is_gone(free=0, held=1)
    assert not is_gone(free=1, held=0)
