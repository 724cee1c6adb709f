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
        "ship": 48 * HOUR,
        "receipt_goods": 10 * DAY,
        "receipt_by_hand": 2 * DAY,
        "receipt_extension": 3 * DAY,
        "review_window": 30 * DAY,
        "review_follow_up": 180 * DAY,
        "late_reminder": 24 * HOUR,
        "urge_gap": 6 * HOUR,
        "attempt_query": 30,
        "attempt_life": 15 * MINUTE,
        "refund_retry": MINUTE,
        "approve_merchant": 3 * DAY,
        "invitation": 7 * DAY,
        "answer_question": 48 * HOUR,
        "return_no_reason": 7 * DAY,
        "room_wait": 30 * MINUTE,
        "room_pass": 3 * MINUTE,
    }
)
"""Seconds by name."""

FLOORS: Mapping[str, int] = MappingProxyType(
    {
        # Law of the PRC on the Protection of Consumer Rights and Interests, article 25.
        "return_no_reason": 7 * DAY,
        "review_window": 15 * DAY,
        "pay_goods": 5 * MINUTE,
        "receipt_goods": 2 * DAY,
        "receipt_by_hand": DAY,
        "attempt_query": 5,
        "refund_retry": 5,
        "room_pass": MINUTE,
    }
)
"""The shortest that a platform may set, in seconds; one second where nothing is said."""
