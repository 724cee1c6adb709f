"""The processes under `wanku up`: started, watched, started again when they die, stopped in order."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from rich.markup import escape

from wanku.runner import console
from wanku.runner.postgres import Cluster, ClusterError
from wanku.runner.postgres.processes import leash

LOG_LARGEST = 10_000_000
STEADY = 60.0  # seconds after which a process counts as healthy, and its next death as the first


class Part(Protocol):
    """One thing that must be running."""

    name: str

    def start(self) -> None:
        """Start it. Raises OSError or ClusterError if that fails."""

    def died(self) -> str | None:
        """How it ended, in words, or None while it runs."""

    def stop(self, *, hurry: bool = False) -> None:
        """Stop it and wait; `hurry` cuts it off."""


class Server:
    """The embedded PostgreSQL as a part."""

    name = "postgres"

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.cluster.start()

    def died(self) -> str | None:
        """How it ended, or None."""
        return f"ended; see {self.cluster.log}" if self.cluster.died() else None

    def stop(self, *, hurry: bool = False) -> None:
        """Stop it in good order, even in a hurry: that takes less than a recovery."""
        self.cluster.stop()


class Child:
    """One of our own commands as a process; what it prints goes to a log file and to the terminal."""

    def __init__(
        self, name: str, arguments: Sequence[str], *, environ: Mapping[str, str], log: Path, echo: bool, patience: float
    ) -> None:
        self.name = name
        self.log = log
        self._command = [sys.executable, "-P", "-m", "wanku", *arguments]
        self._environ = dict(environ)
        self._echo = echo
        self._patience = patience
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches only the one who stops all in order."""
        if self.log.exists() and self.log.stat().st_size > LOG_LARGEST:
            self.log.replace(self.log.with_suffix(".log.1"))
        self._process = subprocess.Popen(
            self._command,
            env=self._environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
            preexec_fn=leash(signal.SIGTERM),  # noqa: PLW1509 - one system call, no locks
        )
        if self._process.stdout is not None:
            threading.Thread(target=self._follow, args=(self._process.stdout,), daemon=True).start()

    def died(self) -> str | None:
        """How it ended, or None while it runs."""
        if self._process is None or (code := self._process.poll()) is None:
            return None
        if code < 0:
            return f"was ended by {signal.Signals(-code).name}"
        return f"ended with exit code {code}"

    def stop(self, *, hurry: bool = False) -> None:
        """Ask it to finish; cut it and its own children off when its patience is over."""
        process = self._process
        if process is None:
            return
        if process.poll() is None and not hurry:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(self._patience)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)  # also what it may have left behind
        process.wait()

    def last_lines(self, count: int = 12) -> str:
        """The end of its log."""
        with contextlib.suppress(OSError):
            return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-count:])
        return ""

    def _follow(self, pipe: IO[str]) -> None:
        with self.log.open("a", encoding="utf-8") as log, contextlib.suppress(OSError, ValueError):
            for line in pipe:
                log.write(line)
                log.flush()
                if self._echo:
                    console.out.print(f"[dim]{self.name:>7} │[/] {escape(line.rstrip())}", soft_wrap=True)


@dataclass(slots=True)
class _Record:
    part: Part
    started: float
    deaths: int = 0
    again_at: float | None = None


class Crew:
    """Several parts, started in the order given and stopped in the reverse order."""

    def __init__(self, stop: threading.Event, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.stopping = stop
        self._clock = clock
        self._records: list[_Record] = []

    def add(self, part: Part) -> None:
        """Start one more part and watch it from now on. Raises what its start raises."""
        part.start()
        self._records.append(_Record(part, self._clock()))

    def watch(self, *, every: float = 0.2) -> None:
        """Keep all parts running until `stopping` is set."""
        while not self.stopping.wait(every):
            self.tend_all()

    def tend_all(self) -> None:
        """Look at every part once: notice a death, and start it again after a pause that grows from 1 to 30 seconds."""
        for record in self._records:
            self._tend(record)

    def _tend(self, record: _Record) -> None:
        now = self._clock()
        if record.again_at is None:
            ending = record.part.died()
            if ending is None:
                return
            record.deaths = 1 if now - record.started > STEADY else record.deaths + 1
            pause = min(2.0 ** (record.deaths - 1), 30.0)
            record.again_at = now + pause
            console.warn(f"{record.part.name} {ending}; starting it again in {pause:.0f} s.")
        elif now >= record.again_at:
            try:
                record.part.start()
            except (OSError, ClusterError) as problem:
                record.deaths += 1
                record.again_at = now + min(2.0 ** (record.deaths - 1), 30.0)
                console.err.print(str(problem), markup=False)
                return
            record.again_at, record.started = None, now

    def stop(self, *, hurry: Callable[[], bool] = lambda: False) -> None:
        """Stop every part, last started first."""
        while self._records:
            self._records.pop().part.stop(hurry=hurry())
