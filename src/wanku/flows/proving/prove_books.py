"""Whether money, stock and orders agree, computed from scratch. Reads only."""

from wanku.flows.proving import _sql
from wanku.flows.proving._bills import prove_bills
from wanku.kernel.refusal import gettext_noop
from wanku.ledger.proof import Check, check, prove_ledger


def prove_books() -> list[Check]:
    """Invariants I1 to I5 and I9, each with what breaks it; all of them hold in a sound installation at any moment."""
    return [
        *prove_ledger(),
        check(
            "I3",
            gettext_noop("A trade is paid exactly when one attempt was captured and booked once, over its amount."),
            all_of=_sql.TRADES,
            wrong=_sql.PAID_AND_CAPTURED,
        ),
        check(
            "I3",
            gettext_noop("Money that pays no order is owed to the buyer and on its way back, all of it."),
            all_of=_sql.UNWANTED,
            wrong=_sql.UNWANTED_NOT_OWED,
        ),
        check(
            "I4",
            gettext_noop("Refunds never exceed what was captured."),
            all_of=_sql.REFUNDS,
            wrong=_sql.REFUNDED_TOO_MUCH,
        ),
        check(
            "I4",
            gettext_noop("Refunds of an order never exceed what was paid for it, and their parts sum to them."),
            all_of=_sql.REFUNDS,
            wrong=_sql.REFUNDED_PARTS,
        ),
        check(
            "I4",
            gettext_noop("Every refund that arrived is booked once, and no other."),
            all_of=_sql.REFUNDS,
            wrong=_sql.REFUND_ENTRIES,
        ),
        check(
            "I4",
            gettext_noop(
                "Held or frozen for an order is what was not paid back, until its window closes; then nothing is held."
            ),
            all_of=_sql.ORDERS,
            wrong=_sql.HELD_BY_ORDER,
        ),
        check(
            "I4",
            gettext_noop("What is under way to shops, and what has left, is that of the payouts, each by its state."),
            all_of=_sql.PAYOUTS,
            wrong=_sql.PAYOUTS_BOOKED,
        ),
        check(
            "I5",
            gettext_noop("Stock put in is free, held by unpaid orders or sold in paid ones, and never negative."),
            all_of=_sql.SUPPLIES,
            wrong=_sql.SUPPLIES_AND_ORDERS,
        ),
        check(
            "I5",
            gettext_noop("Pieces counted for a person, where a product is limited, are those in orders that stand."),
            all_of=_sql.PERSONAL_COUNTS,
            wrong=_sql.PERSONAL_COUNTS_AND_ORDERS,
        ),
        *prove_bills(),
    ]
