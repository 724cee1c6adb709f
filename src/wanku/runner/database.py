"""The database of a command: the server that DATABASE_URL names, or the embedded one of the data folder."""

import contextlib
import os
from collections.abc import Iterator

import psycopg

from wanku.project import env as environment
from wanku.project.env import Database
from wanku.runner.folder import DataFolder
from wanku.runner.postgres import Cluster, ClusterError

OLDEST = 18


class NoDatabase(RuntimeError):
    """There is no database that Wanku can use; the text says why and what to do."""


def check(url: str) -> str:
    """Reach the server at `url` and give its version, such as ``18.6``.

    Raises:
        NoDatabase: it cannot be reached, refuses us, or is too old.
    """
    database = Database.from_url(url)
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            number = connection.info.server_version
    except psycopg.Error as problem:
        where = f"database {database.name} at {database.host or 'the local socket'}"
        raise NoDatabase(f"Cannot reach {where}: {str(problem).strip()}\nCheck DATABASE_URL and the server.") from None
    version = f"{number // 10000}.{number % 10000}"
    if number // 10000 < OLDEST:
        raise NoDatabase(
            f"The server of DATABASE_URL is PostgreSQL {version}; Wanku needs {OLDEST} or later (uuidv7, "
            "temporal constraints). Upgrade it, or leave DATABASE_URL unset to use the embedded server."
        )
    return version


@contextlib.contextmanager
def for_command(doing: str) -> Iterator[None]:
    """Set DATABASE_URL for one command.

    The embedded server is used as it runs; if it does not run, it is started for the length of the command.

    Raises:
        NoDatabase: there is none, or it is too old.
        FolderBusy: another command has just started the embedded server for itself.
    """
    if os.environ.get("DATABASE_URL"):
        check(os.environ["DATABASE_URL"])
        yield
        return
    folder = DataFolder.from_environment()
    folder.make()
    cluster = Cluster(folder.cluster_home())
    if folder.holder() is not None and cluster.running():
        os.environ["DATABASE_URL"] = cluster.url
        yield
        return
    with folder.held(doing):
        try:
            cluster.start()
        except ClusterError as problem:
            raise NoDatabase(str(problem)) from problem
        os.environ["DATABASE_URL"] = cluster.url
        try:
            yield
        finally:
            cluster.stop()


def for_service() -> None:
    """Set DATABASE_URL for a long-running part, which needs a server that is already there.

    Raises:
        NoDatabase: there is none, or it is too old.
        BadEnvironment: a setting is wrong.
    """
    if not os.environ.get("DATABASE_URL"):
        folder = DataFolder.from_environment()
        cluster = Cluster(folder.cluster_home()) if folder.path.exists() else None
        if cluster is None or not cluster.running():
            raise NoDatabase("No database is running. Start everything with `wanku up`, or set DATABASE_URL.")
        local_environment()
        os.environ["DATABASE_URL"] = cluster.url
    environment.read()  # so that a wrong setting is told here in one line, and not by every process in many
    check(os.environ["DATABASE_URL"])


def local_environment() -> None:
    """Take on the settings of a machine that `wanku up` serves, as far as the environment leaves them open."""
    folder = DataFolder.from_environment()
    folder.make()
    os.environ.setdefault("WANKU_DEBUG", "1")
    os.environ.setdefault("WANKU_SANDBOX", "1")
    os.environ.setdefault("WANKU_DEMO", "1")
    os.environ.setdefault("WANKU_LOG_LEVEL", "WARNING")
    os.environ["WANKU_DATA"] = str(folder.path)
    os.environ["WANKU_SECRET"] = folder.secret()
