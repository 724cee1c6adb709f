"""The demo's past: it begins a quarter of a year before it is loaded."""

from datetime import UTC, datetime, timedelta

PAST = timedelta(days=92)
LOADED = datetime.now(UTC).replace(microsecond=0)
START = LOADED - PAST


def begin(loaded: datetime) -> None:
    """Share the clock of the process that loads the rest; before anything that reads it is imported."""
    global LOADED, START
    LOADED, START = loaded, loaded - PAST
