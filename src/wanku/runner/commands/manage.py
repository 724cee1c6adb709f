"""Run one of Django's management commands, such as `shell`, `dbshell` or `makemigrations`.

Without DATABASE_URL it works on the embedded database of the data folder, started for the length of the command if
`wanku up` is not running.
"""

import argparse
import os

from wanku.project import env as environment
from wanku.runner import database

HELP = "run one of Django's management commands"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Everything after `manage` is for Django."""
    parser.add_argument("words", nargs=argparse.REMAINDER, metavar="...", help="Django's command and its options")


def run(options: argparse.Namespace) -> int:
    """Hand the words to Django."""
    return django(options.words, doing="manage")


def django(words: list[str], *, doing: str) -> int:
    """Run Django's command `words` with a database at hand.

    Raises:
        NoDatabase: there is none.
        BadEnvironment: a setting is wrong.
    """
    if not os.environ.get("DATABASE_URL"):
        database.local_environment()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wanku.project.settings")
    with database.for_command(doing):
        environment.read()
        from django.core.management import execute_from_command_line

        execute_from_command_line(["wanku manage", *words])
    return 0
