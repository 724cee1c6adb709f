"""What a cart may hold, and what is said about a line that cannot be bought as it stands."""

from typing import Final

from wanku.kernel.refusal import Code, gettext_noop
from wanku.pricing.quote import LINES_MAX, Offer

BUYABLE: Final = "buyable"
GONE: Final = "gone"
SOLD_OUT: Final = "sold_out"
SHORT: Final = "short"
EXTRA_GONE: Final = "extra_gone"
UNFIT: Final = "unfit"
"""What was configured cannot be had any more: the date is past, the room is closed."""

CART_FULL = Code("cart_full", gettext_noop("A cart holds at most %(most)s different things. Please remove some."))
CART_LINES_MAX: Final = LINES_MAX


def standing(offer: Offer | None, *, free: int, quantity: int, add_ons: tuple[int, ...]) -> str:
    """Whether a line can be bought as it stands, or the one thing that hinders it most.

    Args:
        free: units of it that can be had.
    """
    if offer is None or not offer.sellable:
        return GONE
    if free <= 0:
        return SOLD_OUT
    if not set(add_ons) <= {extra.id for extra in offer.extras}:
        return EXTRA_GONE
    return BUYABLE if quantity <= min(free, offer.most_pieces) else SHORT
