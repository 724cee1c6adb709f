"""States of payment attempts and refunds."""

from typing import Final

from wanku.kernel.states import BUYER, CLOCK, GATEWAY, PLATFORM, SYSTEM, Machine, Waiting, rule

CREATED: Final = "created"
PENDING: Final = "pending"
CAPTURED: Final = "captured"
FAILED: Final = "failed"
CLOSED: Final = "closed"
SENT: Final = "sent"
SUCCEEDED: Final = "succeeded"
STUCK: Final = "stuck"
REPORTED: Final = "reported"
CONFIRMED: Final = "confirmed"
DECLINED: Final = "declined"

ATTEMPT_MACHINE = Machine(
    name="attempt",
    initial=CREATED,
    rules={
        (CREATED, "open"): rule(PENDING, SYSTEM),
        (CREATED, "fail"): rule(FAILED, SYSTEM, GATEWAY),
        (CREATED, "close"): rule(CLOSED, BUYER, CLOCK, SYSTEM, GATEWAY),
        (CREATED, "capture"): rule(CAPTURED, GATEWAY),
        (CREATED, "ask"): rule(CREATED, CLOCK),
        (PENDING, "capture"): rule(CAPTURED, GATEWAY),
        (PENDING, "fail"): rule(FAILED, GATEWAY),
        # Also by the channel itself: its own time was over, or the buyer called it off there.
        (PENDING, "close"): rule(CLOSED, BUYER, CLOCK, SYSTEM, GATEWAY),
        # The clock only asks the channel again; the answer decides.
        (PENDING, "ask"): rule(PENDING, CLOCK),
        # A channel may report success after it reported failure, or after we closed: money is money.
        (FAILED, "capture"): rule(CAPTURED, GATEWAY),
        (CLOSED, "capture"): rule(CAPTURED, GATEWAY),
    },
    waiting={
        CREATED: Waiting(SYSTEM, "attempt_query", "ask"),
        PENDING: Waiting(BUYER, "attempt_query", "ask"),
    },
)

REFUND_MACHINE = Machine(
    name="refund",
    initial=CREATED,
    rules={
        (CREATED, "send"): rule(SENT, SYSTEM),
        (CREATED, "fail"): rule(FAILED, SYSTEM),
        (SENT, "succeed"): rule(SUCCEEDED, GATEWAY),
        (SENT, "fail"): rule(FAILED, GATEWAY, SYSTEM),
        (SENT, "ask"): rule(SENT, CLOCK),
        # A channel that never says what became of it: finance asks it by other means.
        (SENT, "give_up"): rule(STUCK, CLOCK),
        (FAILED, "retry"): rule(CREATED, CLOCK, PLATFORM),
        (FAILED, "give_up"): rule(STUCK, CLOCK),
        # A channel may report success after it reported failure: the money is back, so nothing is owed.
        (FAILED, "succeed"): rule(SUCCEEDED, GATEWAY),
        (STUCK, "succeed"): rule(SUCCEEDED, GATEWAY),
        (STUCK, "retry"): rule(CREATED, PLATFORM),
        # Finance paid it another way, with the buyer's consent, and two persons saw it leave.
        (STUCK, "pay_elsewhere"): rule(SUCCEEDED, PLATFORM),
        # Finance has not looked: it stays on their list and is reminded, it is never silently dropped.
        (STUCK, "remind"): rule(STUCK, CLOCK),
    },
    waiting={
        CREATED: Waiting(SYSTEM, "refund_retry", "send"),
        SENT: Waiting(GATEWAY, "refund_retry", "ask"),
        FAILED: Waiting(SYSTEM, "refund_retry", "retry"),
        STUCK: Waiting(PLATFORM, "late_reminder", "remind"),
    },
)

BANK_TRANSFER_MACHINE = Machine(
    name="bank_transfer",
    initial=REPORTED,
    rules={
        (REPORTED, "confirm"): rule(CONFIRMED, PLATFORM),
        (REPORTED, "decline"): rule(DECLINED, PLATFORM),
        # Nothing is ever booked on the word of one: it stays on the list of finance and is reminded.
        (REPORTED, "remind"): rule(REPORTED, CLOCK),
    },
    waiting={REPORTED: Waiting(PLATFORM, "confirm_transfer", "remind")},
)
