"""Look at everything Wanku needs on this machine, and say for each thing amiss how to mend it. Changes nothing.

The exit code is 0 if nothing stands in the way.
"""

import argparse

from rich.markup import escape

from wanku.runner import console, health

HELP = "explain what is wrong, and how to mend it"
SIGNS = {health.Level.GOOD: "[green]✓[/]", health.Level.NOTE: "[yellow]![/]", health.Level.BAD: "[bold red]✗[/]"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which port to look at."""
    parser.add_argument("--port", type=int, default=8000, help="port that should be free (default: %(default)s)")


def run(options: argparse.Namespace) -> int:
    """Print every finding."""
    findings = list(health.examine(options.port))
    for finding in findings:
        console.say(f"{SIGNS[finding.level]} {escape(finding.text)}")
        if finding.mend:
            console.say(f"    [dim]→[/] {escape(finding.mend)}")
    bad = sum(finding.level is health.Level.BAD for finding in findings)
    console.say("\nNothing stands in the way." if not bad else f"\n{bad} to mend before Wanku can run.")
    return 1 if bad else 0
