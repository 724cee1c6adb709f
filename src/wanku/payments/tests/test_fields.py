"""What people type into the account of a channel."""

from collections.abc import Callable

import pytest

from wanku.payments.fields import Wrong, address, private_key, public_key


@pytest.mark.parametrize("check", [private_key, public_key])
@pytest.mark.parametrize("value", ["１２３", "x", "AAAA", "-----BEGIN RSA-----", "\ud800", "é" * 400])
def test_what_is_no_key_is_refused(check: Callable[..., str], value: str) -> None:
    with pytest.raises(Wrong):
        check(value, {})


@pytest.mark.parametrize(
    "value", ["", "x", "http://[", "http://a.example", "ftp://127.0.0.1", "https://", "//a.example"]
)
def test_what_is_no_safe_address_is_refused(value: str) -> None:
    with pytest.raises(Wrong):
        address(value, {})


@pytest.mark.parametrize("value", ["https://api.example/x", "http://127.0.0.1:8001/wechat"])
def test_what_is_one_is_kept(value: str) -> None:
    assert address(value, {}) == value
