"""States of bills, and of the cases that finance makes of differences."""

from typing import Final

from wanku.kernel.states import CLOCK, GATEWAY, PLATFORM, SYSTEM, Machine, Waiting, rule

WAITED: Final = "waited"
LATE: Final = "late"
FETCHED: Final = "fetched"
MATCHED: Final = "matched"
NOTHING: Final = "nothing"
OPEN: Final = "open"
PROPOSED: Final = "proposed"
EXPECTED: Final = "expected"
RESOLVED: Final = "resolved"

BILL_MACHINE = Machine(
    name="bill",
    initial=WAITED,
    rules={
        (WAITED, "ask"): rule(WAITED, CLOCK),
        (WAITED, "late"): rule(LATE, CLOCK),
        (WAITED, "fetch"): rule(FETCHED, GATEWAY, PLATFORM),
        # No bill came, and our books of that day are empty as well: there is nothing to compare.
        (WAITED, "nothing"): rule(NOTHING, CLOCK),
        (LATE, "ask"): rule(LATE, CLOCK),
        (LATE, "remind"): rule(LATE, CLOCK),
        (LATE, "fetch"): rule(FETCHED, GATEWAY, PLATFORM),
        (FETCHED, "fetch"): rule(FETCHED, GATEWAY, PLATFORM),
        (FETCHED, "match"): rule(MATCHED, SYSTEM),
        # A channel may correct its bill, and a later look may find what an earlier one could not.
        (MATCHED, "fetch"): rule(FETCHED, GATEWAY, PLATFORM),
        (NOTHING, "fetch"): rule(FETCHED, GATEWAY, PLATFORM),
    },
    waiting={
        WAITED: Waiting(GATEWAY, "bill_query", "ask"),
        # Finance has been told; the channel is asked all the same, and finance may hand in the bill as a file.
        LATE: Waiting(PLATFORM, "bill_query", "ask"),
        FETCHED: Waiting(SYSTEM, "bill_match", "match"),
    },
)

CASE_MACHINE = Machine(
    name="finance_case",
    initial=OPEN,
    rules={
        (OPEN, "resolve"): rule(RESOLVED, PLATFORM),
        # What was missing turned up: the bill was corrected, or our books caught up.
        (OPEN, "come_right"): rule(RESOLVED, SYSTEM),
        (OPEN, "propose"): rule(PROPOSED, PLATFORM),
        (OPEN, "expect"): rule(EXPECTED, PLATFORM),
        # Nobody has looked: it stays on finance's list and is reminded, it never closes by itself.
        (OPEN, "remind"): rule(OPEN, CLOCK),
        (PROPOSED, "approve"): rule(RESOLVED, PLATFORM),
        (PROPOSED, "decline"): rule(OPEN, PLATFORM),
        (PROPOSED, "come_right"): rule(RESOLVED, SYSTEM),
        # No second person in time: the proposal lapses.
        (PROPOSED, "lapse"): rule(OPEN, CLOCK),
        (EXPECTED, "come_right"): rule(RESOLVED, SYSTEM),
        (EXPECTED, "resolve"): rule(RESOLVED, PLATFORM),
        (EXPECTED, "propose"): rule(PROPOSED, PLATFORM),
        (EXPECTED, "disappoint"): rule(OPEN, CLOCK),
    },
    waiting={
        OPEN: Waiting(PLATFORM, "finance_case", "remind"),
        PROPOSED: Waiting(PLATFORM, "finance_case", "lapse"),
        EXPECTED: Waiting(GATEWAY, "bill_expected", "disappoint"),
    },
)
