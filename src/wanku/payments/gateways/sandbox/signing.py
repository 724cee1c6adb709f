"""How the sandbox bank and the shop prove themselves to one another: HMAC-SHA256 over time and body.

The scheme is that of common webhook signatures: ``t=<unix seconds>,v1=<hex>`` over ``<t>.<body>``, refused when older
than 300 seconds, compared in constant time.
"""

import hmac
from datetime import datetime
from hashlib import sha256

from django.conf import settings

WINDOW_SECONDS = 300
HEADER = "Sandbox-Signature"


def _key() -> bytes:
    return sha256(b"wanku.sandbox" + settings.SECRET_KEY.encode()).digest()


def sign(body: bytes, now: datetime) -> str:
    """The header value for a body that leaves now."""
    at = int(now.timestamp())
    return f"t={at},v1={hmac.new(_key(), f'{at}.'.encode() + body, sha256).hexdigest()}"


def verify(header: str, body: bytes, now: datetime) -> bool:
    """Whether ``header`` proves ``body``, and recently."""
    parts = dict(part.split("=", 1) for part in header.split(",") if "=" in part)
    stamp, given = parts.get("t", ""), parts.get("v1", "")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        return False
    if abs(now.timestamp() - int(stamp)) > WINDOW_SECONDS:
        return False
    expected = hmac.new(_key(), f"{stamp}.".encode() + body, sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), given.encode())
