"""The promise was kept, or the buyer did not come: the order is fulfilled, and its short receipt clock starts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import F

from wanku.audit.move import By
from wanku.flows.booking._hold import Held, step
from wanku.flows.fulfilling._fulfil import fulfil
from wanku.kernel.states import MERCHANT, SYSTEM
from wanku.orders.models import Line


def conclude(
    held: Held,
    event: str,
    *,
    by: By,
    at: datetime,
    now: datetime,
    because: str = "",
    facts: Mapping[str, Any] | None = None,
) -> None:
    """End a booking by ``finish`` or ``no_show``. The caller holds the locks.

    Args:
        at: when it truly happened.

    Raises:
        Refusal: ``wrong_state``, ``not_allowed``.
    """
    step(held, event, by=by, now=now, because=because, facts=facts)
    held.booking.done_at = at
    held.booking.save(update_fields=["done_at"])
    use_up(held)
    doer = by if by.kind == MERCHANT else By(SYSTEM)
    fulfil(held.order, by=doer, now=now, facts={"booking": str(held.booking.pk), "end": event})


def use_up(held: Held) -> None:
    """What was begun cannot be sold to somebody else: a later refund sets nothing free."""
    Line.objects.filter(order=held.order).update(shipped=F("quantity") - F("called_off"))
