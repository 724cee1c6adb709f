"""Print a new random text for WANKU_SECRET.

Give it to every process of one installation, and keep it: changing it signs everybody out.
"""

import argparse

from wanku.runner.folder import new_secret

HELP = "print a new random text for WANKU_SECRET"


def arguments(parser: argparse.ArgumentParser) -> None:
    """No options."""


def run(options: argparse.Namespace) -> int:
    """Print the secret alone, so that it can be piped."""
    print(new_secret())
    return 0
