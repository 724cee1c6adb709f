"""The secret in the link of an invitation."""

import base64
import hashlib
from uuid import UUID

from django.utils.crypto import salted_hmac

SALT = "wanku.merchants.invitation"


def token_of(seed: UUID) -> str:
    """The token of an invitation: signed from its seed with the installation's secret key, and stored nowhere.

    The table keeps its hash alone, and the job that sends the letter gets no more than the invitation's key; so
    neither a copy of the database nor a log of jobs opens a desk. A token drawn at random when the letter is sent
    would do that too, but then every retry would replace the hash, and a letter that had in truth left before a crash
    would carry a dead link. Signed, every try sends the same link.
    """
    digest = salted_hmac(SALT, seed.hex, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def hash_of(token: str) -> bytes:
    """What the table keeps of a token."""
    return hashlib.sha256(token.encode()).digest()
