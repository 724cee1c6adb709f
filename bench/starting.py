"""Rows of starting on an empty machine, and of memory."""

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator

from bench.machine import family, share_mb
from bench.place import ROOT, free_port, stop
from bench.rows import Bench, Row
from wanku.runner.postgres.processes import leash

PATIENCE = 120.0
SECONDS_MOST, MEGABYTES_MOST = 5.0, 150.0


def start(bench: Bench) -> Iterator[Row]:
    """``wanku up`` in an empty folder: make the database, migrate, start every part, until the first page is whole."""
    folder, port = bench.place.folder / "start", free_port()
    folder.mkdir(mode=0o711)
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("WANKU_", "DATABASE_URL"))},
        "WANKU_DATA": str(folder / "wanku"),
        "WANKU_DEMO": "0",
    }
    began = time.monotonic()
    with (folder / "up.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "wanku", "up", "--quiet", f"--port={port}"],
            env=environ,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=leash(signal.SIGTERM),  # noqa: PLW1509 - one system call, no locks
        )
    try:
        row = Row("start_first_page", "s", 0.0)
        seconds = _first_page(process, port, began)
        if seconds is None:
            row.skipped = f"`wanku up` did not open: {(folder / 'up.log').read_text(encoding='utf-8')[-300:]}"
        else:
            row.ours = seconds
            row.claims["under 5 s"] = seconds < SECONDS_MOST
            row.facts["megabytes"] = memory_of(process.pid)
            row.notes.append(
                "From `wanku up` in an empty folder to the whole front page: initdb, migrations, all parts."
            )
        yield row
    finally:
        stop(process)


def _first_page(process: subprocess.Popen[bytes], port: int, began: float) -> float | None:
    while process.poll() is None and time.monotonic() - began < PATIENCE:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as answer:
            answer.read()
            return time.monotonic() - began
        time.sleep(0.02)
    return None


def memory(bench: Bench) -> Iterator[Row]:
    """What the web process holds after all of this run's load so far."""
    row = Row("memory_web", "MB", 0.0)
    found = memory_of(bench.place.web_pid)
    row.ours = max(found.values())
    row.facts["megabytes"] = found
    row.claims["under 150 MB for each process"] = row.ours < MEGABYTES_MOST
    row.notes.append("Proportional share (PSS) of the largest process of `wanku web`.")
    yield row


def memory_of(pid: int) -> dict[str, float]:
    """Megabytes by process of a family; those of the server are summed up as ``postgres``."""
    found: dict[str, float] = {}
    for member, command in family(pid).items():
        share = share_mb(member)
        if share:
            name = _short(command)
            if name == "postgres":
                found[name] = round(found.get(name, 0.0) + share, 1)
            else:
                found[f"{name} {member}"] = share
    return found


def _short(command: str) -> str:
    """What a process is, from its command line."""
    first, _, rest = command.partition(" ")
    if "postgres" in first:
        return "postgres"
    known = [name for name in ("web", "worker", "sweep", "up") if f" {name} " in f" {rest} "]
    return f"wanku {known[0]}" if known else "python"
