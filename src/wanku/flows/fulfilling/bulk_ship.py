"""A day's parcels at once."""

import logging
from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import datetime

from wanku.access.actor import Actor
from wanku.flows.fulfilling.ship_order import ship_order
from wanku.fulfilment.models import Parcel
from wanku.kernel.ids import clean_number
from wanku.kernel.refusal import NOT_FOUND, Code, Refusal, gettext_noop
from wanku.orders.models import Order

log = logging.getLogger(__name__)
ROWS_MAX = 500
TOO_MANY_ROWS = Code("too_many_rows", gettext_noop("At most %(most)s orders at once. Please split the list."), 422)
NOT_A_NUMBER = Code("bad_number", gettext_noop("This is not an order number. It has 17 digits."), 422)
TWICE = Code("listed_twice", gettext_noop("This order is in the list more than once; only the first row counts."), 409)
BROKEN = Code("row_failed", gettext_noop("This row could not be processed. Please try it again by itself."), 500)


@dataclass(frozen=True, slots=True)
class Shipment:
    """One row: all that is left of one order, in one parcel."""

    number: str
    carrier: str
    tracking: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a row: a parcel, or the reason why not."""

    row: Shipment
    parcel: Parcel | None = None
    refusal: Refusal | None = None


def bulk_ship(rows: Sequence[Shipment], *, actor: Actor, now: datetime) -> list[Outcome]:
    """Ship many orders, each in a transaction of its own, so that a bad row never spoils the others.

    A repeated list is harmless: orders that were shipped are refused row by row.

    Returns:
        one outcome per row, in order.

    Raises:
        Refusal: ``too_many_rows``; then nothing has been shipped.
    """
    if len(rows) > ROWS_MAX:
        raise Refusal(TOO_MANY_ROWS, field="rows", most=ROWS_MAX)
    numbers = [clean_number(row.number) for row in rows]
    orders = dict(
        Order.objects.visible_to(actor).filter(number__in=[n for n in numbers if n]).values_list("number", "pk")
    )
    first = {number: index for index, number in reversed(list(enumerate(numbers)))}
    outcomes = []
    for index, (row, number) in enumerate(zip(rows, numbers, strict=True)):
        refusal = _wrong(number, known=orders, again=first[number] != index)
        if refusal is not None or number is None:
            outcomes.append(Outcome(row, refusal=refusal))
            continue
        try:
            parcel = ship_order(
                orders[number], pieces=None, carrier=row.carrier, tracking=row.tracking, actor=actor, now=now
            )
            outcomes.append(Outcome(row, parcel=parcel))
        except Refusal as no:
            outcomes.append(Outcome(row, refusal=no))
        except Exception:
            # One broken row must not take its neighbours along.
            log.exception("bulk_ship: row %d failed", index)
            outcomes.append(Outcome(row, refusal=Refusal(BROKEN)))
    return outcomes


def _wrong(number: str | None, *, known: Container[str], again: bool) -> Refusal | None:
    if number is None:
        return Refusal(NOT_A_NUMBER, field="number")
    if again:
        return Refusal(TWICE, field="number")
    return None if number in known else Refusal(NOT_FOUND, field="number")
