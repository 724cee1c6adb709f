"""Placing one checkout."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from wanku.flows.buying._checkout import Checkout, Contact
from wanku.flows.buying._rows import Accepted as Written
from wanku.flows.buying.place_orders import Placed, place_orders
from wanku.kernel.gather import Gather
from wanku.kernel.refusal import Refusal

__all__ = ["GATHERED", "Checkout", "Contact", "Placed", "Written", "place_order"]


def _place(batch: Sequence[tuple[Checkout, datetime]]) -> list[Placed | Refusal]:
    checkouts, moments = [checkout for checkout, _ in batch], [now for _, now in batch]
    return place_orders(checkouts, now=max(moments))


GATHERED: Final[Gather[tuple[Checkout, datetime], Placed | Refusal]] = Gather(_place, name="placing")
"""Open in processes that serve: every door's checkouts share their commits."""


def place_order(checkout: Checkout, *, now: datetime) -> Placed:
    """Place one checkout, together with whoever else is placing at this moment.

    Raises:
        Refusal: what is wrong, with the field; nothing has been changed. ``busy`` when too many wait.
    """
    answer = GATHERED.do((checkout, now))
    if isinstance(answer, Refusal):
        raise answer
    return answer
