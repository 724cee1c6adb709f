"""What completion means, whoever brings it about: the buyer or the clock."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from wanku.audit.move import By, RowStep, move_rows
from wanku.flows.settling._windows import open_windows
from wanku.fulfilment.models import Parcel
from wanku.fulfilment.states import RECEIVED
from wanku.orders.models import Order


class Completing(NamedTuple):
    """A locked order that is to be completed."""

    pk: UUID
    state: str
    trade_id: UUID
    merchant_id: int


def complete(orders: Sequence[Completing], event: str, *, by: By, now: datetime) -> None:
    """Receive all parcels, complete the orders, and open their after-sales windows. The caller holds their locks.

    The money stays held until a window closes (`wanku.flows.settling.release_due`).

    A batch of one is the ordinary case; the statements are the same for any number.
    """
    trade_of = {order.pk: order.trade_id for order in orders}
    waiting = Parcel.objects.select_for_update(no_key=True).filter(order__in=trade_of).exclude(state=RECEIVED)
    parcels = waiting.order_by("pk").values_list("pk", "state", "merchant_id", "order_id")
    received = [RowStep(pk, state, merchant_id, trade_of[order_id]) for pk, state, merchant_id, order_id in parcels]
    move_rows(Parcel, received, "receive", by=by, now=now, also={"received_at": now})
    done = [RowStep(order.pk, order.state, order.merchant_id, order.trade_id) for order in orders]
    move_rows(Order, done, event, by=by, now=now, also={"completed_at": now})
    open_windows(orders, now=now)
