"""What has to hold of a signature beyond that it fits, for answers and notices alike."""

import base64
import binascii
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final

SCHEMA: Final = "WECHATPAY2-SHA256-RSA2048"
WINDOW_SECONDS: Final = 300
NAMES: Final = (
    "Wechatpay-Signature",
    "Wechatpay-Timestamp",
    "Wechatpay-Nonce",
    "Wechatpay-Serial",
    "Wechatpay-Signature-Type",
)


def flaw_of(headers: Mapping[str, str], known: Collection[str], now: datetime) -> str:
    """What is wrong with these headers before the signature is even looked at; empty if nothing is.

    Args:
        known: ids of the public keys that we believe.
    """
    signature, stamp, nonce, serial, schema = (headers.get(name) or "" for name in NAMES)
    if schema != SCHEMA:
        return "another kind of signature"
    if serial not in known:
        return "an unknown key"
    if not (stamp.isascii() and stamp.isdigit()) or abs(now.timestamp() - int(stamp)) >= WINDOW_SECONDS:
        return "not of the last five minutes"
    if not nonce or not signature or not _is_true_spelling(signature):
        return "no signature"
    return ""


def _is_true_spelling(signature: str) -> bool:
    """Base64 has many spellings of the same bytes, and lenient readers; a signature that was touched is not ours."""
    try:
        return base64.b64encode(base64.b64decode(signature, validate=True)).decode() == signature
    except (binascii.Error, ValueError):
        return False
