"""Words of reconciliation: how bill and books differ, and what finance does about it."""

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.translation import gettext_lazy as _

from wanku.platform_desk.words import Text
from wanku.reconciliation.policy import Kind, Resolution

KINDS: Mapping[str, tuple[Text, Text]] = MappingProxyType(
    {
        Kind.MISSING_THERE: (
            _("Missing at the channel"),
            _("We booked it, and no bill around that day has it."),
        ),
        Kind.MISSING_HERE: (
            _("Missing in our books"),
            _("The bill has it, and we did not book it."),
        ),
        Kind.AMOUNT: (_("Amount differs"), _("Both know it, with another amount each.")),
        Kind.FEE: (_("Fee differs"), _("The channel charged another fee than was agreed; it was booked as charged.")),
        Kind.CURRENCY: (_("Currency differs"), _("Both know it, in another currency each.")),
        Kind.TWICE: (_("Billed more than once"), _("The bill has the same number again. The first line is settled.")),
        Kind.CHANGED: (
            _("Bill changed afterwards"),
            _("A newer version of the bill no longer has lines that were settled. They stay settled here."),
        ),
    }
)
"""Each kind of difference, and what it means."""
RESOLUTIONS: Mapping[str, tuple[Text, Text]] = MappingProxyType(
    {
        Resolution.BOOK_MISSING_CAPTURE: (
            _("Ask the channel and book it"),
            _("What the channel confirms takes the ordinary path: it pays its order, or goes back if it is too late."),
        ),
        Resolution.REFUND_BUYER: (
            _("Give the buyer the money back"),
            _("What was really paid is booked as owed to the buyer, and all of it is sent back."),
        ),
        Resolution.WRITE_OFF: (
            _("Write it off"),
            _("Our books take the channel’s figure, at the platform’s gain or loss."),
        ),
        Resolution.EXPECTED_NEXT_DAY: (
            _("The next bill will bring it"),
            _("The case waits for two days and opens again if it does not."),
        ),
        Resolution.EXPLAINED: (
            _("Right as it is"),
            _("Nothing is booked; the evidence below stands for it."),
        ),
        Resolution.CAME_RIGHT: (_("Came right by itself"), _("The bill or our books caught up.")),
    }
)
"""What may be done, and what follows from it."""
SENT_AGAIN = _("The refund is asked for again by its number, so it is never paid twice; the next bill must have it.")
SIDES: Mapping[str, Text] = {"in": _("Paid in"), "back": _("Paid back"), "fee": _("Fees of the channel")}
PLACES: Mapping[str, Text] = {
    "refunds": _("Money on its way back to buyers; what is stuck needs a look."),
    "transfers": _("Transfers to our bank account, reported by one and confirmed by another."),
    "reconciliation": _("Daily bills of the channels beside our books, and what differs."),
    "payouts": _("What shops have earned, prepared by one and released by another."),
    "settlements": _("What shops have earned, by period."),
    "freezes": _("Amounts that are held back, and for how long."),
    "invoices": _("What shops owe their buyers on paper."),
    "ledger": _("Every movement of money; nothing is ever changed."),
    "proof": _("The books checked from scratch, now."),
    "channels": _("The accounts by which the channels know us."),
}
"""What a place of the desk is for."""
