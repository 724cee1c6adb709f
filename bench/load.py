"""Starting load generators and reading what they saw."""

import json
import subprocess
import sys
import tempfile
from array import array
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.client import Job, Record, write_plan
from bench.numbers import Round
from bench.place import ROOT

WAIT_SECONDS = 180.0


@dataclass(frozen=True, slots=True)
class Seen:
    """What one load generator saw.

    Attributes:
        seconds: until its last new request.
        cpu: seconds of processor time that it used.
    """

    record: Record
    seconds: float
    cpu: float

    def round(self, wanted: int) -> Round:
        """Answers with the wanted status that came while requests were still being sent; others are refusals."""
        record = self.record
        took = [
            t
            for status, began, t in zip(record.status, record.began, record.took, strict=True)
            if status == wanted and began + t <= self.seconds
        ]
        accepted = sum(1 for status in record.status if status == wanted)
        return Round(
            rate=len(took) / self.seconds,
            took=took,
            accepted=accepted,
            refused=len(record.status) - accepted,
            cpu=self.cpu / self.seconds,
        )

    def of(self, wanted: int) -> list[int]:
        """Places in the plan of the requests that were answered with this status."""
        return [i for i, status in zip(self.record.index, self.record.status, strict=True) if status == wanted]

    def statuses(self) -> dict[int, int]:
        """How often each status came; 0 is a broken connection."""
        return dict(sorted(Counter(self.record.status).items()))


class Generator:
    """One load generator, loaded and waiting for its start."""

    def __init__(
        self,
        port: int,
        requests: Sequence[bytes],
        *,
        connections: int,
        seconds: float = 0.0,
        arrivals: Sequence[float] = (),
        again: bool = False,
    ) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="wanku-bench-load-")
        folder = Path(self._folder.name)
        write_plan(folder / "plan", requests)
        job = Job(port, str(folder / "plan"), str(folder / "out"), connections, seconds, again=again)
        if arrivals:
            (folder / "arrivals").write_bytes(array("d", arrivals).tobytes())
            job = Job(**{**asdict(job), "arrivals": str(folder / "arrivals")})
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "bench.client"],
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._out = folder / "out"
        self._say(json.dumps(asdict(job)))
        self._hear()

    def start(self) -> None:
        """Begin to ask."""
        self._say("go")

    def end(self) -> Seen:
        """Wait until it is through.

        Raises:
            RuntimeError: it broke.
        """
        said = json.loads(self._hear())
        self._process.wait(timeout=WAIT_SECONDS)
        seen = Seen(Record.read(self._out), said["seconds"], said["cpu"])
        self._folder.cleanup()
        return seen

    def _say(self, line: str) -> None:
        assert self._process.stdin is not None  # noqa: S101 - for the type checker
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()

    def _hear(self) -> str:
        assert self._process.stdout is not None  # noqa: S101 - for the type checker
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the load generator broke; see its traceback above")
        return line


def ask(
    port: int,
    requests: Sequence[bytes],
    *,
    connections: int,
    seconds: float,
    again: bool = False,
    meanwhile: Callable[[], None] | None = None,
) -> Seen:
    """One closed loop from start to end."""
    generator = Generator(port, requests, connections=connections, seconds=seconds, again=again)
    generator.start()
    if meanwhile is not None:
        meanwhile()
    return generator.end()
