"""What completion means, whoever brings it about: the buyer or the clock."""

from collections.abc import Sequence
from datetime import datetime

from wanku.audit.move import By, Step, move_all
from wanku.flows.settling.release_order import release_order
from wanku.fulfilment.models import Parcel
from wanku.fulfilment.states import RECEIVED
from wanku.orders.models import Order


def complete(orders: Sequence[Order], event: str, *, by: By, now: datetime) -> None:
    """Receive all parcels, complete the orders, and release their money. The caller holds the orders' locks.

    A batch of one is the ordinary case; a batch must be of one merchant, whose balances it changes.
    """
    by_id = {order.pk: order for order in orders}
    waiting = (
        Parcel.objects.select_for_update(no_key=True, of=("self",)).filter(order__in=orders).exclude(state=RECEIVED)
    )
    parcels = list(waiting.order_by("pk"))
    for parcel in parcels:
        parcel.order = by_id[parcel.order_id]
    move_all([Step(parcel) for parcel in parcels], "receive", by=by, now=now)
    Parcel.objects.filter(pk__in=[parcel.pk for parcel in parcels]).update(received_at=now)
    move_all([Step(order) for order in orders], event, by=by, now=now)
    Order.objects.filter(pk__in=list(by_id)).update(completed_at=now)
    for order in orders:
        order.completed_at = now
        release_order(order, now=now)
