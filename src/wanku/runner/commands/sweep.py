"""Act for those who stayed silent: whatever is due by a clock happens here, in any number of processes at once.

With --once it looks a single time and ends. --now then tells it another time than the clock on the wall, to see what
silence will lead to; it is refused outside WANKU_DEBUG, since what happens by the clock cannot be taken back.
"""

import argparse
import os
from datetime import UTC, datetime

from wanku.project import env as environment
from wanku.runner import console, database
from wanku.runner.stopping import asked_to_stop

HELP = "carry out what is due by a clock"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Once, and when."""
    parser.add_argument("--once", action="store_true", help="act on what is due, and end")
    parser.add_argument("--now", type=moment, metavar="ISO", help="with --once: as if it were this moment")


def moment(text: str) -> datetime:
    """A moment with or without a zone; without one it is UTC."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def run(options: argparse.Namespace) -> int:
    """Sweep until stopped, or once; what is under way is finished first.

    Raises:
        NoDatabase: no database is reachable.
    """
    if options.now and not options.once:
        return console.fail("--now goes with --once: a clock that stands still would sweep the same moment for ever.")
    database.for_service()
    if options.now and not environment.read().debug:
        return console.fail("--now is for trying things out: it is refused unless WANKU_DEBUG is on.")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wanku.project.settings")
    import django

    django.setup()
    from wanku.jobs import sweeper

    if options.once:
        watches = sweeper.once(options.now or datetime.now(UTC))
        for watch in watches:
            if report := watch.report():
                console.say(report)
        return int(any(watch.failures for watch in watches))
    with asked_to_stop() as asked:
        sweeper.run(asked.stop)
    return 0
