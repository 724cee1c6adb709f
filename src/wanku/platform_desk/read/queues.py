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
from wanku.payments.models import BankTransfer, Refund
from wanku.payments.states import REPORTED, STUCK
from wanku.reconciliation.models import FinanceCase
from wanku.reconciliation.states import OPEN, PROPOSED
from wanku.settlement.models import Payout, Settlement
from wanku.settlement.states import CREATED, PAYABLE

LATE_STATES = (PAID, FULFILLING)


@dataclass(frozen=True, slots=True)
class Queues:
    """How many of each wait."""

    applications: int
    late_orders: int
    stuck_refunds: int
    transfers: int
    late_invoices: int
    finance_cases: int
    payouts: int
    unread: int


def queues(actor: Actor) -> Queues:
    """Counts over partial indexes; the last is of notices that the actor may read."""
    unpaid = Settlement.objects.filter(state=PAYABLE).values("pk")
    unapproved = Payout.objects.filter(state=CREATED).values("pk")
    return Queues(
        applications=Merchant.objects.filter(state=APPLYING).count(),
        late_orders=Order.objects.filter(late_since__isnull=False, state__in=LATE_STATES).count(),
        late_invoices=Invoice.objects.filter(late_since__isnull=False, state=REQUESTED).count(),
        stuck_refunds=Refund.objects.filter(state=STUCK).count(),
        transfers=BankTransfer.objects.filter(state=REPORTED, due_at__isnull=False).count(),
        finance_cases=FinanceCase.objects.filter(due_at__isnull=False, state__in=(OPEN, PROPOSED)).count(),
        payouts=unpaid.union(unapproved, all=True).count(),
        unread=unread_count(actor, platform=True),
    )
