"""Whether money, stock and orders agree, computed from scratch. Reads only."""

from typing import Final

from wanku.flows.proving import _sql
from wanku.flows.proving._bills import prove_bills
from wanku.flows.proving._moment import one_moment
from wanku.kernel.invariant import Invariant
from wanku.kernel.refusal import gettext_noop
from wanku.kinds.registry import KINDS
from wanku.ledger.proof import REST, Check, Tell, check, prove_ledger, silent

ACROSS: Final = (
    Invariant(
        "I3",
        gettext_noop("A trade is paid exactly when one attempt was captured and booked once, over its amount."),
        _sql.TRADES,
        _sql.PAID_AND_CAPTURED,
    ),
    Invariant(
        "I3",
        gettext_noop("Money that pays no order is owed to the buyer and on its way back, all of it."),
        _sql.UNWANTED,
        _sql.UNWANTED_NOT_OWED,
    ),
    Invariant(
        "I4",
        gettext_noop("Refunds never exceed what was captured."),
        _sql.REFUNDS,
        _sql.REFUNDED_TOO_MUCH,
    ),
    Invariant(
        "I4",
        gettext_noop("Refunds of an order never exceed what was paid for it, and their parts sum to them."),
        _sql.REFUNDS,
        _sql.REFUNDED_PARTS,
    ),
    Invariant(
        "I4",
        gettext_noop("Every refund that arrived is booked once, and no other."),
        _sql.REFUNDS,
        _sql.REFUND_ENTRIES,
    ),
    Invariant(
        "I4",
        gettext_noop(
            "Held or frozen for an order is what was not paid back, until its window closes; then nothing is held."
        ),
        _sql.ORDERS,
        _sql.HELD_BY_ORDER,
    ),
    Invariant(
        "I4",
        gettext_noop("What is under way to shops, and what has left, is that of the payouts, each by its state."),
        _sql.PAYOUTS,
        _sql.PAYOUTS_BOOKED,
    ),
    Invariant(
        "I5",
        gettext_noop("Stock put in is free, held by unpaid orders or sold in paid ones, and never negative."),
        _sql.SUPPLIES,
        _sql.SUPPLIES_AND_ORDERS,
    ),
    Invariant(
        "I5",
        gettext_noop("Pieces counted for a person, where a product is limited, are those in orders that stand."),
        _sql.PERSONAL_COUNTS,
        _sql.PERSONAL_COUNTS_AND_ORDERS,
    ),
)


def prove_books(*, tell: Tell = silent) -> list[Check]:
    """Invariants I1 to I5, I9 and I10, each with what breaks it; all hold in a sound installation at any moment.

    Args:
        tell: hears how far it is, for whoever waits.
    """
    across = (*ACROSS, *(each for kind in KINDS.values() for each in kind.proofs()))
    total = len(across) + 1
    with one_moment():
        checks = prove_ledger(tell=tell)
        for done, each in enumerate(across):
            tell(REST, done, total)
            checks.append(check(each.code, each.says, all_of=each.all_of, wrong=each.wrong))
        tell(REST, len(across), total)
        checks += prove_bills()
    tell(REST, total, total)
    return sorted(checks, key=_number)


def _number(found: Check) -> int:
    return int(found.code.removeprefix("I"))
