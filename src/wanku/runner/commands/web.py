"""Serve the pages and the API. In production, start several of these behind a proxy that speaks TLS."""

import argparse
import gc
import os
import resource
import signal
from importlib import import_module

from wanku.runner import console, database
from wanku.runner.postgres.processes import leash_forks
from wanku.runner.stopping import SignalEvent

CONNECTIONS_MAX = 8_192
"""Requests inside one process at once, open streams among them; each door has a smaller limit of its own."""
FILES = 2 * CONNECTIONS_MAX
"""Connections, and whatever else is open."""
WORKERS_MOST = 4
"""Beyond it, whoever has the cores says how many of them are for the pages; each takes some 120 to 180 MB."""
PRELOADED = ("wanku.project.wsgi", "wanku.project.front", "wanku.project.urls")
"""Django with its middleware, the doors on the event loop, and every page; the first sets up what the others need."""
HELP = "serve the pages and the API"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen, and how much to do at once."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen at (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen at (default: %(default)s)")
    parser.add_argument(
        "--workers", type=int, default=workers(), help="processes (default: one for each core, at most 4)"
    )
    parser.add_argument("--threads", type=int, help="pages at once in each process (default: WANKU_THREADS, or 8)")


def workers() -> int:
    """One process for each core that we may use: an interpreter keeps no more than one busy."""
    return min(WORKERS_MOST, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


def allow_files() -> None:
    """Let this process and its workers hold as many connections as they take: many systems begin with 1,024 files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def preload() -> None:
    """Import what every worker needs before they are forked, so that they share its memory and start at once.

    Nothing here may open a connection or start a thread: a fork shares the one and loses the other.
    """
    for name in PRELOADED:
        import_module(name)
    # Whatever is here stays: a collection that looked through it would write to, and so copy, every page of it.
    gc.collect()
    gc.freeze()


def run(options: argparse.Namespace) -> int:
    """Serve until stopped.

    Raises:
        NoDatabase: no database is reachable.
    """
    database.for_service()
    if options.threads is not None:
        os.environ["WANKU_THREADS"] = str(options.threads)
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    # Workers end when this process is killed; otherwise they would keep the port, and nobody would look after them.
    # They are cut off rather than asked, since whoever kills -9 wants the port back; unfinished transactions roll back.
    leash_forks(signal.SIGKILL)
    allow_files()
    preload()
    server = Granian(
        "wanku.project.asgi:application",
        address=options.host,
        port=options.port,
        interface=Interfaces.ASGI,
        workers=options.workers,
        backpressure=CONNECTIONS_MAX,
        respawn_failed_workers=True,
        respawn_interval=1.0,
        workers_kill_timeout=10,
        log_level=LogLevels.error,
    )
    # Its handler of signals sets this event; with a plain one it hung when they came fast.
    server.main_loop_interrupt = SignalEvent()
    try:
        server.serve()
    except OSError as problem:
        return console.fail(f"Cannot listen at {options.host}:{options.port}: {problem}")
    return 0
