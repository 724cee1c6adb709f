"""How a caller proves a message: HMAC-SHA256 over time and body, the common scheme of signed webhooks.

The header reads ``t=<unix seconds>,v1=<hex>``, the signature is over ``<t>.<body>``. A message that is older than five
minutes is refused, so that a recorded one cannot be played back later.
"""

import hmac
from datetime import datetime
from hashlib import sha256

WINDOW_SECONDS = 300
HEADER = "Wanku-Signature"


def sign(secret: str, body: bytes, at: datetime) -> str:
    """The header value for a body that leaves at ``at``."""
    stamp = int(at.timestamp())
    return f"t={stamp},v1={_mac(secret, stamp, body)}"


def verify(secret: str, header: str, body: bytes, now: datetime) -> bool:
    """Whether the header proves the body, and recently; compared in constant time."""
    parts = dict(part.split("=", 1) for part in header.split(",") if "=" in part)
    stamp = parts.get("t", "")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        return False
    if abs(now.timestamp() - int(stamp)) > WINDOW_SECONDS:
        return False
    return hmac.compare_digest(_mac(secret, int(stamp), body).encode(), parts.get("v1", "").encode())


def _mac(secret: str, stamp: int, body: bytes) -> str:
    return hmac.new(secret.encode(), f"{stamp}.".encode() + body, sha256).hexdigest()
