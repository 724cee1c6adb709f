"""What was done, by whom, what was seen, and how long it took: printed as it happens."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from rich.console import Console
from rich.table import Table
from rich.text import Text

from wanku.runner.tour.speech import pgettext as _p

STYLES = {"guest": "cyan", "bank": "magenta", "shop": "yellow", "operator": "green", "clock": "blue"}
CAME_MAX = 600


class Unseen(Exception):
    """A step did not show what it should."""

    def __init__(self, expected: str, came: object) -> None:
        super().__init__(expected)
        self.expected = expected
        self.came = str(came)[:CAME_MAX]


class Stopped(Exception):
    """The tour ends here: a step was not seen, and the later ones build on it."""


@dataclass(slots=True)
class Step:
    """One step under way."""

    seen: list[str] = field(default_factory=list)

    def saw(self, text: str) -> None:
        """Note what was seen."""
        self.seen.append(text)

    def expect(self, holds: object, expected: str, came: object) -> None:
        """Go on only if it holds.

        Raises:
            Unseen: otherwise.
        """
        if not holds:
            raise Unseen(expected, came)


class Script:
    """The whole tour as it is written down."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.steps = 0
        self.names = {
            "guest": _p("tour", "Guest"),
            "bank": _p("tour", "Bank"),
            "shop": _p("tour", "Shop"),
            "operator": _p("tour", "Operator"),
            "clock": _p("tour", "Clock"),
        }

    def chapter(self, title: str) -> None:
        """A heading."""
        self.console.print()
        self.console.rule(f"[bold]{title}[/]", align="left", style="dim")

    @contextmanager
    def step(self, who: str, does: str) -> Iterator[Step]:
        """One step: what ``who`` does; inside, it is done and checked.

        Raises:
            Stopped: it was not seen; what was expected and what came is printed.
        """
        self.steps += 1
        step, start = Step(), time.perf_counter()
        try:
            yield step
        except Unseen as problem:
            self._fail(who, does, problem, start)
        except (httpx.HTTPError, StopIteration, LookupError, TypeError, ValueError, AttributeError) as problem:
            # An answer of another shape shows as one of these; the tour judges servers, so it must not break.
            came = f"{type(problem).__name__}: {problem}"
            self._fail(who, does, Unseen(_p("tour", "an answer as the API documents it"), came), start)
        else:
            self._row(who, does, " · ".join(step.seen), start, good=True)

    def table(self, title: str, columns: list[tuple[str, Any]], rows: list[list[str]]) -> None:
        """A table; columns are heading and alignment."""
        table = Table(title=title, title_justify="left", title_style="bold", header_style="dim")
        for heading, align in columns:
            table.add_column(heading, justify=align, overflow="fold")
        for row in rows:
            table.add_row(*row)
        self.console.print()
        self.console.print(table)

    def _fail(self, who: str, does: str, problem: Unseen, start: float) -> None:
        self._row(who, does, "", start, good=False)
        self.console.print(Text(f"      {_p('tour', 'expected')}: {problem.expected}", style="red"))
        self.console.print(Text(f"      {_p('tour', 'came')}: {problem.came}", style="red"))
        raise Stopped from problem

    def _row(self, who: str, does: str, seen: str, start: float, *, good: bool) -> None:
        grid = Table.grid(padding=(0, 1), expand=True)
        for width, align in ((4, "right"), (9, "left")):
            grid.add_column(width=width, justify=align)  # type: ignore[arg-type]
        grid.add_column(ratio=1)
        grid.add_column(width=9, justify="right")
        what = Text(does)
        if seen:
            what.append(f"\n→ {seen}", style="dim")
        mark = Text(f"{'✓' if good else '✗'}{self.steps:>3}", style="green" if good else "bold red")
        took = Text(f"{(time.perf_counter() - start) * 1000:,.0f} ms", style="dim")
        grid.add_row(mark, Text(self.names[who], style=STYLES[who]), what, took)
        self.console.print(grid)


def money(minor: int, currency: str = "CNY") -> str:
    """An amount for people."""
    sign = "−" if minor < 0 else ""
    return f"{sign}{'¥' if currency == 'CNY' else currency + ' '}{abs(minor) / 100:,.2f}"
