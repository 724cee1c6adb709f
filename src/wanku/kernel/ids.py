"""Identifiers: time-ordered keys for machines, short numbers with a check digit for people."""

import secrets
import uuid
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

import uuid_utils
import uuid_utils.compat
from stdnum import damm

NUMBER_ZONE = ZoneInfo("Asia/Shanghai")


def new_id() -> uuid.UUID:
    """A UUIDv7: later ids sort after earlier ones, so new rows land at the end of their index."""
    return uuid_utils.compat.uuid7()


def new_id_text() -> str:
    """`new_id` as text, for who writes thousands a second and never computes with them."""
    return str(uuid_utils.uuid7())


def new_number(now: datetime) -> str:
    """A readable number: six digits of date (China time), ten random ones, one check digit (Damm).

    The check digit catches every single wrong digit and every swap of neighbours, which is how people mistype.
    Random digits keep a competitor from counting orders.
    """
    body = f"{_day(now)}{secrets.randbelow(10**10):010d}"
    return body + damm.calc_check_digit(body)


@lru_cache(16)
def _day(now: datetime) -> str:
    return f"{now.astimezone(NUMBER_ZONE):%y%m%d}"


def clean_number(text: str) -> str | None:
    """The bare digits of a number as a person typed it, or None when it cannot be one."""
    digits = "".join(c for c in text if c.isascii() and c.isdigit())
    return digits if len(digits) == 17 and damm.is_valid(digits) else None


def spaced(number: str) -> str:
    """``261121-48291-73465-5``: the number in groups that a person can read out."""
    return f"{number[:6]}-{number[6:11]}-{number[11:16]}-{number[16:]}"
