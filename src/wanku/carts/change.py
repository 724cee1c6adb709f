"""Change what is in a cart."""

from collections.abc import Collection
from datetime import datetime

from wanku.carts.models import Cart, CartLine
from wanku.carts.put import touch
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.pricing.quote import BAD_QUANTITY, QUANTITY_MAX


def change_quantity(cart: Cart, line_id: int, quantity: int, *, now: datetime) -> CartLine:
    """Set the pieces of one line of a locked cart.

    Raises:
        Refusal: ``bad_quantity``, or ``not_found`` when the line is not in this cart.
    """
    if not 1 <= quantity <= QUANTITY_MAX:
        raise Refusal(BAD_QUANTITY, field="quantity", most=QUANTITY_MAX)
    line = cart.lines.filter(pk=line_id).first()
    if line is None:
        raise Refusal(NOT_FOUND)
    line.quantity = quantity
    line.save(update_fields=["quantity"])
    touch(cart, now)
    return line


def select(cart: Cart, line_ids: Collection[int] | None, *, selected: bool, now: datetime) -> None:
    """Choose lines for the next checkout, or leave them out; None means all of them."""
    lines = cart.lines.all() if line_ids is None else cart.lines.filter(pk__in=line_ids)
    lines.update(selected=selected)
    touch(cart, now)


def remove(cart: Cart, line_ids: Collection[int], *, now: datetime) -> int:
    """Take lines out of a locked cart; lines that are not in it are passed over.

    Returns:
        how many were taken out.
    """
    gone, _ = cart.lines.filter(pk__in=line_ids).delete()
    touch(cart, now)
    return gone


def accept_price(cart: Cart, prices: dict[int, int], *, now: datetime) -> None:
    """Remember that the buyer has seen these prices, ``{line id: minor units per piece}``."""
    lines = list(cart.lines.filter(pk__in=prices))
    for line in lines:
        line.seen_price = prices[line.pk]
    CartLine.objects.bulk_update(lines, ["seen_price"])
    touch(cart, now)
