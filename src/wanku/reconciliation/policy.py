"""What may be done about a difference, and when it takes two people. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """How a channel's bill and our books differ."""

    MISSING_THERE = "missing_there"
    """We booked it, the bill does not have it."""
    MISSING_HERE = "missing_here"
    """The bill has it, we did not book it."""
    AMOUNT = "amount"
    FEE = "fee"
    CURRENCY = "currency"
    TWICE = "twice"
    """The bill has the same number more than once."""
    CHANGED = "changed"
    """A bill that was fetched again no longer has what was settled."""


class Resolution(StrEnum):
    """What finance does about a difference; each is carried out, none merely closes the case."""

    BOOK_MISSING_CAPTURE = "book_missing_capture"
    """Ask the channel, and settle what it says by the ordinary path."""
    REFUND_BUYER = "refund_buyer"
    """Give the buyer the money: what came in otherwise than asked, or a refund that the channel never made."""
    WRITE_OFF = "write_off"
    """Bring our books to what the channel has, at the platform's gain or loss."""
    EXPECTED_NEXT_DAY = "channel_error_expected_next_day"
    """Wait for the next bill; the case opens again if that does not bring it."""
    EXPLAINED = "explained"
    """Right as it is, with the evidence said."""
    CAME_RIGHT = "came_right"
    """The bill or our books caught up; nobody had to do anything."""


PAYMENT: Final = "payment"
REFUND: Final = "refund"
WRITE_OFFS: Final = "platform:write_offs"
"""The account that takes what nobody can explain."""
JUDGED: Final = frozenset({Resolution.WRITE_OFF, Resolution.EXPLAINED})
"""What closes a case on the word of people alone; all else the channel or its next bill has to confirm."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one person may close alone, in minor units of one currency.

    Attributes:
        each: of one case.
        day: of all that is closed alone on a day of the books.
        used: what was closed alone on this day already.
    """

    each: int
    day: int
    used: int

    def covers(self, stake: int) -> bool:
        """Whether one person is enough for a case over so much."""
        return stake <= self.each and self.used + stake <= self.day


def choices(kind: str, subject: str, *, known: bool, booked: bool) -> tuple[Resolution, ...]:
    """What may be done about a difference.

    Args:
        subject: ``payment`` or ``refund``; empty where the whole bill is meant.
        known: whether we have a payment or refund of that number.
        booked: whether its money is in the ledger.
    """
    calm = (Resolution.EXPECTED_NEXT_DAY, Resolution.EXPLAINED)
    if kind in {Kind.CURRENCY, Kind.FEE, Kind.CHANGED}:
        return calm
    executed: tuple[Resolution, ...] = ()
    if kind == Kind.MISSING_HERE and known:
        executed = (Resolution.BOOK_MISSING_CAPTURE,)
    elif (kind == Kind.AMOUNT and subject == PAYMENT and known and not booked) or (
        kind == Kind.MISSING_THERE and subject == REFUND
    ):
        executed = (Resolution.REFUND_BUYER,)
    return (*executed, Resolution.WRITE_OFF, *calm)


def stake(kind: str, ours: int | None, theirs: int | None) -> int:
    """What closing a case decides about, in minor units: the difference, but of two currencies the larger figure."""
    mine, other = ours or 0, theirs or 0
    return max(abs(mine), abs(other)) if kind == Kind.CURRENCY else abs(other - mine)


def effect(subject: str, amount: int) -> int:
    """What a payment or refund does to the channel's clearing account, in minor units."""
    return -amount if subject == PAYMENT else amount
