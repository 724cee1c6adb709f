"""Names and platform defaults of every duration that Wanku waits for.

The values in force are audited rows (`wanku.audit.rules`); these are what a new installation starts with.
Where each comes from: `docs/rules.md`.
"""

from collections.abc import Mapping
from types import MappingProxyType

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR

DEFAULTS: Mapping[str, int] = MappingProxyType(
    {
        "pay_goods": 15 * MINUTE,
        "pay_transfer": 3 * DAY,
        "confirm_transfer": DAY,
        "ship": 48 * HOUR,
        "receipt_goods": 10 * DAY,
        "receipt_by_hand": 2 * DAY,
        "receipt_extension": 3 * DAY,
        "review_window": 30 * DAY,
        "review_follow_up": 180 * DAY,
        "late_reminder": 24 * HOUR,
        "booking_reminder": 24 * HOUR,
        "licence_reminder": 14 * DAY,
        "urge_gap": 6 * HOUR,
        "attempt_query": 30,
        "attempt_life": 15 * MINUTE,
        "refund_retry": MINUTE,
        "bill_ready": 10 * HOUR,
        "bill_query": 30 * MINUTE,
        "bill_late": 16 * HOUR,
        "bill_match": MINUTE,
        "bill_edge": 15 * MINUTE,
        "bill_expected": 48 * HOUR,
        "refund_arrival": 5 * DAY,
        "finance_case": 24 * HOUR,
        "approve_merchant": 3 * DAY,
        "invitation": 7 * DAY,
        "answer_question": 48 * HOUR,
        "return_no_reason": 7 * DAY,
        "settle_after": 7 * DAY,
        "settle_recheck": HOUR,
        "pay_out": DAY,
        "approve_payout": DAY,
        "payout_retry": MINUTE,
        "payout_watch": DAY,
        "bank_cooling": 2 * DAY,
        "invoice_issue": 15 * DAY,
        "invoice_query": MINUTE,
        "pay_meal": 10 * MINUTE,
        "accept_meal": 15 * MINUTE,
        "miss_meal": 3 * HOUR,
        "meal_arrives": 3 * HOUR,
        "pay_stay": 30 * MINUTE,
        "stay_no_show": DAY,
        "stay_finish": 12 * HOUR,
        "room_wait": 30 * MINUTE,
        "room_pass": 3 * MINUTE,
        "review_freeze": 7 * DAY,
        "accept_visit": 2 * HOUR,
        "visit_missed": 4 * HOUR,
        "visit_over": 12 * HOUR,
        "seat_decide": 3 * DAY,
        "seat_done": 2 * HOUR,
    }
)
"""Seconds by name."""

FLOORS: Mapping[str, int] = MappingProxyType(
    {
        # Law of the PRC on the Protection of Consumer Rights and Interests, article 25.
        "return_no_reason": 7 * DAY,
        "review_window": 15 * DAY,
        "pay_goods": 5 * MINUTE,
        "pay_stay": 5 * MINUTE,
        "pay_meal": 5 * MINUTE,
        # A guest who is late by a night still finds the room.
        "stay_no_show": 12 * HOUR,
        # Between banks, and over a weekend, money may be under way for two days.
        "pay_transfer": 2 * DAY,
        "receipt_goods": 2 * DAY,
        "receipt_by_hand": DAY,
        "attempt_query": 5,
        "refund_retry": 5,
        "invoice_query": 5,
        "payout_retry": 5,
        "bill_query": MINUTE,
        "bill_match": 5,
        "room_pass": MINUTE,
        "accept_visit": 15 * MINUTE,
    }
)
"""The shortest that a platform may set, in seconds; one second where nothing is said."""
