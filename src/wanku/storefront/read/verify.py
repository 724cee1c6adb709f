"""Whether an address or a sender is ours, letter by letter: what looks alike is not."""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings

ADDRESS: Final = "address"
SENDER: Final = "sender"
NUMBER: Final = "number"
OTHER: Final = "other"
SHOWN_MAX: Final = 300


@dataclass(frozen=True, slots=True)
class Judged:
    """What somebody pasted.

    Attributes:
        kind: ``address``, ``sender``, ``number`` or ``other``.
        ours: whether it is ours; for a number only the books know.
        host: what really stands in an address, as browsers read it.
    """

    kind: str
    ours: bool
    host: str = ""


def judge(text: str) -> Judged:
    """Tell what it is, and of addresses and senders whether they are exactly ours."""
    text = text.strip()[:SHOWN_MAX]
    digits = re.sub(r"[\s-]", "", text)
    if digits.isascii() and digits.isdigit():
        return Judged(NUMBER, ours=False)
    if "/" not in text and "@" in text:
        return Judged(SENDER, ours=_bare(text) == _bare(settings.DEFAULT_FROM_EMAIL))
    if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//", text) or re.fullmatch(
        r"[^\s/]+\.[^\s/]+(/.*)?|localhost(:\d+)?(/.*)?", text
    ):
        return _address(text)
    return Judged(OTHER, ours=False)


def _bare(text: str) -> str:
    """``Wanku <no-reply@…>`` without the name, which anybody can write."""
    inside = re.search(r"<([^<>]*)>\s*$", text)
    return (inside.group(1) if inside else text).strip().casefold()


def _address(text: str) -> Judged:
    """The host must be ours to the letter, and so must the scheme; a name before an @ is a trick."""
    own = urlsplit(settings.PUBLIC_URL)
    # Browsers read a backslash as a slash, and drop blanks and line ends inside.
    text = re.sub(r"[\t\r\n]", "", text).replace("\\", "/")
    try:
        asked = urlsplit(text if "//" in text.split("?", 1)[0] else f"{own.scheme}://{text}")
        host = asked.netloc.casefold()
    except ValueError:
        return Judged(ADDRESS, ours=False)
    ours = host == own.netloc.casefold() and (asked.scheme or own.scheme) == own.scheme
    return Judged(ADDRESS, ours=ours, host=host.rpartition("@")[2])
