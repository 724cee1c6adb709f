"""The demo's past: it begins a quarter of a year before it is loaded."""

from datetime import UTC, datetime, timedelta

LOADED = datetime.now(UTC).replace(microsecond=0)
START = LOADED - timedelta(days=92)
