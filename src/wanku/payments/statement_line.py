"""A line of our bank's statement, as a person typed it."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One booking.

    Attributes:
        amount: minor units.
        booked_on: the bank's day.
        party, party_account: the other side.
        reference: the bank's own number of the line.
    """

    amount: int
    booked_on: date
    party: str
    reference: str
    party_account: str = ""
