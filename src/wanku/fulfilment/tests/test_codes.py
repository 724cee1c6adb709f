"""The code that a buyer shows."""

from hypothesis import given
from hypothesis import strategies as st

from wanku.fulfilment.codes import clean_code, new_code, spaced_code


def test_it_can_be_typed_as_it_is_shown() -> None:
    code = new_code()
    assert len(code) == 12 and code.isdigit()
    assert clean_code(spaced_code(code)) == code == clean_code(f" {code[:6]}-{code[6:]} ")


@given(st.integers(0, 11), st.integers(1, 9))
def test_every_single_wrong_digit_is_caught(place: int, by: int) -> None:
    code = new_code()
    assert clean_code(code[:place] + str((int(code[place]) + by) % 10) + code[place + 1 :]) is None


def test_junk_is_no_code() -> None:
    for junk in ("", "abc", "1" * 11, "１２３４５６７８９０１２", "1" * 13):
        assert clean_code(junk) is None


def test_codes_do_not_follow_one_another() -> None:
    assert len({new_code()[:6] for _ in range(50)}) > 45
