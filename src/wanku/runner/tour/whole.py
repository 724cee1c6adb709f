"""The tour from its first step to its last table."""

import time

from wanku.runner import console
from wanku.runner.tour import speech
from wanku.runner.tour.main_job import MainJob
from wanku.runner.tour.script import Script, Stopped
from wanku.runner.tour.silence import Silence
from wanku.runner.tour.speech import pgettext as _p


def act(url: str, language: str, part: str) -> int:
    """Act it; 0 when every step was seen."""
    speech.speak(language)
    script, start = Script(console.out), time.perf_counter()
    header = speech.HEADERS[language]
    try:
        if part != "clocks":
            script.console.print(f"[bold]{_p('tour', 'A tour of')} {url}[/]")
            MainJob(script, url, header).act()
        if part != "main":
            Silence(script, header).act()
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
