"""What every bank that carries payouts can do for us, in our own words. A bank is a folder behind this protocol."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class PayoutState(StrEnum):
    """What a bank says of a payout."""

    UNKNOWN = "unknown"
    """It has never heard of the number."""
    PROCESSING = "processing"
    PAID = "paid"
    FAILED = "failed"
    """Also of one that was paid and came back."""


class BankDown(Exception):
    """The bank did not answer, or not so that it can be believed. What happened is unknown: ask again."""


@dataclass(frozen=True, slots=True)
class PayoutCall:
    """A payout that we ask for; ``amount`` in minor units, the same ``number`` on every retry."""

    number: str
    amount: int
    currency: str
    holder: str
    bank: str
    account: str
    purpose: str

    def __repr__(self) -> str:
        return f"PayoutCall({self.number})"


@dataclass(frozen=True, slots=True)
class PayoutResult:
    """What a bank says of a payout.

    Attributes:
        amount: minor units; none where it does not say.
        failure: the bank's code.
    """

    number: str
    state: PayoutState
    bank_ref: str = ""
    failure: str = ""
    amount: int | None = None


class Bank(Protocol):
    """A bank that carries payouts. Every call may travel the network: make them outside transactions."""

    name: str

    def is_ready(self) -> bool:
        """Whether it is set up here."""

    def pay(self, call: PayoutCall) -> PayoutResult:
        """Send money; the same number never pays twice.

        Raises:
            BankDown: the outcome is not known.
        """

    def query(self, number: str) -> PayoutResult:
        """Ask what became of a payout.

        Raises:
            BankDown: nothing was learned.
        """
