"""A guest finds an order again by number and contact."""

from datetime import datetime
from uuid import UUID

from wanku.flows.buying._guest_trade import find_guest_trade


def track_order(number: str, contact: str, *, source: str, now: datetime) -> UUID:
    """The trade to show; the door grants it to the browser that asked.

    Raises:
        Refusal: ``no_match`` for a wrong number and a wrong contact alike, ``too_often``.
    """
    return find_guest_trade(number, contact, source=source, now=now).pk
