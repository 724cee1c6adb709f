"""Serve the pages and the API. In production, start several of these behind a proxy that speaks TLS."""

import argparse
import signal

from wanku.runner import console, database
from wanku.runner.postgres.processes import leash_forks

HELP = "serve the pages and the API"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen, and how much to do at once."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen at (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen at (default: %(default)s)")
    parser.add_argument("--workers", type=int, default=1, help="processes (default: %(default)s)")
    parser.add_argument(
        "--threads", type=int, default=8, help="requests at once in each process (default: %(default)s)"
    )


def run(options: argparse.Namespace) -> int:
    """Serve until stopped.

    Raises:
        NoDatabase: no database is reachable.
    """
    database.for_service()
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    # Workers end when this process is killed; otherwise they would keep the port, and nobody would look after them.
    # They are cut off rather than asked, since whoever kills -9 wants the port back; unfinished transactions roll back.
    leash_forks(signal.SIGKILL)
    try:
        Granian(
            "wanku.project.wsgi:application",
            address=options.host,
            port=options.port,
            interface=Interfaces.WSGI,
            workers=options.workers,
            blocking_threads=options.threads,
            # What waits beyond the threads: a short queue, so that an overload is seen early and not hidden in memory.
            backpressure=options.threads * 16,
            respawn_failed_workers=True,
            respawn_interval=1.0,
            workers_kill_timeout=10,
            log_level=LogLevels.error,
        ).serve()
    except OSError as problem:
        return console.fail(f"Cannot listen at {options.host}:{options.port}: {problem}")
    return 0
