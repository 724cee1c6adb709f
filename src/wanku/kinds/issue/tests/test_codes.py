"""Codes as people type them."""

from hypothesis import given, settings
from hypothesis import strategies as st

from wanku.kinds.issue.codes import ALPHABET, bare_of, digests, digests_typed, grouped, is_ours, new_code, tail_of


def test_a_code_of_ours_is_readable_and_has_a_check_character() -> None:
    code = new_code()
    assert [len(group) for group in code.split("-")] == [5] * 5
    assert is_ours(code)
    assert is_ours(code.lower().replace("-", " "))
    assert tail_of(code) == code[-4:]


@settings(deadline=None)
@given(at=st.integers(0, 24), other=st.sampled_from(ALPHABET))
def test_every_single_wrong_character_is_caught(at: int, other: str) -> None:
    bare = bare_of(new_code())
    wrong = bare[:at] + other + bare[at + 1 :]
    assert is_ours(grouped(wrong)) == (wrong == bare)


def test_case_spaces_dashes_and_lookalikes_make_no_other_code() -> None:
    while "0" not in (code := new_code()) or "1" not in code:
        pass
    typed = code.replace("0", "o").replace("1", "l").lower().replace("-", " ")
    assert digests(code)[0] in digests_typed(typed)
    assert digests("ab-12 cd_34") == digests("AB12CD34")
    # A code of somebody else keeps its letters: O is not 0 there.
    assert digests_typed("VENDOR-CODE-O1") == digests("VENDOR-CODE-O1")
