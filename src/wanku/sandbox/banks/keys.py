"""Keys and secrets of the banks and of the shop's accounts there, made once for each file of books."""

import secrets
from collections.abc import Callable
from functools import lru_cache

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from wanku.sandbox.banks.books import Books, Kept


def key_pair(books: Books, name: str) -> rsa.RSAPrivateKey:
    """The RSA key of this name (2048 bits)."""
    return _loaded(kept(books, f"key:{name}", lambda: _new_key(name, books.path)))


def secret(books: Books, name: str, length: int = 32) -> str:
    """The random text of this name: letters and digits, ``length`` of them."""
    return kept(books, f"secret:{name}", lambda: secrets.token_hex(length)[:length])


def kept(books: Books, name: str, make: Callable[[], str]) -> str:
    """What is kept under a name; made at the first time."""
    known = books.one(Kept, name=name)
    if known is not None:
        return known.value
    with books.held():
        found = books.one(Kept, name=name)
        return (found or books.add(Kept(name=name, value=make()))).value


def private_pem(key: rsa.RSAPrivateKey) -> str:
    """PKCS#8 in PEM."""
    plain = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain).decode()


def public_pem(key: rsa.RSAPrivateKey) -> str:
    """The public half in PEM."""
    shape = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, shape).decode()


def _new_key(name: str, path: str) -> str:
    return _for_memory(name) if path == ":memory:" else _generated()


@lru_cache(maxsize=32)
def _for_memory(name: str) -> str:
    """Books in memory live for a test; their keys live as long as the process, since making one takes a while."""
    return _generated()


def _generated() -> str:
    return private_pem(rsa.generate_private_key(public_exponent=65537, key_size=2048))


@lru_cache(maxsize=32)
def _loaded(pem: str) -> rsa.RSAPrivateKey:
    key = serialization.load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("an RSA key is expected")
    return key
