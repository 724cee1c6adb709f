"""Numbers that people can read out and mistype."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from wanku.kernel.ids import clean_number, new_id, new_number, spaced

AT = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)


def test_a_number_carries_the_day_in_china() -> None:
    number = new_number(AT)
    assert len(number) == 17 and number.startswith("261121")
    assert clean_number(spaced(number)) == number == clean_number(f"  {number[:5]} {number[5:]}")


@given(st.integers(0, 16), st.integers(1, 9))
def test_every_single_wrong_digit_is_caught(place: int, by: int) -> None:
    number = new_number(AT)
    wrong = number[:place] + str((int(number[place]) + by) % 10) + number[place + 1 :]
    assert clean_number(wrong) is None


@given(st.integers(0, 15))
def test_every_swap_of_neighbours_is_caught(place: int) -> None:
    number = new_number(AT)
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert (clean_number(swapped) is None) == (swapped != number)


def test_junk_is_no_number() -> None:
    for junk in ("", "abc", "1" * 17 + "2", "１２３４５６７８９０１２３４５６７"):
        assert clean_number(junk) is None


def test_ids_sort_by_time() -> None:
    ids = [new_id() for _ in range(100)]
    assert ids == sorted(ids) and len(set(ids)) == 100
