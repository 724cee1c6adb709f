"""States of invoices: from the wish for one to the red letter that takes it back."""

from typing import Final

from wanku.kernel.states import BUYER, CLOCK, MERCHANT, PLATFORM, SYSTEM, Machine, Waiting, rule

REQUESTED: Final = "requested"
SENT: Final = "sent"
ISSUED: Final = "issued"
REVERSED: Final = "reversed"
CANCELLED: Final = "cancelled"

INVOICE_MACHINE = Machine(
    name="invoice",
    initial=REQUESTED,
    rules={
        # Committed before the provider is called; from here on the words and the amounts are frozen.
        (REQUESTED, "send"): rule(SENT, MERCHANT, PLATFORM, SYSTEM),
        (REQUESTED, "cancel"): rule(CANCELLED, BUYER),
        # Everything was paid back before it was issued.
        (REQUESTED, "void"): rule(CANCELLED, SYSTEM),
        # Silence of the shop: reminded again and again, on the platform's list, the first time counts as a lapse.
        (REQUESTED, "overdue"): rule(REQUESTED, CLOCK),
        (SENT, "issue"): rule(ISSUED, SYSTEM),
        # The same for a red letter.
        (SENT, "issue_red"): rule(ISSUED, SYSTEM),
        # The provider will not have it as it is: the shop looks at it again.
        (SENT, "refuse"): rule(REQUESTED, SYSTEM),
        (SENT, "ask"): rule(SENT, CLOCK),
        # Its red letter was issued.
        (ISSUED, "reverse"): rule(REVERSED, SYSTEM),
    },
    waiting={
        REQUESTED: Waiting(MERCHANT, "invoice_issue", "overdue"),
        SENT: Waiting(SYSTEM, "invoice_query", "ask"),
    },
)
LIVE: Final = (REQUESTED, SENT, ISSUED)
"""States in which an invoice stands: an order has at most one that does."""
