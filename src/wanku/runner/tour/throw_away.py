"""An instance with a database, a data folder and a port of its own, gone when the tour ends."""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from wanku.runner import ports
from wanku.runner.crew import Child
from wanku.runner.folder import new_secret
from wanku.runner.postgres import Cluster, Settings
from wanku.runner.tour.script import Unseen
from wanku.runner.tour.speech import pgettext as _p

OPENS_SECONDS = 60.0


@dataclass(slots=True)
class ThrowAway:
    """A running throw-away instance; this process is set up to read its database.

    Attributes:
        banks_url: where its simulated banks are, once they are open.
    """

    url: str
    password: str
    folder: Path
    banks_url: str = ""
    _banks: Child | None = None

    def open_banks(self, *, ahead: int = 0) -> None:
        """Open simulated banks, or open them again with their calendar some days ahead; the shop is known there.

        Raises:
            Unseen: they do not answer.
        """
        port = int(self.banks_url.rpartition(":")[2]) if self.banks_url else _free_port()
        self.close_banks()
        words = ["sandbox", f"--port={port}", f"--ahead={ahead}"]
        self._banks = Child("banks", words, environ=os.environ, log=self.folder / "banks.log", echo=False, patience=5.0)
        self._banks.start()
        if not ports.answers("127.0.0.1", port, patience=OPENS_SECONDS):
            raise Unseen(_p("tour", "simulated banks at port %s") % port, self._banks.last_lines())
        self.banks_url = f"http://127.0.0.1:{port}"
        _wanku("sandbox", "--introduce", self.banks_url)

    def close_banks(self) -> None:
        """Close them, if they are open."""
        if self._banks is not None:
            self._banks.stop()
            self._banks = None

    def sweep(self, now: datetime) -> str:
        """Let everything happen that is due at ``now``; gives what was done, and how often.

        Raises:
            Unseen: a sweep failed.
        """
        said = _wanku("sweep", "--once", "--now", now.isoformat())
        return " · ".join(re.findall(r"^\w+ \d+", said, re.MULTILINE))


@contextmanager
def opened(stock: int) -> Iterator[ThrowAway]:
    """Open one with a single shop, and remove all of it at the end.

    Raises:
        ClusterError: PostgreSQL cannot be started.
        Unseen: it did not open.
    """
    folder = Path(tempfile.mkdtemp(prefix="wanku-tour-"))
    folder.chmod(0o711)  # as root the server runs as another account and passes through here
    cluster = Cluster(folder / "pg", Settings(durable=False))
    web: Child | None = None
    place: ThrowAway | None = None
    try:
        cluster.start()
        port = _free_port()
        url = f"http://127.0.0.1:{port}"
        os.environ.update(_environment(folder, cluster.url, url))
        _wanku("migrate")
        password = new_secret()
        _fill(password, stock)
        web = Child(
            "web",
            ["web", f"--port={port}", "--workers=1"],
            environ=os.environ,
            log=folder / "web.log",
            echo=False,
            patience=5.0,
        )
        web.start()
        if not ports.answers("127.0.0.1", port, patience=OPENS_SECONDS):
            raise Unseen(_p("tour", "a second server at %s") % url, web.last_lines())
        place = ThrowAway(url, password, folder)
        yield place
    finally:
        if place is not None:
            place.close_banks()
        if web is not None:
            web.stop(hurry=True)
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _environment(folder: Path, database: str, url: str) -> dict[str, str]:
    return {
        "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "wanku.project.settings",
        "WANKU_DATA": str(folder / "data"),
        "WANKU_DEBUG": "1",
        "WANKU_DEMO": "0",
        "WANKU_LOG_LEVEL": "WARNING",
        "WANKU_PUBLIC_URL": url,
        "WANKU_SANDBOX": "1",
        "WANKU_SECRET": new_secret(),
        "WANKU_SMTP_URL": "",
    }


def _fill(password: str, stock: int) -> None:
    import django

    django.setup()
    from wanku.runner.tour import market

    market.open_shop(password, stock, datetime.now(UTC))


def _wanku(*words: str) -> str:
    """Run one of our commands on the throw-away instance.

    Raises:
        Unseen: it failed.
    """
    done = subprocess.run(
        [sys.executable, "-P", "-m", "wanku", *words], capture_output=True, text=True, check=False, timeout=120
    )
    if done.returncode != 0:
        raise Unseen(f"wanku {' '.join(words)}", "\n".join(done.stderr.splitlines()[-6:]))
    return done.stdout


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
