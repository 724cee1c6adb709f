"""What an invoice is over: what was paid for an order, less everything that went back or is on its way back."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from wanku.invoices.rules import FREIGHT, Part
from wanku.orders.models import Line, Order
from wanku.payments.models import Refund
from wanku.payments.refundable import read_refundable


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What is left of an order.

    Attributes:
        amount: minor units.
        refunds: those that are left out of it.
    """

    parts: Sequence[Part]
    amount: int
    refunds: Sequence[UUID]


def reckon(order: Order) -> Reckoned:
    """Four queries; whoever acts on it holds the order's lock, under which refunds are made."""
    lines = list(Line.objects.filter(order=order))
    left = read_refundable(order, lines)
    refunds = list(Refund.objects.filter(order=order).values_list("pk", "amount"))
    parts = [
        Part(line.title, _label(line), part.pieces or None, part.left)
        for line, part in zip(lines, left.parts, strict=True)
    ]
    if left.freight:
        parts.append(Part(FREIGHT, "", None, left.freight))
    amount = max(0, order.amount - sum(amount for _, amount in refunds))
    return Reckoned(parts, amount, [pk for pk, _ in refunds])


def _label(line: Line) -> str:
    return "；".join(filter(None, (line.label, *(str(extra["name"]) for extra in line.add_ons))))
