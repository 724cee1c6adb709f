"""What completion means, whoever brings it about: the buyer or the clock."""

from datetime import datetime

from wanku.audit.move import By, move
from wanku.flows.settling.release_order import release_order
from wanku.fulfilment.models import Parcel
from wanku.fulfilment.states import RECEIVED
from wanku.orders.models import Order


def complete(order: Order, event: str, *, by: By, now: datetime) -> None:
    """Receive all parcels, complete the order, and release its money. The caller holds the order's lock."""
    parcels = Parcel.objects.select_for_update(of=("self",)).filter(order=order).exclude(state=RECEIVED).order_by("pk")
    for parcel in parcels:
        parcel.order = order
        move(parcel, "receive", by=by, now=now)
        parcel.received_at = now
        parcel.save(update_fields=["received_at"])
    move(order, event, by=by, now=now)
    order.completed_at = now
    order.save(update_fields=["completed_at"])
    release_order(order, now=now)
