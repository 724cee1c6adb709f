"""What waits for the platform, as counts that stand beside the places."""

from dataclasses import dataclass

from wanku.access.actor import Actor
from wanku.invoices.models import Invoice
from wanku.invoices.states import REQUESTED
from wanku.merchants.models import Merchant
from wanku.merchants.states import APPLYING
from wanku.notices.queries import unread_count
from wanku.orders.models import Order
from wanku.orders.states import FULFILLING, PAID
from wanku.payments.models import Refund
from wanku.payments.states import STUCK

LATE_STATES = (PAID, FULFILLING)


@dataclass(frozen=True, slots=True)
class Queues:
    """How many of each wait."""

    applications: int
    late_orders: int
    stuck_refunds: int
    late_invoices: int
    unread: int


def queues(actor: Actor) -> Queues:
    """Counts over partial indexes; the last is of notices that the actor may read."""
    return Queues(
        applications=Merchant.objects.filter(state=APPLYING).count(),
        late_orders=Order.objects.filter(late_since__isnull=False, state__in=LATE_STATES).count(),
        late_invoices=Invoice.objects.filter(late_since__isnull=False, state=REQUESTED).count(),
        stuck_refunds=Refund.objects.filter(state=STUCK).count(),
        unread=unread_count(actor, platform=True),
    )
