"""What every payment channel can do for us, in our own words. A channel is a folder behind this protocol."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable

from wanku.kernel.refusal import gettext_noop
from wanku.payments.fields import AccountField


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


class ShownAs(StrEnum):
    """How a buyer gets from us to where they pay."""

    REDIRECT = "redirect"
    """Follow an address."""
    QR = "qr"
    """Scan a text, drawn as a QR code, with the channel's app."""
    JSAPI = "jsapi"
    """Hand parameters (a JSON object) to the app that shows the page."""
    TRANSFER = "transfer"
    """Transfer the amount to an account (a JSON object of lines) and quote the number."""


class Place(StrEnum):
    """Where a buyer is when they choose how to pay."""

    DESKTOP = "desktop"
    PHONE = "phone"
    WECHAT = "wechat"
    """Inside WeChat's own browser."""


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
    buyer_ref: str = ""
    """The buyer's id at the channel (an openid), where a method needs one."""


@dataclass(frozen=True, slots=True)
class Method:
    """A way of paying at a channel; the label is an English msgid.

    Attributes:
        clock: name of the time to pay (`wanku.kernel.deadlines`), counted from the order, where the way needs longer
            than the usual minutes; empty for those that do not.
        arrival: when a refund shows up where the payment came from, an English msgid.
        hint: what happens when a buyer chooses it, an English msgid.
        asks_who: it works only for a buyer whose id at the channel is known (`KnowsBuyers`).
    """

    label: str
    places: frozenset[Place] = frozenset(Place)
    currencies: frozenset[str] = frozenset({"CNY"})
    clock: str = ""
    arrival: str = gettext_noop("It usually shows up within 1 to 5 working days.")
    asks_who: bool = False
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """Where the buyer pays.

    Attributes:
        value: what `shown_as` says: an address, a text for a QR code, or a JSON object.
        channel_ref: the channel's own number, where it gives one at once.
    """

    shown_as: ShownAs
    value: str
    channel_ref: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What we know of a payment when we ask about it; ``channel_ref`` may be empty."""

    number: str
    channel_ref: str = ""


@dataclass(frozen=True, slots=True)
class ChannelResult:
    """What a channel says of one payment, by notice or by query; both take the same path.

    Attributes:
        event_id: the channel's id of a notice; empty for a query.
        number: our number.
        amount: what was paid, minor units; none while nothing was.
        failure: why it failed; of a pending one, why the last card or account did not pay.
        under_way: the buyer has done their part and the money is on its way, of a pending one.
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
    under_way: bool = False


@dataclass(frozen=True, slots=True)
class RefundCall:
    """A refund that we ask for; the same ``number`` on every retry."""

    number: str
    payment_number: str
    amount: int
    payment_amount: int
    currency: str
    reason: str
    payment_ref: str = ""
    """The channel's own number of the payment."""
    notify_url: str = ""


@dataclass(frozen=True, slots=True)
class RefundResult:
    """What a channel says of a refund, by notice or by query; both take the same path.

    Attributes:
        amount: what went back, minor units; none where the channel does not say.
        event_id: the channel's id of a notice; empty for a query.
    """

    number: str
    state: RefundState
    channel_ref: str = ""
    failure: str = ""
    gateway: str = ""
    amount: int | None = None
    event_id: str = ""
    event_hash: bytes = b""


@dataclass(frozen=True, slots=True)
class Heard:
    """What a channel wants to hear when its notice has had its effect."""

    status: int = 204
    body: bytes = b""
    content_type: str = ""


@dataclass(frozen=True, slots=True)
class BillRow:
    """One line of a channel's daily bill.

    Attributes:
        kind: ``payment`` or ``refund``.
        number: our number of the payment or of the refund; empty where the bill does not carry it.
        amount, fee: minor units; the amount is positive for both kinds, the fee negative where it is given back.
        at: when the channel booked it.
    """

    kind: str
    number: str
    channel_ref: str
    amount: int
    fee: int
    currency: str
    at: datetime


class NoBill(Exception):
    """The bill of that day is not there: too early, or the channel has none."""


@runtime_checkable
class KnowsBuyers(Protocol):
    """A channel with ways to pay that are only for buyers whom it has told us apart."""

    def who_address(self, back: str, state: str) -> str:
        """Where to send the browser; it comes back to ``back`` with ``code`` and ``state``."""

    def who(self, code: str) -> str:
        """The buyer's id at the channel, for `Opening.buyer_ref`.

        Raises:
            ChannelDown: it does not tell.
        """


class Gateway(Protocol):
    """A payment channel.

    Every call may travel the network: make them outside transactions. They raise `ChannelDown` when the outcome is
    not known, so that it is asked about later and never guessed.

    Attributes:
        fields: what an account at this channel consists of (`FIELDS` of its folder); empty for a channel without one.
    """

    name: str
    heard: Heard
    fields: Sequence[AccountField]

    def methods(self) -> Mapping[str, Method]:
        """Ways of paying by code; empty while the channel is not set up here."""

    def open(self, opening: Opening) -> Opened:
        """Prepare a payment; the same number again gives the same payment."""

    def query(self, known: Known) -> ChannelResult:
        """Ask what became of a payment."""

    def close(self, known: Known) -> ChannelResult:
        """Make sure that it can no longer be paid; the answer tells if it was paid after all."""

    def refund(self, call: RefundCall) -> RefundResult:
        """Send money back; the same number never pays twice."""

    def query_refund(self, call: RefundCall) -> RefundResult:
        """Ask what became of a refund."""

    def parse_notice(
        self, headers: Mapping[str, str], body: bytes, now: datetime
    ) -> ChannelResult | RefundResult | None:
        """Verify and read a notice, of a payment or of a refund. Makes no call.

        Returns:
            what it says; None when it is proven but tells nothing that we act on: it is heard, and has no effect.

        Raises:
            NoticeRefused: forged, altered, too old or unreadable.
        """

    def bill(self, day: date) -> Iterable[BillRow]:
        """What the channel booked on a day of its own time zone.

        Raises:
            NoBill: it is not there (yet).
        """
