"""One embedded PostgreSQL server: make its data, start it, prove it is ours, stop it."""

import contextlib
import fcntl
import json
import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from wanku.runner.postgres import account, processes, programs, sockets

ROLE = "wanku"
ASIDE = "wanku_aside"
KEEPER = "postgres"
PORT = 5432  # names the socket only; the server listens on no network address
LOG_LARGEST = 10_000_000


class ClusterError(RuntimeError):
    """The embedded server cannot be made, started or reached; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How one server runs.

    Attributes:
        durable: False only for throw-away test servers: they skip fsync and lose data when the machine stops.
        outlives: True for a test server that keeps running when the process that started it ends.
        may_create: whether Wanku's role may create databases, as test runs do.
        patience: seconds to wait for the first answer; recovery after a crash takes its time.
    """

    durable: bool = True
    outlives: bool = False
    may_create: bool = False
    patience: float = 300.0


class Cluster:
    """The server in one folder, `home`, which holds ``data``, ``run`` (socket), ``server.log`` and ``cluster.json``."""

    def __init__(self, home: Path, settings: Settings = Settings()) -> None:
        self.home = home.absolute()
        self.settings = settings
        self.data = self.home / "data"
        self.log = self.home / "server.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address for DATABASE_URL; it holds the role's password.

        Raises:
            ClusterError: the server was never made.
        """
        return self._url(ROLE, self._facts()["password"], ROLE)

    @property
    def keeper_url(self) -> str:
        """The address for the superuser, who creates roles and databases.

        Raises:
            ClusterError: the server was never made.
        """
        return self._url(KEEPER, self._facts()["keeper_password"], "postgres")

    def running(self) -> int | None:
        """The pid of the server, if one provably runs on our data."""
        return processes.server_of(self.data)

    def start(self) -> None:
        """Start the server and wait until it answers; make its data first if there is none.

        A server that was left over by a process that died is stopped first, unless this one `outlives` its starters:
        then it is used as it runs.

        Raises:
            ClusterError: it cannot be started; the text ends with the last lines of its log.
        """
        try:
            self._start()
        except (account.NoAccount, programs.NoPrograms, sockets.UnsafeFolder, PermissionError) as problem:
            raise ClusterError(str(problem)) from problem

    def stop(self) -> None:
        """Stop the server in good order, whoever of us started it. Does nothing if none runs."""
        pid = self._process.pid if self._process and self._process.poll() is None else self.running()
        if pid is not None:
            processes.stop(pid, still=self._still)
        self._process = None

    def died(self) -> bool:
        """Whether the server that this object started has ended."""
        return self._process is not None and self._process.poll() is not None

    def is_empty(self) -> bool:
        """Whether Wanku's database holds no table at all."""
        with psycopg.connect(self.url) as connection:
            row = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
        return row == (0,)

    def begin_aside(self) -> str:
        """Make an empty database beside Wanku's, and give its address; one that was begun and never used is dropped."""
        with psycopg.connect(self.keeper_url, autocommit=True) as keeper:
            keeper.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(ASIDE)))
            self._create_database(keeper, ASIDE)
        return self._url(ROLE, self._facts()["password"], ASIDE)

    def use_aside(self) -> None:
        """Put the database that `begin_aside` made in the place of Wanku's, which must still be empty.

        Raises:
            ClusterError: it is not empty; nothing is changed.
        """
        if not self.is_empty():
            raise ClusterError("The database has been filled meanwhile; what was prepared beside it is not used.")
        with psycopg.connect(self.keeper_url, autocommit=True) as keeper:
            keeper.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(ROLE)))
            keeper.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(ASIDE), sql.Identifier(ROLE))
            )

    def _start(self) -> None:
        _own_folder(self.home)
        with _locked(self.home / "lock"):
            lent = account.lent_for(self.home)
            folder = programs.for_account(lent)
            self._make(folder, lent)
            left_over = self.running()
            if left_over is not None and not self.settings.outlives:
                processes.stop(left_over, still=lambda: self.running() is not None)
                left_over = None
            socket = sockets.folder_for(self.home, lent)
            self._note({**self._facts(), "socket": str(socket)})
            if left_over is None:
                processes.forget_stale(self.data)
                self._launch(folder, lent, socket)
            self._await_answer()
            self._ensure_database()

    def _make(self, folder: Path, lent: account.Account) -> None:
        major = programs.release().split(".", 1)[0]
        if self.data.exists():
            held = (self.data / "PG_VERSION").read_text(encoding="utf-8").strip()
            if held != major:
                raise ClusterError(
                    f"{self.data} was made by PostgreSQL {held}, and the installed server is {major}. Dump it with the "
                    f"old release and load it into the new one, or move the folder away to start empty."
                )
            self._facts()
            return
        facts = {"password": secrets.token_urlsafe(32), "keeper_password": secrets.token_urlsafe(32)}
        fresh, password = self.home / "data.new", self.home / "keeper.tmp"
        maker = account.for_initdb()
        if not programs.can_run(folder / "bin" / "initdb", maker):
            folder = programs.for_account(maker)
        shutil.rmtree(fresh, ignore_errors=True)  # a start that was killed half-way
        password.unlink(missing_ok=True)
        fresh.mkdir(mode=0o700)
        password.touch(mode=0o600)
        password.write_text(facts["keeper_password"], encoding="utf-8")
        maker.give(fresh)
        maker.give(password)
        try:
            self._initdb(folder, fresh, password, maker)
        finally:
            password.unlink()
        lent.give_tree(fresh)
        self._note(facts)
        fresh.rename(self.data)

    def _initdb(self, folder: Path, target: Path, password: Path, maker: account.Account) -> None:
        command = [
            str(folder / "bin" / "initdb"),
            f"--pgdata={target}",
            f"--username={KEEPER}",
            f"--pwfile={password}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
            "--data-checksums",
            "--set=shared_buffers=192MB",
            "--set=max_connections=200",
            "--set=random_page_cost=1.1",
            "--set=max_wal_size=2GB",
            "--set=timezone=UTC",
            "--set=log_timezone=UTC",
            *([] if self.settings.durable else ["--no-sync"]),
        ]
        done = subprocess.run(
            command,
            cwd=self.home,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            env=_plain_environment(),
            umask=0o077,
            check=False,
            **programs.switch(maker),
        )
        if done.returncode != 0:
            raise ClusterError(f"initdb could not make {target}:\n{done.stderr.strip()}")
        # Only the socket, and only with a password: no line for any network address.
        (target / "pg_hba.conf").write_text("local all all scram-sha-256\n", encoding="utf-8")

    def _launch(self, folder: Path, lent: account.Account, socket: Path) -> None:
        if self.log.exists() and self.log.stat().st_size > LOG_LARGEST:
            self.log.replace(self.log.with_suffix(".log.1"))
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(socket),
            "unix_socket_permissions": "0700",
            "port": str(PORT),
            "logging_collector": "off",
        }
        if not self.settings.durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
        command = [str(folder / "bin" / "postgres"), "-D", str(self.data)]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command,
                cwd=self.data,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=_plain_environment(),
                umask=0o077,
                start_new_session=True,  # Ctrl-C in the terminal is for us to handle, in order
                preexec_fn=None if self.settings.outlives else processes.leash(signal.SIGINT),  # noqa: PLW1509 - no locks
                **programs.switch(lent),
            )

    def _await_answer(self) -> None:
        deadline = time.monotonic() + self.settings.patience
        while True:
            try:
                with psycopg.connect(self.keeper_url, connect_timeout=5):
                    return
            except psycopg.OperationalError as problem:
                reason = str(problem).strip()
            if self.died() or time.monotonic() > deadline:
                self.stop()
                raise ClusterError(f"PostgreSQL did not start: {reason}\n{self._last_lines()}")
            time.sleep(0.02)

    def _ensure_database(self) -> None:
        # Each step is safe to repeat: a start may be cut off between any two.
        password = self._facts()["password"]
        with psycopg.connect(self.keeper_url, autocommit=True) as keeper:
            known = keeper.execute("SELECT FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone() is not None
            keeper.execute(
                sql.SQL("{} ROLE {} LOGIN {} PASSWORD {}").format(
                    sql.SQL("ALTER" if known else "CREATE"),
                    sql.Identifier(ROLE),
                    sql.SQL("CREATEDB" if self.settings.may_create else "NOCREATEDB"),
                    sql.Literal(password),
                )
            )
            if keeper.execute("SELECT FROM pg_database WHERE datname = %s", [ROLE]).fetchone() is None:
                self._create_database(keeper, ROLE)

    @staticmethod
    def _create_database(keeper: psycopg.Connection, name: str) -> None:
        # The owner of a database may create PostgreSQL's trusted extensions in it; migrations do so.
        keeper.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(ROLE)))
        keeper.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))

    def _still(self) -> bool:
        if self._process is not None:
            return self._process.poll() is None
        return self.running() is not None

    def _last_lines(self) -> str:
        with contextlib.suppress(OSError):
            return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-8:])
        return ""

    def _facts(self) -> dict[str, str]:
        try:
            facts: dict[str, str] = json.loads((self.home / "cluster.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise ClusterError(
                f"{self.home}/cluster.json, which holds the password of the server beside it, is missing. Restore it "
                "from a backup, or move the folder away to start empty."
                if self.data.exists()
                else f"There is no server in {self.home} yet; `wanku up` makes it."
            ) from None
        return facts

    def _note(self, facts: dict[str, str]) -> None:
        fresh = self.home / "cluster.json.new"
        fresh.unlink(missing_ok=True)
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(facts, indent=1), encoding="utf-8")
        fresh.replace(self.home / "cluster.json")

    def _url(self, user: str, password: str, database: str) -> str:
        socket = quote(self._facts()["socket"], safe="")
        return f"postgresql://{user}:{quote(password, safe='')}@/{database}?host={socket}&port={PORT}"


def _own_folder(home: Path) -> None:
    """Make `home`; others may pass through it as root only, where the server runs as another account."""
    mode = 0o711 if os.geteuid() == 0 else 0o700
    for folder in (*reversed(home.parents), home):
        if not folder.exists():
            folder.mkdir(mode=mode)
            folder.chmod(mode)


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("a", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _plain_environment() -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
