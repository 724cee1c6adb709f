"""Bring the database's tables up to date. Safe to repeat, and safe while the old release still serves pages."""

import argparse

from wanku.runner.commands.manage import django

HELP = "bring the database's tables up to date"


def arguments(parser: argparse.ArgumentParser) -> None:
    """No options; for Django's own see `wanku manage migrate --help`."""


def run(options: argparse.Namespace) -> int:
    """Migrate without questions."""
    return django(["migrate", "--no-input"], doing="migrate")
