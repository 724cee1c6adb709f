"""Amounts, times and signatures as they are written."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wanku.payments.gateways.alipay import FIELDS
from wanku.payments.gateways.alipay.said import fen, moment, written, yuan


@given(st.integers(min_value=0, max_value=10**12))
def test_not_a_fen_is_lost(amount: int) -> None:
    assert fen(yuan(amount)) == amount


def test_amounts() -> None:
    assert [fen(text) for text in ("0.01", "1", "1.1", "1.10", "88.05", "-0.53", "0.29")] == [
        1,
        100,
        110,
        110,
        8_805,
        -53,
        29,
    ]
    for text in ("", " 1", "1.", ".1", "1.001", "1e2", "1,000.00", "١", "+1", "NaN", "1" * 12, None, 1, 1.5):
        with pytest.raises(ValueError, match="amount"):
            fen(text)


def test_times_are_of_beijing() -> None:
    at = datetime(2026, 11, 10, 16, 0, 59, 999, tzinfo=UTC)
    assert written(at) == "2026-11-11 00:00:59"
    assert moment(written(at)) == at.replace(microsecond=0)


def test_the_fields_of_an_account() -> None:
    from wanku.payments.fields import Wrong
    from wanku.sandbox.banks.books import Books
    from wanku.sandbox.banks.keys import key_pair, private_pem, public_pem

    books = Books()
    own, theirs = key_pair(books, "alipay:app"), key_pair(books, "alipay")
    typed = {"app_private_key": private_pem(own)}
    checks = {field.name: field.check for field in FIELDS}
    bare = "".join(public_pem(theirs).splitlines()[1:-1])
    assert checks["alipay_public_key"](bare, typed) == public_pem(theirs)
    for name, value in (
        ("alipay_public_key", public_pem(own)),
        ("alipay_public_key", private_pem(theirs)),
        ("app_private_key", public_pem(own)),
        ("app_id", "202100000000000"),
        ("seller_id", "2021000000000000"),
    ):
        with pytest.raises(Wrong):
            checks[name](value, typed)
