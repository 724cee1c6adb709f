"""What people and programs put into forms and addresses, read strictly."""

import unicodedata
from decimal import Decimal, InvalidOperation

from wanku.kernel.money import from_major

DIGITS_MAX = 15


def whole_number(text: str) -> int | None:
    """A plain number of ASCII digits below 10^15, or None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS_MAX else None


def yuan(text: str) -> int | None:
    """Minor units of an amount in yuan that somebody typed, zero or more; None for anything else."""
    try:
        amount = from_major(
            Decimal(unicodedata.normalize("NFKC", text).strip().lstrip("¥").replace(",", "")), "CNY"
        ).amount
    except (InvalidOperation, ValueError):
        return None
    return amount if amount >= 0 else None
