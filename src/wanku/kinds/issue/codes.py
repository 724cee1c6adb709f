"""Codes as people read, type and mistype them, and how they are kept.

A code of our own has 25 characters of Crockford's base 32 (https://www.crockford.com/base32.html), in groups of five:
24 random ones (120 bits) and a check character (Luhn, modulus 32), which catches every single wrong character. Codes
that a merchant imports are kept as they are; two that differ only in case, spaces or dashes count as the same.
"""

import re
import unicodedata
from secrets import choice
from typing import Final

from stdnum import luhn

from wanku.kernel.secrets import fingerprints, seal, unseal

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LOOKALIKES: Final = str.maketrans("OIL", "011")
RANDOM: Final = 24
GROUP: Final = 5
LENGTH_MIN, LENGTH_MAX = 8, 200
PURPOSE: Final = "licence"
MACHINE: Final = "licence_machine"


def new_code() -> str:
    """A fresh code: ``4TQ7K-9XWBM-…``."""
    body = "".join(choice(ALPHABET) for _ in range(RANDOM))
    return grouped(body + luhn.calc_check_digit(body, alphabet=ALPHABET))


def grouped(code: str) -> str:
    """In groups that a person can read out."""
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def is_ours(code: str) -> bool:
    """Whether the check character is right, so that a program can tell a typing mistake before it asks."""
    bare = bare_of(code).translate(LOOKALIKES)
    return len(bare) == RANDOM + 1 and set(bare) <= set(ALPHABET) and luhn.is_valid(bare, alphabet=ALPHABET)


def bare_of(code: str) -> str:
    """What distinguishes a code: its letters and digits, in capitals."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", code)).upper()


def tail_of(code: str) -> str:
    """The last four letters or digits."""
    return bare_of(code)[-4:]


def digests(code: str) -> list[bytes]:
    """The keyed hashes by which a code may be kept; the first is the one to store."""
    return fingerprints(PURPOSE, bare_of(code))


def digests_typed(code: str) -> list[bytes]:
    """`digests` of what somebody typed, with letters that look like digits of a code of ours taken for these."""
    bare = bare_of(code)
    meant = bare.translate(LOOKALIKES)
    return digests(bare) + (digests(meant) if meant != bare and is_ours(meant) else [])


def machine_digests(machine: str) -> list[bytes]:
    """The keyed hashes of a device's name; the first is the one to store."""
    return fingerprints(MACHINE, machine)


def sealed(code: str) -> str:
    """As it is stored."""
    return seal(PURPOSE, code)


def opened(stored: str) -> str:
    """In plain.

    Raises:
        Unsealable: as `wanku.kernel.secrets.unseal`.
    """
    return unseal(PURPOSE, stored)
