"""What `wanku doctor` looks at. Every check only looks."""

import enum
import os
import platform
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

from wanku.project import env as environment
from wanku.runner import chromium, database, ports
from wanku.runner.folder import DataFolder, Holder
from wanku.runner.postgres import Cluster, ClusterError, account, processes, programs

ROOM_SMALLEST = 1_000_000_000


class Level(enum.Enum):
    """How much a finding matters."""

    GOOD = "good"
    NOTE = "worth knowing"
    BAD = "stands in the way"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, and how to mend it if it needs mending."""

    level: Level
    text: str
    mend: str = ""


def good(text: str) -> Finding:
    """All is well with it."""
    return Finding(Level.GOOD, text)


def note(text: str, mend: str = "") -> Finding:
    """Wanku runs all the same."""
    return Finding(Level.NOTE, text, mend)


def bad(text: str, mend: str) -> Finding:
    """Wanku does not run like this."""
    return Finding(Level.BAD, text, mend)


def examine(port: int) -> Iterator[Finding]:
    """Look at everything, in the order in which things depend on one another."""
    folder = DataFolder.from_environment()
    yield _python()
    yield _front_end()
    yield _node()
    yield _browser()
    yield from _settings()
    yield from _data_folder(folder)
    holder = folder.holder() if folder.path.exists() else None
    yield _port(port, holder)
    if outside := os.environ.get("DATABASE_URL"):
        yield from _database(outside)
    else:
        yield from _embedded(folder, holder)


def _python() -> Finding:
    version = platform.python_version()
    if sys.version_info < (3, 11):  # noqa: UP036 - this is the place that tells
        return bad(f"Python {version} is too old.", "Use Python 3.11 or later: make PYTHON=python3.11 up")
    return good(f"Python {version}")


def _front_end() -> Finding:
    built = Path(environment.__file__).parents[1] / "ui" / "dist" / "manifest.json"
    if not built.exists():
        return bad("The front end is not built.", "Run `make up`, or `npm ci && npm run build`.")
    return good("The front end is built")


def _node() -> Finding:
    node = shutil.which("node")
    if node is None:
        return note(
            "Node.js is not installed.", "Nothing to do: `make up` takes it from the Python registry to build pages."
        )
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    return good(f"Node.js {said.lstrip('v')}")


def _browser() -> Finding:
    if chromium.find() is None:
        return note(
            "Chromium is not installed, so `make test` cannot run the browser journeys.", "apt-get install chromium"
        )
    return good("Chromium is there for the browser journeys")


def _settings() -> Iterator[Finding]:
    # With DATABASE_URL this may be production, whose settings must stand by themselves; else `wanku up` completes them.
    completed = dict(os.environ)
    if not completed.get("DATABASE_URL"):
        completed["DATABASE_URL"] = "postgresql:///wanku"
        completed.setdefault("WANKU_DEBUG", "1")
    try:
        read = environment.read(completed)
    except environment.BadEnvironment as problem:
        yield bad(str(problem), "Change that variable; all of them are in docs/settings.md.")
        return
    yield good("The settings can be read")
    if read.debug and os.environ.get("DATABASE_URL"):
        yield note(
            "WANKU_DEBUG is on, which shows the program's insides to visitors.", "In production, leave it unset."
        )


def _data_folder(folder: DataFolder) -> Iterator[Finding]:
    if not folder.path.exists():
        yield note(f"There is no data folder {folder.path} yet; `wanku up` makes it.")
        return
    if not os.access(folder.path, os.R_OK | os.W_OK | os.X_OK):
        owner = folder.path.stat().st_uid
        yield bad(
            f"The data folder {folder.path} belongs to uid {owner} and is closed to you (uid {os.geteuid()}).",
            "Run as its owner, or choose another folder by WANKU_DATA.",
        )
        return
    room = shutil.disk_usage(folder.path).free
    if room < ROOM_SMALLEST:
        yield bad(
            f"Only {room // 1_000_000} MB are free at {folder.path}.", "Free some space, or move WANKU_DATA elsewhere."
        )
    else:
        yield good(f"The data folder {folder.path}, {room // 1_000_000_000} GB free")
    secret = folder.path / "secret"
    if secret.exists() and stat.S_IMODE(secret.stat().st_mode) & 0o077:
        yield bad(f"Others may read {secret}, which signs everybody's sessions.", f"chmod 600 {secret}")


def _port(port: int, holder: Holder | None) -> Finding:
    if holder is not None:
        return good(f"`wanku {holder.doing}` runs (process {holder.pid}) {holder.url}".rstrip())
    if ports.is_free("127.0.0.1", port):
        return good(f"Port {port} is free")
    return note(
        f"Port {port} is taken by another program.", "`wanku up` takes the next free one, or the one given by --port."
    )


def _embedded(folder: DataFolder, holder: Holder | None) -> Iterator[Finding]:
    try:
        programs.installed()
    except programs.NoPrograms as problem:
        yield bad(str(problem), "make up")
        return
    if not folder.path.exists() or not os.access(folder.path, os.R_OK | os.X_OK):
        return
    home = folder.home_if_made()
    if home is None:
        yield good(f"The embedded PostgreSQL {programs.release()} is installed and has no data yet")
        return
    cluster = Cluster(home)
    if cluster.running() is None:
        if processes.recorded_pid(cluster.data) is not None:
            yield note(
                f"{home} was not closed in order (power cut or kill -9).", "Nothing to do: `wanku up` recovers it."
            )
        yield from _reachable(home)
        yield note("The embedded PostgreSQL is not running, so its tables were not looked at.", "wanku up")
        return
    if holder is None:
        yield note(
            "The embedded PostgreSQL still runs, and who started it is gone.", "`wanku up` stops it and starts anew."
        )
    try:
        yield from _database(cluster.url)
    except ClusterError as problem:
        yield bad(str(problem), "See above.")


def _reachable(home: Path) -> Iterator[Finding]:
    lent = account.lent_for(home)
    if not programs.can_enter(home, lent):
        yield bad(
            f"The server runs as uid {lent.uid}, which cannot enter {home}.",
            "Allow others to pass through its parent folders (chmod o+x), as it was when the database was made.",
        )


def _database(url: str) -> Iterator[Finding]:
    try:
        version = database.check(url)
    except (database.NoDatabase, environment.BadEnvironment) as problem:
        yield bad(str(problem), "Mend DATABASE_URL, or unset it to use the embedded server.")
        return
    yield good(f"PostgreSQL {version} answers")
    with psycopg.connect(url) as connection:
        for look in _LOOKS:
            if (finding := look(connection)) is not None:
                yield finding


def _may_write(connection: psycopg.Connection) -> Finding | None:
    row = connection.execute("SELECT has_database_privilege(current_database(), 'CREATE'), current_user").fetchone()
    if row is None or row[0]:
        return None
    return bad(f"The role {row[1]} may not create tables and extensions.", f"GRANT CREATE ON DATABASE … TO {row[1]}")


def _durable(connection: psycopg.Connection) -> Finding | None:
    off = [name for name in ("fsync", "synchronous_commit", "full_page_writes") if _setting(connection, name) == "off"]
    if not off:
        return None
    return bad(f"The server runs with {', '.join(off)} off: acknowledged orders can be lost.", "Turn it on.")


def _migrated(connection: psycopg.Connection) -> Finding | None:
    known = connection.execute("SELECT to_regclass('django_migrations') IS NOT NULL").fetchone()
    if known is None or not known[0]:
        return note("The database is empty.", "wanku migrate")
    applied = {(row[0], row[1]) for row in connection.execute("SELECT app, name FROM django_migrations")}
    waiting = [f"{app}.{name}" for app, name in _shipped_migrations() if (app, name) not in applied]
    if waiting:
        return bad(f"{len(waiting)} migrations are not applied, the first is {waiting[0]}.", "wanku migrate")
    return good("All migrations are applied")


_LOOKS: tuple[Callable[[psycopg.Connection], Finding | None], ...] = (_may_write, _durable, _migrated)


def _setting(connection: psycopg.Connection, name: str) -> str:
    row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
    return str(row[0]) if row else ""


def _shipped_migrations() -> list[tuple[str, str]]:
    """Our own apps' migrations, read from the files, so that doctor works even where Django cannot start."""
    root = Path(environment.__file__).parents[1]
    return sorted((file.parts[-3], file.stem) for file in root.glob("*/migrations/[0-9]*.py"))
