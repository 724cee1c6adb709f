"""Texts are cleaned once."""

from wanku.kernel.text import clean, mask_email, mask_phone


def test_clean() -> None:
    assert clean("  a\u202e\u0000b \t c\n") == "ab c"
    assert clean("一\r\n二  三 \n", lines=True) == "一\n二 三"


def test_masks_show_just_enough() -> None:
    assert mask_phone("+8613800138000") == "+86138****8000"
    assert mask_phone("123") == "****"
    assert mask_email("ann@example.com") == "a***@example.com"
