"""Phone numbers as people type them."""

import pytest

from wanku.people.phones import normal_phone


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("13800138000", "+8613800138000"),
        ("138 0013-8000", "+8613800138000"),
        ("+86 138 0013 8000", "+8613800138000"),
        ("0086 13800138000", "+8613800138000"),
        ("１３８００１３８０００", "+8613800138000"),
        ("+44 20 7946 0018", "+442079460018"),
        ("010-12345678", "+861012345678"),
    ],
)
def test_usual_forms_become_one(typed: str, kept: str) -> None:
    assert normal_phone(typed) == kept


@pytest.mark.parametrize("typed", ["", "12", "1380013800", "ann@example.com", "+999999999", "1" * 500, "<script>"])
def test_what_cannot_be_a_phone_is_none(typed: str) -> None:
    assert normal_phone(typed) is None
