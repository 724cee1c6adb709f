"""Names and platform defaults of the sums up to which one person may act alone.

The values in force are audited rows beside the durations (`wanku.audit.rules`); these are what a new installation
starts with. Major units of whatever currency it is about.
"""

from collections.abc import Mapping
from types import MappingProxyType

LIMITS: Mapping[str, int] = MappingProxyType({"close_alone": 100, "close_alone_day": 300})
"""Major units by name: the largest difference of a channel's bill that one person of finance may close alone, and what
all that one person closes alone on a day of the books may come to."""

LIMITS_MAX: Mapping[str, int] = MappingProxyType({"close_alone": 10_000, "close_alone_day": 50_000})
"""The most that a platform may set, so that the rule cannot be switched off; nought takes a second person always."""
