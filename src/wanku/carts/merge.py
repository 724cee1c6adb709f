"""One cart out of two, when a guest signs in."""

from datetime import datetime

from wanku.carts.models import Cart, CartLine
from wanku.carts.put import touch
from wanku.carts.rules import CART_LINES_MAX
from wanku.pricing.quote import QUANTITY_MAX


def merge(source: Cart, target: Cart, *, now: datetime) -> int:
    """Move the lines of ``source`` into ``target`` and remove ``source``; both are locked.

    The same thing in both counts once, with the larger quantity: the buyer most likely filled the cart twice for the
    same wish, and two pieces too many cost more trust than one too few. What came last stays chosen. Lines beyond
    the limit are left out, the oldest first.

    Returns:
        how many lines were left out.
    """
    mine = {_what(line): line for line in target.lines.all()}
    left_out = 0
    for line in source.lines.all():
        same = mine.get(_what(line))
        if same is not None:
            same.quantity = min(max(same.quantity, line.quantity), QUANTITY_MAX)
            same.selected = line.selected
            same.seen_price = line.seen_price
            same.added_at = max(same.added_at, line.added_at)
            same.save()
        elif len(mine) >= CART_LINES_MAX:
            left_out += 1
        else:
            line.cart = target
            line.save(update_fields=["cart"])
            mine[_what(line)] = line
    source.delete()
    touch(target, now)
    return left_out


def _what(line: CartLine) -> tuple[int, tuple[int, ...], str]:
    """What makes two lines the same thing."""
    return line.variant_id, tuple(line.add_ons), line.choice
