"""States of the after-sales window of an order, of settlements and of payouts."""

from typing import Final

from wanku.kernel.states import BUYER, CLOCK, GATEWAY, PLATFORM, SYSTEM, Machine, Waiting, rule

OPEN: Final = "open"
RELEASED: Final = "released"
NOTHING_LEFT: Final = "nothing_left"

PAYABLE: Final = "payable"
PAYING: Final = "paying"
CARRIED: Final = "carried"

CREATED: Final = "created"
APPROVED: Final = "approved"
SENT: Final = "sent"
PAID: Final = "paid"
FAILED: Final = "failed"

WINDOW_MACHINE = Machine(
    name="window",
    initial=OPEN,
    rules={
        (OPEN, "release"): rule(RELEASED, CLOCK),
        # Something of it is frozen: it is looked at again, until that is decided.
        (OPEN, "hold"): rule(OPEN, CLOCK),
        # All of it went back to the buyer before the window closed.
        (OPEN, "empty"): rule(NOTHING_LEFT, CLOCK),
    },
    waiting={OPEN: Waiting(BUYER, "settle_after", "release")},
)

SETTLEMENT_MACHINE = Machine(
    name="settlement",
    initial=PAYABLE,
    rules={
        (PAYABLE, "pay_out"): rule(PAYING, PLATFORM),
        # Too little, or negative, or overtaken by the next settlement, which takes the whole balance along.
        (PAYABLE, "carry"): rule(CARRIED, CLOCK, PLATFORM),
        (PAYABLE, "remind"): rule(PAYABLE, CLOCK),
        (PAYING, "pay"): rule(PAID, GATEWAY),
        # The money is available again, and part of the next settlement.
        (PAYING, "fail"): rule(FAILED, GATEWAY, PLATFORM, SYSTEM),
        (PAID, "come_back"): rule(FAILED, GATEWAY),
    },
    waiting={PAYABLE: Waiting(PLATFORM, "pay_out", "remind")},
)

PAYOUT_MACHINE = Machine(
    name="payout",
    initial=CREATED,
    rules={
        (CREATED, "approve"): rule(APPROVED, PLATFORM),
        (CREATED, "decline"): rule(FAILED, PLATFORM),
        # Nobody looked: it never leaves without a second person.
        (CREATED, "remind"): rule(CREATED, CLOCK),
        (APPROVED, "send"): rule(SENT, SYSTEM),
        # The shop's standing or its account changed between the second person's word and the sending.
        (APPROVED, "fail"): rule(FAILED, SYSTEM),
        # Silence of the bank: it is asked again and again, never assumed to have failed.
        (SENT, "ask"): rule(SENT, CLOCK),
        (SENT, "pay"): rule(PAID, GATEWAY),
        (SENT, "fail"): rule(FAILED, GATEWAY),
        # A bank may send money back days after it reported it as paid.
        (PAID, "come_back"): rule(FAILED, GATEWAY),
    },
    waiting={
        CREATED: Waiting(PLATFORM, "approve_payout", "remind"),
        APPROVED: Waiting(SYSTEM, "payout_retry", "send"),
        SENT: Waiting(GATEWAY, "payout_retry", "ask"),
    },
)
LIVE_PAYOUT: Final = (CREATED, APPROVED, SENT, PAID)
"""States in which a payout has the money of its settlement."""
ON_THE_WAY: Final = (CREATED, APPROVED, SENT)
"""States in which money has left the balance and has not arrived."""
