"""Secrets at rest: sealed with a key derived from the installation's secret, opened with former ones as well."""

import base64
import hmac
from functools import lru_cache
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class Unsealable(Exception):
    """No secret that this installation knows opens it: WANKU_SECRET changed and the former one was not kept."""


def seal(purpose: str, text: str) -> str:
    """The stored form of ``text``; what is sealed for one purpose does not open for another."""
    return _box(purpose, _known()).encrypt(text.encode()).decode()


def unseal(purpose: str, sealed: str) -> str:
    """The plain form.

    Raises:
        Unsealable: with no secret that is known here.
    """
    try:
        return _box(purpose, _known()).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Unsealable(purpose) from error


def reseal(purpose: str, sealed: str) -> str:
    """The same under the current secret, so that former ones can be dropped.

    Raises:
        Unsealable: with no secret that is known here.
    """
    try:
        return _box(purpose, _known()).rotate(sealed.encode()).decode()
    except InvalidToken as error:
        raise Unsealable(purpose) from error


def fingerprints(purpose: str, text: str) -> list[bytes]:
    """Keyed hashes (HMAC-SHA256) of ``text`` by which a sealed one is found again: the current secret's first.

    Store the first, look for any: what was stored under a former secret is found until it is sealed anew. Without
    the secret nobody can try out short texts against what lies in the database.
    """
    return [hmac.digest(_key(purpose, secret), text.encode(), "sha256") for secret in _known()]


def _key(purpose: str, secret: str) -> bytes:
    return sha256(f"wanku.fingerprint.{purpose}:{secret}".encode()).digest()


def _known() -> tuple[str, ...]:
    return (str(settings.SECRET_KEY), *map(str, settings.SECRET_KEY_FALLBACKS))


@lru_cache(maxsize=64)
def _box(purpose: str, secrets: tuple[str, ...]) -> MultiFernet:
    """The current key first."""
    keys = (sha256(f"wanku.{purpose}:{secret}".encode()).digest() for secret in secrets)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])
