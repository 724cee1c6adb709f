"""Which port the pages are served at."""

import contextlib
import socket
import time


def is_free(host: str, port: int) -> bool:
    """Whether a server could listen at `host` and `port` now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError:
            return False
    return True


def first_free(host: str, wanted: int, *, tries: int = 50) -> int | None:
    """`wanted` or the next free port above it; None if none of `tries` is free."""
    for port in range(wanted, min(wanted + tries, 65536)):
        if is_free(host, port):
            return port
    return None


def answers(host: str, port: int, *, patience: float) -> bool:
    """Whether something listens at `host` and `port` within `patience` seconds."""
    deadline = time.monotonic() + patience
    while True:
        with contextlib.suppress(OSError), socket.create_connection((reachable(host), port), timeout=1):
            return True
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)


def reachable(host: str) -> str:
    """The address at which this machine reaches a server that listens at `host`."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104 - compared, not bound
