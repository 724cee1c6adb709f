"""A durable PostgreSQL server of a test's own, to be killed, filled and cut off, with what the test database holds."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, LiteralString

import psycopg

from tests.served import database_url
from wanku.runner.postgres import Cluster, programs


class OwnDatabase:
    """The server, and questions to its database."""

    def __init__(self, home: Path) -> None:
        self.cluster = Cluster(home)
        self.cluster.start()

    @property
    def url(self) -> str:
        """For DATABASE_URL."""
        return self.cluster.url

    def copy(self) -> None:
        """Bring all that the test database holds by now. Once."""
        bins = programs.installed() / "bin"
        dump = [str(bins / "pg_dump"), "--no-owner", "--no-privileges", "--no-comments", database_url()]
        load = [str(bins / "psql"), "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", self.url]
        made = subprocess.run(dump, stdout=subprocess.PIPE, check=True)
        # The schema is there already; owners and comments of extensions are none of ours.
        text = made.stdout.replace(b"CREATE SCHEMA public;", b"")
        subprocess.run(load, input=text, stdout=subprocess.DEVNULL, check=True)

    def ask(self, sql: LiteralString, *values: Any) -> list[tuple[Any, ...]]:
        """Rows of a query."""
        with psycopg.connect(self.url) as connection:
            return connection.execute(sql, values).fetchall()

    def one(self, sql: LiteralString, *values: Any) -> Any:
        """The one value of a query."""
        return self.ask(sql, *values)[0][0]

    def run(self, *statements: str, keeper: bool = False) -> None:
        """Statements, each by itself; as the superuser when asked."""
        url = self.cluster.keeper_url.replace("/postgres?", "/wanku?") if keeper else self.url
        with psycopg.connect(url, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def kill(self) -> None:
        """``kill -9`` of the server and of all its children at once."""
        server = self.cluster.running()
        assert server is not None
        for pid in [server, *_children(server)]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def start(self) -> None:
        """Start it again; returns when it answers. Call it from the main thread."""
        self.cluster.start()


@contextmanager
def own_database(home: Path) -> Iterator[OwnDatabase]:
    """A server that ends with the block."""
    database = OwnDatabase(home)
    try:
        yield database
    finally:
        database.cluster.stop()


def _children(parent: int) -> Iterator[int]:
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(status.read_text().rsplit(")", 1)[1].split()[1]) == parent:
                yield int(status.parent.name)
