"""pgbench of the embedded server's own wheel, on the server that is measured."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from bench.numbers import Round
from wanku.runner.postgres import programs

SQL = Path(__file__).resolve().parent / "sql"
CLIENTS, THREADS = 64, 2


class NoPgbench(RuntimeError):
    """There is no pgbench; the text says how to get one."""


def program() -> Path:
    """Where pgbench is: in the wheel, or else what the machine has.

    Raises:
        NoPgbench: nowhere.
    """
    own = programs.installed() / "bin" / "pgbench"
    if own.is_file():
        return own
    other = shutil.which("pgbench")
    if other is None:
        raise NoPgbench("pgbench is missing; on Debian `apt-get install postgresql-contrib` brings one.")
    return Path(other)


def pgbench(
    url: str,
    script: str,
    *,
    seconds: float | None = None,
    each: int | None = None,
    clients: int = CLIENTS,
    values: Mapping[str, int] | None = None,
) -> Round:
    """Run a script of bench/sql with prepared statements.

    Args:
        seconds: for how long; or else
        each: how many transactions each client does.
        values: its variables.

    Raises:
        RuntimeError: a client was aborted, so the figure would be of fewer clients.
    """
    with tempfile.TemporaryDirectory(prefix="wanku-bench-pgbench-") as folder:
        length = ["-t", str(each)] if each is not None else ["-T", str(max(1, round(seconds or 1)))]
        command = [str(program()), "-n", "-M", "prepared", "-c", str(clients), "-j", str(THREADS), *length]
        command += [word for name, value in (values or {}).items() for word in ("-D", f"{name}={value}")]
        command += ["-l", f"--log-prefix={folder}/log", "-f", str(SQL / f"{script}.sql")]
        done = subprocess.run(
            command, env={**os.environ, **libpq(url)}, capture_output=True, text=True, encoding="utf-8", check=False
        )
        if done.returncode != 0 or "aborted" in done.stderr:
            raise RuntimeError(f"pgbench {script} failed:\n{done.stderr[-2000:]}")
        took = [
            int(line.split(" ", 3)[2]) / 1e6
            for file in Path(folder).iterdir()
            for line in file.read_text(encoding="ascii").splitlines()
        ]
    return Round(rate=tps(done.stdout.splitlines()), took=took, accepted=len(took))


def tps(lines: Sequence[str]) -> float:
    """Transactions per second of pgbench's report, connecting left aside.

    Raises:
        ValueError: there is no such line.
    """
    for line in lines:
        if line.startswith("tps = "):
            return float(line.split()[2])
    raise ValueError("pgbench reported no tps")


def libpq(url: str) -> dict[str, str]:
    """The environment by which libpq finds the server; a password in the arguments could be read by everybody."""
    parts = urlsplit(url)
    options = parse_qs(parts.query)
    return {
        "PGHOST": options["host"][0],
        "PGPORT": options["port"][0],
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": parts.path.lstrip("/"),
    }
