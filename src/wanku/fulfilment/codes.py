"""The code that a buyer shows to be let in: twelve digits of which the last one checks the others.

It says nothing of the person or the order, so it may be read aloud or photographed; whoever wants to guess one has
10^11 possibilities and, at a desk, few tries (`wanku.flows.booking.check_in`).
"""

import secrets
from typing import Final

from stdnum import damm

LENGTH: Final = 12


def new_code() -> str:
    """A random code."""
    body = f"{secrets.randbelow(10 ** (LENGTH - 1)):0{LENGTH - 1}d}"
    return body + damm.calc_check_digit(body)


def clean_code(text: str) -> str | None:
    """The bare digits of a code as it was typed or scanned, or None when it cannot be one."""
    digits = "".join(c for c in text if c.isascii() and c.isdigit())
    return digits if len(digits) == LENGTH and damm.is_valid(digits) else None


def spaced_code(code: str) -> str:
    """``1234 5678 9012``."""
    return " ".join(code[start : start + 4] for start in range(0, LENGTH, 4))
