"""How the sandbox bank and the shop prove themselves to one another: `wanku.kernel.signature` with a shared secret."""

from datetime import datetime
from hashlib import sha256

from django.conf import settings

from wanku.kernel import signature

HEADER = "Sandbox-Signature"


def _secret() -> str:
    return sha256(b"wanku.sandbox" + settings.SECRET_KEY.encode()).hexdigest()


def sign(body: bytes, now: datetime) -> str:
    """The header value for a body that leaves now."""
    return signature.sign(_secret(), body, now)


def verify(header: str, body: bytes, now: datetime) -> bool:
    """Whether ``header`` proves ``body``, and recently."""
    return signature.verify(_secret(), header, body, now)
