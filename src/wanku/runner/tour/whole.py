"""The tour from its first step to its last table."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack

from wanku.runner import console
from wanku.runner.tour import kinds, speech
from wanku.runner.tour.main_job import MainJob
from wanku.runner.tour.money_moves import Money
from wanku.runner.tour.proven import prove
from wanku.runner.tour.script import Script, Stopped
from wanku.runner.tour.silence import STOCK, Silence
from wanku.runner.tour.speech import pgettext as _p
from wanku.runner.tour.throw_away import opened


def act(url: str, language: str, part: str) -> int:
    """Act it; 0 when every step was seen."""
    environ = dict(os.environ)
    acted = _act(url, language, part)
    for further in ("money", "kinds") if part == "all" else ():
        acted = acted or _apart(further, language, environ)
    return acted


def _act(url: str, language: str, part: str) -> int:
    speech.speak(language)
    script, start = Script(console.out), time.perf_counter()
    header = speech.HEADERS[language]
    try:
        if part in ("all", "main"):
            script.console.print(f"[bold]{_p('tour', 'A tour of')} {url}[/]")
            MainJob(script, url, header).act()
        if part != "main":
            _throw_away(script, header, part)
    except Stopped:
        left = _p("tour", "Step %s was not seen; what follows was not tried.") % script.steps
        script.console.print(f"\n[bold red]✗[/] {left}")
        return 1
    took = time.perf_counter() - start
    done = _p("tour", "All %(steps)s steps were seen, in %(seconds)s s.") % {
        "steps": script.steps,
        "seconds": f"{took:.0f}",
    }
    script.console.print(f"\n[bold green]✓[/] {done}")
    return 0


def _throw_away(script: Script, language: str, part: str) -> None:
    """What needs time to be moved.

    Raises:
        Stopped: a step was not seen.
    """
    script.chapter(_p("tour", "A throw-away instance"))
    with ExitStack() as stack:
        with script.step("operator", _p("tour", "opens a shop on a database and a port of its own")) as step:
            place = stack.enter_context(opened(STOCK))
            step.saw(place.url)
        if part == "money":
            Money(script, language, place).act()
        elif part == "kinds":
            kinds.act(script, language, place)
        else:
            Silence(script, language, place).act()
        prove(script, language)


def _apart(part: str, language: str, environ: Mapping[str, str]) -> int:
    """A part in a process of its own: its instance begins at the time of now."""
    words = [sys.executable, "-P", "-m", "wanku", "tour", "--part", part, "--lang", language]
    return subprocess.run(words, env=environ, check=False).returncode
