"""Do the jobs that pages and flows leave for later: notices, imports, questions to gateways."""

import argparse
import os

from wanku.runner import database

HELP = "do the jobs that were left for later"


def arguments(parser: argparse.ArgumentParser) -> None:
    """How much to do at once."""
    parser.add_argument("--at-once", type=int, default=4, help="jobs at the same time (default: %(default)s)")


def run(options: argparse.Namespace) -> int:
    """Work until stopped; jobs under way are finished first.

    Raises:
        NoDatabase: no database is reachable.
    """
    database.for_service()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wanku.project.settings")
    from django.core.management import execute_from_command_line

    words = [
        "procrastinate",
        "worker",
        "--name=wanku",
        f"--concurrency={options.at_once}",
        "--shutdown-graceful-timeout=20",
        # What was done shows in the tables that it was done to; jobs that failed stay to be looked at.
        "--delete-jobs=successful",
    ]
    execute_from_command_line(["wanku worker", *words])
    return 0
