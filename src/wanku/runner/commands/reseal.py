"""Seal everything that is kept secret anew, under the current WANKU_SECRET.

To change the secret: give every process the new one as WANKU_SECRET and the old one in WANKU_FORMER_SECRETS, restart
them, run this once, and then take the old one away. All of it is sealed anew, or nothing.
"""

import argparse
import os
from datetime import UTC, datetime

from wanku.runner import console, database

HELP = "seal secrets anew after WANKU_SECRET has changed"


def arguments(parser: argparse.ArgumentParser) -> None:
    """No options."""


def run(options: argparse.Namespace) -> int:
    """Reseal, and say how many of each kind.

    Raises:
        NoDatabase: no database is reachable.
    """
    database.for_service()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wanku.project.settings")
    import django

    django.setup()
    from wanku.flows.integrating.reseal_secrets import reseal_secrets
    from wanku.kernel.secrets import Unsealable

    try:
        counts = reseal_secrets(now=datetime.now(UTC))
    except Unsealable as problem:
        return console.fail(
            f"Something sealed as “{problem}” opens with no secret known here. Add the one that sealed it to "
            "WANKU_FORMER_SECRETS; nothing was changed."
        )
    for name, count in counts.items():
        console.say(f"{count:>6} {name.replace('_', ' ')}")
    console.say("Everything is sealed under the current secret; former ones are no longer needed for it.")
    return 0
