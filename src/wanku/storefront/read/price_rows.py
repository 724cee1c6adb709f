"""What a price that is not one of goods is made of, in words: while choosing, at the checkout, and in an order."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from wanku.kernel.money import Money
from wanku.kinds.pick import Part
from wanku.kinds.shown import explained

Row = Mapping[str, Any]
"""``label``, ``note`` and ``amount``, as ``{% money_table %}`` takes them."""


def part_rows(kind: str, parts: Iterable[Part], currency: str, quantity: int = 1) -> list[Row]:
    """Part by part, in the words of the kind.

    Args:
        parts: minor units for one.
        quantity: how many of them; rows are for all.
    """
    return [_row(explained(kind, part.code, part.facts), part.amount, currency, quantity) for part in parts]


def extra_rows(extras: Iterable[tuple[str, int]], currency: str, quantity: int = 1) -> list[Row]:
    """Add-ons: name and price for one, minor units."""
    return [_row(name, price, currency, quantity) for name, price in extras]


def coming_row(amount: int, note: str, currency: str) -> Row:
    """What coming or bringing costs, minor units, and why."""
    return {"label": _("Coming or bringing"), "note": note, "amount": Money(amount, currency)}


def _row(label: str, each: int, currency: str, quantity: int) -> Row:
    note = f"× {quantity}" if quantity > 1 else ""
    return {"label": label, "note": note, "amount": Money(each * quantity, currency)}
