"""Act for those who stayed silent: whatever is due by a clock happens here, in any number of processes at once."""

import argparse
import os
import signal
import threading
from types import FrameType

from wanku.runner import database

HELP = "carry out what is due by a clock"


def arguments(parser: argparse.ArgumentParser) -> None:
    """No options."""


def run(options: argparse.Namespace) -> int:
    """Sweep until stopped; what is under way is finished first.

    Raises:
        NoDatabase: no database is reachable.
    """
    database.for_service()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wanku.project.settings")
    import django

    django.setup()
    from wanku.jobs import sweeper

    stop = threading.Event()

    def ask(signum: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ask)
    signal.signal(signal.SIGINT, ask)
    sweeper.run(stop)
    return 0
