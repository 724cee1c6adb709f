"""How Alipay writes amounts, times and signatures."""

import base64
import binascii
import re
from datetime import datetime
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from wanku.kernel.money import Money, from_major, major

BEIJING: Final = ZoneInfo("Asia/Shanghai")
_YUAN: Final = re.compile(r"-?\d{1,11}(\.\d{1,2})?", re.ASCII)


def yuan(fen: int) -> str:
    """``1`` is ``0.01``."""
    return f"{major(Money(fen, 'CNY')):.2f}"


def fen(text: object) -> int:
    """Exactly.

    Raises:
        ValueError: not an amount in yuan with at most two decimals.
    """
    if not isinstance(text, str) or not _YUAN.fullmatch(text):
        raise ValueError(f"not an amount: {text!r}")
    return from_major(Decimal(text), "CNY").amount


def moment(text: object) -> datetime:
    """``2026-11-11 10:00:00`` of Beijing.

    Raises:
        ValueError: not such a time.
    """
    return datetime.strptime(str(text).strip(), "%Y-%m-%d %H:%M:%S").replace(tzinfo=BEIJING)


def written(at: datetime) -> str:
    """The same the other way, seconds cut off."""
    return at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")


def is_true_spelling(signature: str) -> bool:
    """Whether base64 is spelt in its one way. The SDK skips foreign letters and ignores spare bits."""
    try:
        return base64.b64encode(base64.b64decode(signature, validate=True)).decode() == signature
    except (binascii.Error, ValueError):
        return False
