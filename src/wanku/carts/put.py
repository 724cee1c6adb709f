"""Put something into a cart."""

from datetime import datetime

from wanku.carts.models import Cart, CartLine
from wanku.carts.rules import CART_FULL, CART_LINES_MAX
from wanku.kernel.refusal import Refusal
from wanku.pricing.quote import BAD_QUANTITY, QUANTITY_MAX


def put(
    cart: Cart,
    *,
    variant_id: int,
    add_ons: tuple[int, ...],
    quantity: int,
    price: int,
    now: datetime,
    choice: str = "",
) -> CartLine:
    """Add pieces of a variant with the same add-ons and choice to a locked cart; a line that exists grows.

    Args:
        choice: canonical JSON for the kind.
        price: per piece with add-ons, minor units, as the buyer sees it now.

    Raises:
        Refusal: ``bad_quantity`` or ``cart_full``.
    """
    if not 1 <= quantity <= QUANTITY_MAX:
        raise Refusal(BAD_QUANTITY, field="quantity", most=QUANTITY_MAX)
    extras = sorted(set(add_ons))
    line = cart.lines.filter(variant_id=variant_id, add_ons=extras, choice=choice).first()
    if line is None:
        if cart.lines.count() >= CART_LINES_MAX:
            raise Refusal(CART_FULL, most=CART_LINES_MAX)
        line = CartLine(cart=cart, variant_id=variant_id, add_ons=extras, choice=choice, quantity=0)
    line.quantity = min(line.quantity + quantity, QUANTITY_MAX)
    line.seen_price = price
    line.selected = True
    line.added_at = now
    line.save()
    touch(cart, now)
    return line


def touch(cart: Cart, now: datetime) -> None:
    """Remember when a cart last changed."""
    cart.updated_at = now
    cart.save(update_fields=["updated_at"])
