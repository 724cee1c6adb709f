"""The buyer stayed silent: receipt happens by itself."""

from datetime import datetime

from django.db import transaction

from wanku.audit.move import By
from wanku.flows.fulfilling._complete import complete
from wanku.flows.fulfilling._due import act_on_due
from wanku.kernel.states import CLOCK
from wanku.orders.models import Order
from wanku.orders.states import FULFILLED


def receive_due(*, now: datetime, limit: int = 100) -> int:
    """Complete fulfilled orders whose receipt clock has run out; their money is released.

    Any number of sweepers may run at once. One transaction never touches the balances of two merchants, so that it
    cannot stand in a circle with a payment that books for several.

    Returns:
        how many were completed.
    """
    due = Order.objects.filter(state=FULFILLED, due_at__lte=now)
    with transaction.atomic():
        # Locked for this moment only: rows that another sweeper works on are not worth a look.
        free = due.order_by("due_at", "pk").select_for_update(no_key=True, skip_locked=True)
        found = list(free.values_list("merchant_id", "pk")[:limit])
    done = 0
    for merchant_id in sorted({merchant_id for merchant_id, _ in found}):
        mine = due.filter(pk__in=[pk for owner, pk in found if owner == merchant_id])
        done += act_on_due(
            mine, lambda orders: complete(orders, "receive", by=By(CLOCK), now=now), now=now, limit=limit
        )
    return done
