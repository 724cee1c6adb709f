"""Tokens of forms in kept pages, as `django.middleware.csrf` makes them, which takes a tenth of such an answer."""

import secrets
from typing import Final

from django.middleware.csrf import CSRF_ALLOWED_CHARS, CSRF_SECRET_LENGTH

_CHARS: Final = CSRF_ALLOWED_CHARS.encode()
_COUNT: Final = len(_CHARS)
_FAIR: Final = 256 // _COUNT * _COUNT
"""Random bytes from here on are dropped: their remainders would be likelier than others."""
_REMAINDERS: Final = bytes(byte % _COUNT for byte in range(256))
_UNFAIR: Final = bytes(range(_FAIR, 256))
_PLACES: Final = bytes.maketrans(_CHARS, bytes(range(_COUNT)))
_LETTERS: Final = bytes.maketrans(bytes(range(_COUNT)), _CHARS)


def masked(secret: str) -> str:
    """A token for a secret, another one every time, so that pages that are compressed on their way tell nothing of it.

    Unlike `django.middleware.csrf.get_token` it does not renew the cookie, which lives for a year: any page with a form
    that is not kept does.
    """
    mask = b""
    while len(mask) < CSRF_SECRET_LENGTH:
        mask += secrets.token_bytes(2 * CSRF_SECRET_LENGTH).translate(_REMAINDERS, _UNFAIR)
    mask = mask[:CSRF_SECRET_LENGTH]
    places = secret.encode("ascii").translate(_PLACES)
    cipher = bytes([(x + y) % _COUNT for x, y in zip(places, mask, strict=True)])
    return (mask + cipher).translate(_LETTERS).decode("ascii")
