"""Tokens of forms in kept pages."""

import string

import pytest
from django.middleware import csrf
from hypothesis import given
from hypothesis import strategies as st

from wanku.ui.kept.token import masked

SECRETS = st.text(alphabet=string.ascii_letters + string.digits, min_size=32, max_size=32)


@given(SECRETS)
def test_django_takes_them_for_its_own(secret: str) -> None:
    token = masked(secret)
    csrf._check_token_format(token)  # type: ignore[attr-defined]
    assert csrf._does_token_match(token, secret)  # type: ignore[attr-defined]


def test_no_two_are_alike_and_every_letter_comes() -> None:
    tokens = [masked("a" * 32) for _ in range(500)]
    assert len(set(tokens)) == 500
    assert set("".join(token[:32] for token in tokens)) == set(csrf.CSRF_ALLOWED_CHARS)


@pytest.mark.parametrize("secret", ["", "a" * 31, "a" * 33])
def test_a_secret_of_another_length_is_an_error(secret: str) -> None:
    with pytest.raises(ValueError, match="zip"):
        masked(secret)
