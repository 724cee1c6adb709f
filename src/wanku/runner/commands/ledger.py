"""Prove the books from scratch: money, orders, refunds, payouts, stock, bills and bookings, trusting no cached number.

`wanku ledger verify` reads everything as it is at one moment, while the shop goes on selling, changes nothing, and says
what does not hold. The exit code is 0 for sound books and 1 otherwise. --json prints the findings for programs.
"""

import argparse
import json
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Column, Table

from wanku.runner import console, database

if TYPE_CHECKING:
    from wanku.ledger.proof import Check

HELP = "prove the books from scratch"


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to do with the ledger, and how to say it."""
    parser.add_argument("act", choices=["verify"], help="verify: prove every invariant")
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")


def run(options: argparse.Namespace) -> int:
    """Prove, and say what was found.

    Raises:
        NoDatabase: no database is reachable.
    """
    if not os.environ.get("DATABASE_URL"):
        database.local_environment()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wanku.project.settings")
    with database.for_command("ledger verify"):
        import django

        django.setup()
        from wanku.flows.proving.prove_books import prove_books

        with Bars() as bars:
            checks = prove_books(tell=bars)
    if options.json:
        from wanku.ledger.proof import as_json

        print(json.dumps(as_json(checks), ensure_ascii=False, indent=1))
    else:
        _show(checks)
    return 0 if all(check.holds for check in checks) else 1


class Bars(Progress):
    """A bar for each thing that is looked at; none where nobody watches."""

    def __init__(self) -> None:
        counts = TextColumn("{task.completed:>9,} of {task.total:>9,}")
        columns = (TextColumn("{task.description}"), BarColumn(bar_width=None), counts, TimeElapsedColumn())
        super().__init__(*columns, console=console.err, disable=not console.err.is_terminal, expand=True)
        self._bars: dict[str, TaskID] = {}

    def __call__(self, what: str, done: int, total: int) -> None:
        """Move its bar on."""
        if what not in self._bars:
            self._bars[what] = self.add_task(what, total=total)
        self.update(self._bars[what], completed=done, total=total)


def _show(checks: Sequence["Check"]) -> None:
    """A table for people; where nobody watches, one whole line for each invariant."""
    if console.out.is_terminal:
        table = Table("", "invariant", *(Column(name, justify="right") for name in ("checked", "wrong")), box=None)
        for check in checks:
            sign = "[green]✓[/]" if check.holds else "[bold red]✗[/]"
            table.add_row(sign, f"[dim]{check.code}[/] {escape(check.says)}", f"{check.checked:,}", f"{check.wrong:,}")
        console.out.print(table)
    else:
        for check in checks:
            sign = "holds" if check.holds else "WRONG"
            console.say(f"{sign}  {check.code}  {check.checked} checked, {check.wrong} wrong  {escape(check.says)}")
    for check in checks:
        for row in check.rows:
            facts = ", ".join(f"{name} {value}" for name, value in row.items())
            console.out.print(f"[bold red]{check.code}[/] {escape(facts)}", soft_wrap=True)
    wrong = sum(not check.holds for check in checks)
    console.say("\nThe books are sound." if not wrong else f"\n{wrong} of {len(checks)} invariants do not hold.")
