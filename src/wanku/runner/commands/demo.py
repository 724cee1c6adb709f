"""Fill an empty database with the demo: merchants, products, people and some history. Does nothing if it is there."""

import argparse
import importlib.util
import os

from wanku.runner import console, database

HELP = "load the demo data, once"


def arguments(parser: argparse.ArgumentParser) -> None:
    """No options."""


def run(options: argparse.Namespace) -> int:
    """Load it.

    Raises:
        NoDatabase: no database is reachable.
    """
    if importlib.util.find_spec("wanku.runner.demo") is None:
        return console.fail("This release carries no demo data.")
    if not os.environ.get("DATABASE_URL"):
        database.local_environment()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wanku.project.settings")
    with database.for_command("demo"):
        import django

        django.setup()
        from wanku.runner.demo import load

        load()
    console.say("[green]✓[/] The demo data is there.")
    return 0
