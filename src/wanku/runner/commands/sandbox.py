"""Serve the simulated banks: strangers to the shop, who speak the real protocols of the payment channels.

They keep books, keys and notices of their own in a file of the data folder. Faults are asked for on the payer's page,
or by `POST /faults` with a JSON object such as {"channel": "wechat", "call": "refund", "kind": "lost_answer"}.
`wanku up` starts them beside the pages. With --introduce it serves nothing, but opens the shop's accounts at banks that
already run, for those channels that have none.
"""

import argparse
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from wanku.runner import console, database
from wanku.runner.folder import DataFolder
from wanku.runner.stopping import asked_to_stop

HELP = "serve simulated banks to try payments with"
NO_DATABASE = "postgresql:///none"
"""The banks never ask the shop's database; the settings that they share with it insist on a name."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen, and how fast time passes at the banks."""
    parser.add_argument("--port", type=int, default=8001, help="port at 127.0.0.1 (default: %(default)s)")
    parser.add_argument(
        "--speed", type=float, default=1.0, help="how many times faster unheard notices are told again (default: 1)"
    )
    parser.add_argument(
        "--ahead",
        type=float,
        default=0.0,
        metavar="DAYS",
        help="let the banks' calendar go ahead, e.g. to bill a day that is not over (default: 0)",
    )
    parser.add_argument("--introduce", metavar="URL", help="open the shop's accounts at the banks that answer there")


def run(options: argparse.Namespace) -> int:
    """Serve until stopped, or introduce the shop.

    Raises:
        NoDatabase: the shop is to be introduced, and its database cannot be reached.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wanku.project.settings")
    if options.introduce:
        return _introduce(options.introduce)
    if options.speed <= 0:
        return console.fail("--speed must be more than 0.")
    database.local_environment()
    os.environ.setdefault("DATABASE_URL", NO_DATABASE)
    import django

    django.setup()
    return _serve(DataFolder.from_environment().path / "banks.sqlite3", options)


def _introduce(url: str) -> int:
    database.for_service()
    import django

    django.setup()
    from django.conf import settings

    from wanku.sandbox.introduce import NoBanks, introduce

    if not settings.SANDBOX:
        return console.fail("WANKU_SANDBOX is off: real money must not go to simulated banks.")
    try:
        changed = introduce(url, now=datetime.now(UTC))
    except NoBanks as problem:
        return console.fail(str(problem))
    console.say(f"Accounts were opened: {', '.join(changed)}" if changed else "Every account is already there.")
    return 0


def _serve(file: Path, options: argparse.Namespace) -> int:
    from wanku.sandbox.banks.bank import wall_clock
    from wanku.sandbox.banks.books import Books
    from wanku.sandbox.banks.deliver import Postman, Rounds
    from wanku.sandbox.banks.registry import open_banks
    from wanku.sandbox.banks.serve import BankServer

    def calendar() -> datetime:
        return wall_clock() + timedelta(days=options.ahead)

    books = Books(file)
    banks = open_banks(books, calendar)
    try:
        server = BankServer(banks, books, port=options.port)
    except OSError as problem:
        return console.fail(f"Cannot listen at 127.0.0.1:{options.port}: {problem}")
    rounds = Rounds(Postman(banks, books, speed=options.speed), calendar)
    with asked_to_stop() as asked:
        server.start()
        rounds.start()
        console.say(f"The simulated banks are open: {server.url}")
        asked.stop.wait()
        rounds.stop()
        server.stop()
    books.close()
    return 0
