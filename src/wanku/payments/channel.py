"""What every payment channel can do for us, in our own words. A channel is a folder behind this protocol."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class ChannelState(StrEnum):
    """What a channel says of a payment."""

    UNKNOWN = "unknown"
    PENDING = "pending"
    CAPTURED = "captured"
    FAILED = "failed"
    CLOSED = "closed"


class RefundState(StrEnum):
    """What a channel says of a refund."""

    UNKNOWN = "unknown"
    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class ChannelDown(Exception):
    """The channel did not answer, or not so that it can be believed. What happened is unknown: ask again."""


class NoticeRefused(Exception):
    """A notice that is not proven to come from the channel; nothing may follow from it."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What we ask a channel to collect; ``amount`` in minor units."""

    number: str
    method: str
    amount: int
    currency: str
    subject: str
    expires_at: datetime
    notify_url: str
    return_url: str
    buyer_address: str = ""


@dataclass(frozen=True, slots=True)
class ChannelResult:
    """What a channel says of one payment, by notice or by query; both take the same path.

    Attributes:
        event_id: the channel's id of a notice; empty for a query.
        number: our number.
        amount: what was paid, minor units; none while nothing was.
    """

    gateway: str
    number: str
    state: ChannelState
    amount: int | None = None
    currency: str = ""
    channel_ref: str = ""
    failure: str = ""
    event_id: str = ""
    event_hash: bytes = b""


@dataclass(frozen=True, slots=True)
class RefundCall:
    """A refund that we ask for; the same ``number`` on every retry."""

    number: str
    payment_number: str
    amount: int
    payment_amount: int
    currency: str
    reason: str


@dataclass(frozen=True, slots=True)
class RefundResult:
    """What a channel says of a refund."""

    number: str
    state: RefundState
    channel_ref: str = ""
    failure: str = ""


class Gateway(Protocol):
    """A payment channel.

    Every call but `open` of a page method may travel the network: call them outside transactions. They raise
    `ChannelDown` when the outcome is not known.
    """

    name: str

    def methods(self) -> Mapping[str, str]:
        """Ways of paying: ``{code: English label}``; labels are translated at the edge."""

    def open(self, opening: Opening) -> str:
        """Prepare a payment; returns where the buyer pays."""

    def query(self, number: str) -> ChannelResult:
        """Ask what became of a payment."""

    def close(self, number: str) -> ChannelResult:
        """Make sure that it can no longer be paid; the answer tells if it was paid after all."""

    def refund(self, call: RefundCall) -> RefundResult:
        """Send money back; the same number never pays twice."""

    def query_refund(self, number: str) -> RefundResult:
        """Ask what became of a refund."""

    def parse_notice(self, headers: Mapping[str, str], body: bytes, now: datetime) -> ChannelResult:
        """Verify and read a notice.

        Raises:
            NoticeRefused: forged, altered, too old or unreadable.
        """
