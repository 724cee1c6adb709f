"""What stands on an invoice: pure arithmetic over its lines, to the last minor unit."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from wanku.kernel.money import portion, share

TAX_RATES_BP: Final = (1300, 900, 600, 300, 100, 0)
"""Rates of the value added tax in basis points; what an ordinary or a small taxpayer may put on an invoice."""
FREIGHT: Final = "运费"
"""The line for freight. Invoices are written in Chinese, as the rules on their administration ask."""


@dataclass(frozen=True, slots=True)
class Part:
    """What is left of one thing that was paid for.

    Attributes:
        quantity: pieces that were not paid back; none where that says nothing (freight, a sum that went back).
        amount: minor units with tax.
    """

    title: str
    label: str
    quantity: int | None
    amount: int


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One line of an invoice; negative on a red letter.

    Attributes:
        amount: minor units with tax.
        tax_bp: rate in basis points.
        tax: the tax that is in ``amount``.
    """

    title: str
    label: str
    quantity: int | None
    amount: int
    tax_bp: int
    tax: int

    @property
    def net(self) -> int:
        """Without tax."""
        return self.amount - self.tax

    def frozen(self) -> dict[str, Any]:
        """As it is stored with the invoice."""
        return asdict(self)


def thawed(stored: Mapping[str, Any]) -> SheetLine:
    """A line as it was stored."""
    return SheetLine(**stored)


def sheet_lines(parts: Sequence[Part], amount: int, tax_bp: int) -> list[SheetLine]:
    """The lines of an invoice over ``amount``: they sum to it exactly, and so do their taxes to the tax of all.

    The amount is shared over what is left of the parts by largest remainder, so a discount or a refund that belongs to
    no line in particular touches each in proportion. Prices contain the tax, so it is taken out of the whole amount
    once, ``amount * rate / (1 + rate)``, rounded once, and then shared over the lines in the same way. Lines of
    nothing are left out.

    Args:
        amount: minor units with tax, not negative; nothing gives no lines.
        tax_bp: rate in basis points.
    """
    if amount == 0:
        return []
    shared = share(amount, [part.amount for part in parts])
    kept = [(part, own) for part, own in zip(parts, shared, strict=True) if own]
    taxes = share(portion(amount, tax_bp, 10_000 + tax_bp), [own for _, own in kept])
    return [
        SheetLine(part.title, part.label, part.quantity, own, tax_bp, tax)
        for (part, own), tax in zip(kept, taxes, strict=True)
    ]


def reversed_lines(lines: Sequence[SheetLine]) -> list[SheetLine]:
    """The lines of a red letter: the same, negative."""
    return [
        SheetLine(
            line.title,
            line.label,
            None if line.quantity is None else -line.quantity,
            -line.amount,
            line.tax_bp,
            -line.tax,
        )
        for line in lines
    ]
