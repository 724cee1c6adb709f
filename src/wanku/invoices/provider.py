"""What issues invoices: the protocol between us and a provider, be it our own drawing or a tax service."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from wanku.invoices.rules import SheetLine


class ProviderDown(Exception):
    """The provider could not be asked or did not answer: nothing is known, ask again later."""


class ProviderRefused(Exception):
    """The provider understood and will not do it.

    Args:
        code: stable identifier of the reason.
        text: what the provider said, for the shop to read.
    """

    def __init__(self, code: str, text: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.text = text


@dataclass(frozen=True, slots=True)
class Party:
    """Seller or buyer as they stand on the invoice; persons have no tax number."""

    name: str
    tax_number: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything that stands on one invoice.

    Attributes:
        number: ours, 17 digits; the same on every repeat, so that a provider issues once.
        dated: the moment that it bears.
        lines: negative on a red letter.
        order_number: what was bought.
        code: with the number it proves the invoice on our page.
        verify_url: that page.
        original_number, original_ref: of the invoice that a red letter takes back; ours and the provider's.
        remark: one line of plain text.
    """

    number: str
    dated: datetime
    seller: Party
    buyer: Party
    currency: str
    lines: Sequence[SheetLine]
    order_number: str
    code: str
    verify_url: str
    original_number: str = ""
    original_ref: str = ""
    remark: str = ""

    @property
    def is_red(self) -> bool:
        """Whether it takes another back."""
        return bool(self.original_number)

    @property
    def amount(self) -> int:
        """Minor units with tax."""
        return sum(line.amount for line in self.lines)

    @property
    def tax(self) -> int:
        """Minor units of tax."""
        return sum(line.tax for line in self.lines)


@dataclass(frozen=True, slots=True)
class Issued:
    """It is done.

    Attributes:
        document: the file, kept as it is.
        media_type: what the file is, ``application/pdf``.
        ref: the provider's own number (of the tax bureau), if it has one.
    """

    document: bytes
    media_type: str = "application/pdf"
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Pending:
    """It was taken and is under way; `Provider.query` tells more."""

    ref: str = ""


class Provider(Protocol):
    """A service that issues invoices. Calls are made outside of transactions and may be repeated with the same number.

    Attributes:
        is_tax: whether what it issues is an invoice of the tax bureau; if not, the document and our pages say so.
    """

    is_tax: bool

    def issue(self, sheet: Sheet) -> Issued | Pending:
        """Issue a blue invoice.

        Raises:
            ProviderDown: nothing is known; it is asked about later.
            ProviderRefused: it will not be issued as it is.
        """
        ...

    def reverse(self, sheet: Sheet) -> Issued | Pending:
        """Issue the red letter of an invoice that this provider issued; raises as `issue`."""
        ...

    def query(self, sheet: Sheet) -> Issued | Pending | None:
        """What became of a number; none when the provider has not heard of it. Raises as `issue`."""
        ...
