"""What may be done about a difference, and when it takes two people. Pure."""

from enum import StrEnum
from typing import Final

from wanku.kernel.money import exponent


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
WRITE_OFF_ALONE_MAX: Final = 100
"""Major units that one person may write off alone; more takes a second one."""


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


def takes_two(difference: int, currency: str) -> bool:
    """Whether writing off so many minor units takes a second person."""
    return abs(difference) > WRITE_OFF_ALONE_MAX * int(10 ** exponent(currency))


def effect(subject: str, amount: int) -> int:
    """What a payment or refund does to the channel's clearing account, in minor units."""
    return -amount if subject == PAYMENT else amount
