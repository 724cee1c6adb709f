"""Compare what the payment channels billed with our books, for one day.

Fetches the bill of each channel (yesterday's unless --day says otherwise), books its fees, compares it line by line
and prints what came of it. It may be run again at any time: the same bill changes nothing. The exit code is 1 while a
bill is missing or a difference waits for finance.
"""

import argparse
import os
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from rich.table import Table

from wanku.runner import console, database

if TYPE_CHECKING:
    from wanku.flows.reconciling.match_bill import Matched

HELP = "compare the bills of the payment channels with our books"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which day, and which channel."""
    parser.add_argument(
        "--day", type=date.fromisoformat, metavar="YYYY-MM-DD", help="default: yesterday, at the channel"
    )
    parser.add_argument("--channel", help="default: every channel that is set up")


def run(options: argparse.Namespace) -> int:
    """Reconcile each channel.

    Raises:
        NoDatabase: no database is reachable.
    """
    if not os.environ.get("DATABASE_URL"):
        database.local_environment()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wanku.project.settings")
    with database.for_command("reconcile"):
        import django

        django.setup()
        from wanku.payments.gateways import GATEWAYS
        from wanku.reconciliation.days import day_of

        now = datetime.now(UTC)
        names = [options.channel] if options.channel else [n for n, g in GATEWAYS.items() if g.methods()]
        if options.channel and options.channel not in GATEWAYS:
            return console.fail(f"There is no channel {options.channel}. There are: {', '.join(GATEWAYS)}.")
        table = Table("channel", "day", *("lines", "agree", "carried", "open cases", ""), box=None)
        sound = True
        for name in names:
            day = options.day or day_of(name, now) - timedelta(days=1)
            done, waiting, problem = _reconcile(name, day, now)
            sound = sound and not problem and not waiting
            figures = (str(n) for n in (done.rows, done.matched, done.carried)) if done else ("–", "–", "–")
            verdict = problem or ("differs" if waiting else "✓")
            table.add_row(name, day.isoformat(), *figures, str(waiting), verdict)
        console.out.print(table)
        return 0 if sound else 1


def _reconcile(gateway: str, day: date, now: datetime) -> "tuple[Matched | None, int, str]":
    """What came of it, how many cases of that day are open, and what was wrong."""
    from wanku.flows.reconciling.reconcile_day import reconcile_day
    from wanku.kernel.refusal import Refusal
    from wanku.reconciliation.models import FinanceCase

    done, problem = None, ""
    try:
        done = reconcile_day(gateway, day, now=now)
    except Refusal as refusal:
        problem = refusal.code.text
    waiting = FinanceCase.objects.filter(gateway=gateway, day=day, due_at__isnull=False).count()
    return done, waiting, problem
