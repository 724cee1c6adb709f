"""What happens once, before the parts start: migrating, and loading the demo."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from rich.markup import escape

from wanku.runner import console
from wanku.runner.postgres import Cluster
from wanku.runner.postgres.processes import leash

PATIENCE = 10.0
WANKU = (sys.executable, "-P", "-m", "wanku")


class StepFailed(RuntimeError):
    """A step ended badly; the text holds the end of what it printed."""


class Stopped(Exception):
    """We were asked to stop while a step ran."""


class Steps:
    """Runs our own commands to their end, one after another, and shows the last line each has printed."""

    def __init__(self, logs: Path, stop: threading.Event, program: Sequence[str] = WANKU) -> None:
        self.logs = logs
        self.stopping = stop
        self._program = program

    def run(self, doing: str, *command: str, environ: Mapping[str, str] | None = None) -> None:
        """Run `wanku command` to its end; its first word names the log.

        Raises:
            StepFailed: it ended with an error.
            Stopped: we were asked to stop, and it was cut off.
        """
        if self.stopping.is_set():
            raise Stopped
        log = self.logs / f"{command[0]}.log"
        process = subprocess.Popen(
            [*self._program, *command],
            env={**(environ or os.environ), "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,  # Ctrl-C comes to us alone
            preexec_fn=leash(signal.SIGTERM),  # noqa: PLW1509 - one system call, no locks
        )
        with console.out.status(f"{doing} …") as status, log.open("w", encoding="utf-8") as file:

            def show(line: str) -> None:
                file.write(line)
                status.update(f"{doing} … [dim]{escape(line.strip()[:80])}[/]")

            follower = threading.Thread(target=_follow, args=(process.stdout, show), daemon=True)
            follower.start()
            self._await(process)
            follower.join()
        if self.stopping.is_set():
            raise Stopped
        if process.returncode != 0:
            end = "\n".join(log.read_text(encoding="utf-8").splitlines()[-25:])
            raise StepFailed(f"{doing} failed:\n{end}\nAll of it is in {log}")

    def _await(self, process: subprocess.Popen[str]) -> None:
        while process.poll() is None:
            if self.stopping.wait(0.05):
                process.terminate()
                try:
                    process.wait(PATIENCE)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
                return


def fill(steps: Steps, cluster: Cluster | None, *, demo: bool) -> None:
    """Bring the database of DATABASE_URL up to date, and load the demo if it is wanted.

    The first time, the embedded server's database is filled beside its place and then moved there: a load that was cut
    off must not be taken for a shop with data of its own.

    Raises:
        StepFailed: a step ended with an error.
        Stopped: we were asked to stop.
    """
    if cluster is None or not demo or not cluster.is_empty():
        steps.run("Migrating", "migrate")
        if demo:
            steps.run("Loading the demo", "demo")
        return
    began = time.monotonic()
    environ = {**os.environ, "DATABASE_URL": cluster.begin_aside()}
    steps.run("Making the tables", "migrate", environ=environ)
    steps.run("Loading the demo, this once", "demo", environ=environ)
    cluster.use_aside()
    console.say(f"[green]✓[/] The demo was loaded in {time.monotonic() - began:.0f} s.")


def _follow(pipe: IO[str] | None, show: Callable[[str], None]) -> None:
    for line in pipe or ():
        show(line)
