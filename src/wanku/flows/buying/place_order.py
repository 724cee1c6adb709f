"""Placing one checkout."""

from datetime import datetime

from wanku.flows.buying._checkout import Checkout, Contact
from wanku.flows.buying.place_orders import Placed, place_orders
from wanku.kernel.refusal import Refusal

__all__ = ["Checkout", "Contact", "Placed", "place_order"]


def place_order(checkout: Checkout, *, now: datetime) -> Placed:
    """Place one checkout: the ordinary case of a batch of one.

    Raises:
        Refusal: what is wrong, with the field; nothing has been changed.
    """
    answer = place_orders([checkout], now=now)[0]
    if isinstance(answer, Refusal):
        raise answer
    return answer
