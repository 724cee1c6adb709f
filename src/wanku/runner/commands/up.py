"""Start everything on this machine: database, pages, worker and clocks. Ctrl-C stops it all in order.

Without DATABASE_URL it runs PostgreSQL 18 of its own, in the data folder (WANKU_DATA, by default .wanku). It is meant
for trying out and developing: WANKU_DEBUG, WANKU_DEMO and WANKU_SANDBOX are on unless the environment says 0.
"""

import argparse
import importlib
import importlib.util
import os
import signal
from pathlib import Path
from urllib.parse import urlsplit

from rich.markup import escape
from rich.table import Table

from wanku.project import env as environment
from wanku.runner import console, database, ports, steps
from wanku.runner.crew import Child, Crew, Server
from wanku.runner.folder import DataFolder, FolderBusy
from wanku.runner.postgres import Cluster
from wanku.runner.stopping import KINDS, Asked, asked_to_stop

HELP = "start everything on this machine and print where it is"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen, and what to leave out."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen at (default: %(default)s)")
    parser.add_argument(
        "--port", type=int, default=8000, help="port; the next free one if taken (default: %(default)s)"
    )
    parser.add_argument(
        "--sandbox-port",
        type=int,
        help="port of the simulated banks at 127.0.0.1 (default: the next one behind --port)",
    )
    parser.add_argument("--quiet", action="store_true", help="keep what the parts print in the log files only")


def run(options: argparse.Namespace) -> int:
    """Start, watch and stop.

    Raises:
        BadEnvironment: a setting is wrong.
        NoDatabase: DATABASE_URL names a server that cannot be used.
        ClusterError: the embedded server cannot be started.
    """
    folder = DataFolder.from_environment()
    folder.make()
    os.umask(0o077)  # logs, uploads and mails are nobody else's to read
    try:
        # Whoever starts us by nohup has the hang-up ignored, and means it.
        with folder.held("up"), asked_to_stop(*KINDS, signal.SIGHUP) as asked:
            return _Up(folder, options, asked).run()
    except FolderBusy as busy:
        where = f" at [bold]{busy.holder.url}[/]" if busy.holder.url else ", and is still starting"
        console.say(f"Wanku already runs from [bold]{folder.path}[/] (process {busy.holder.pid}){where}.")
        return 0


class _Up:
    def __init__(self, folder: DataFolder, options: argparse.Namespace, asked: Asked) -> None:
        self.folder = folder
        self.options = options
        self.asked = asked
        self.crew = Crew(asked.stop)
        self.logs = folder.path / "logs"

    def run(self) -> int:
        """All steps in order."""
        port = ports.first_free(self.options.host, self.options.port)
        if port is None:
            return console.fail(
                f"No port from {self.options.port} on is free at {self.options.host}. Choose one by --port."
            )
        if port != self.options.port:
            console.warn(f"Port {self.options.port} is taken; using {port}.")
        url = f"http://{_in_url(ports.reachable(self.options.host))}:{port}"
        self._settle_environment(url)
        for name in ("logs", "static", "media", "mail"):
            (self.folder.path / name).mkdir(exist_ok=True)
        if not _built_front_end().exists():
            console.warn(
                "The front end is not built, so pages will look bare. Run `make up`, or `npm ci && npm run build`."
            )
        try:
            return self._start(port, url)
        finally:
            if self.asked.stop.is_set():
                console.say("Stopping … (once more to hurry)")
            self.crew.stop(hurry=self.asked.hurry)

    def _start(self, port: int, url: str) -> int:
        cluster = self._start_database()
        banks = self._start_banks(port)
        run = steps.Steps(self.logs, self.asked.stop)
        try:
            steps.fill(run, cluster, demo=_wants_demo())
        except steps.Stopped:
            return 0
        except steps.StepFailed as problem:
            return console.fail(str(problem))
        web = self._child("web", "web", f"--host={self.options.host}", f"--port={port}", "--workers=1", patience=12.0)
        # Alone, so that it need not share the processors: people look at the page, nobody looks at the others yet.
        self.crew.add(web)
        while not ports.answers(self.options.host, port, patience=0.2):
            if self.asked.stop.is_set():
                return 0
            if ending := web.died():
                shown = (
                    f":\n{web.last_lines()}" if self.options.quiet else f", as told above; all of it is in {web.log}"
                )
                return console.fail(f"The web server {ending}{shown}")
        self.crew.add(self._child("worker", "worker", patience=25.0))
        self.crew.add(self._child("sweeper", "sweep", patience=15.0))
        if banks:
            self._introduce(banks, run)
        self.folder.announce("up", url)
        self._banner(url, cluster)
        self.crew.watch()
        return 0

    def _settle_environment(self, url: str) -> None:
        database.local_environment()
        os.environ.setdefault("WANKU_PUBLIC_URL", url)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wanku.project.settings")
        # Read it here, so that a wrong setting is told once and not by every part.
        settings = environment.read({"DATABASE_URL": "postgresql:///wanku", **os.environ})
        if settings.debug and self.options.host not in ("127.0.0.1", "::1", "localhost"):
            console.warn(
                f"WANKU_DEBUG is on, and others can reach {self.options.host}: error pages show them the insides."
            )

    def _start_database(self) -> Cluster | None:
        """Start the embedded server and give it, or None where DATABASE_URL names one."""
        if outside := os.environ.get("DATABASE_URL"):
            database.check(outside)
            return None
        home = self.folder.cluster_home()
        if not home.is_relative_to(self.folder.path):
            console.warn(
                f"PostgreSQL cannot run as root, and other accounts cannot enter {self.folder.path}. "
                f"The database therefore lies in {home}."
            )
        with console.out.status("Starting PostgreSQL …"):
            server = Server(Cluster(home))
            self.crew.add(server)
        os.environ["DATABASE_URL"] = server.cluster.url
        return server.cluster

    def _start_banks(self, port: int) -> str:
        """Start the simulated banks and give their address; empty where no sandbox is wanted."""
        if not environment.read().sandbox:
            return ""
        if outside := os.environ.get("WANKU_SANDBOX_URL"):
            return outside
        free = ports.first_free("127.0.0.1", self.options.sandbox_port or port + 1)
        if free is None:
            console.warn("No port for the simulated banks is free. Choose one by --sandbox-port.")
            return ""
        os.environ["WANKU_SANDBOX_URL"] = url = f"http://127.0.0.1:{free}"
        self.crew.add(self._child("banks", "sandbox", f"--port={free}", patience=10.0))
        return url

    def _introduce(self, banks: str, run: steps.Steps) -> None:
        """Open the shop's accounts at the banks; without them the shop is open all the same."""
        parts = urlsplit(banks)
        try:
            ports.answers(parts.hostname or "", parts.port or 80, patience=20.0)
            run.run("Opening accounts at the simulated banks", "sandbox", f"--introduce={banks}")
        except steps.StepFailed as problem:
            console.warn(str(problem))
        except steps.Stopped:
            return

    def _child(self, name: str, *words: str, patience: float) -> Child:
        echo = not self.options.quiet
        return Child(name, words, environ=os.environ, log=self.logs / f"{name}.log", echo=echo, patience=patience)

    def _banner(self, url: str, cluster: Cluster | None) -> None:
        version = database.check(os.environ["DATABASE_URL"])
        where = f"PostgreSQL {version}, " + (f"embedded, in {cluster.home}" if cluster else "of DATABASE_URL")
        console.say(f"\n[bold green]Wanku is open:[/] [bold]{url}[/]\n")
        table = Table(box=None, padding=(0, 2), show_header=False)
        for what, at in (
            ("shop", f"{url}/"),
            ("merchant desk", f"{url}/desk/"),
            ("platform desk", f"{url}/platform/"),
            ("API", f"{url}/api/docs"),
            ("simulated banks", os.environ.get("WANKU_SANDBOX_URL", "")),
            ("data", str(self.folder.path)),
            ("database", where),
        ):
            if at:
                table.add_row(f"[dim]{what}[/]", escape(at))
        console.out.print(table, soft_wrap=True)
        if sign_ins := _sign_ins():
            people = Table(box=None, padding=(0, 2), title="demo sign-ins", title_justify="left", title_style="bold")
            for heading in ("role", "sign in as", "password", "where"):
                people.add_column(heading, header_style="dim")
            for row in sign_ins:
                people.add_row(*(escape(cell) for cell in row))
            console.out.print()
            console.out.print(people, soft_wrap=True)
        console.say("\n[dim]Ctrl-C stops everything. What is wrong, if something is: wanku doctor[/]")


def _wants_demo() -> bool:
    return importlib.util.find_spec("wanku.runner.demo") is not None and os.environ["WANKU_DEMO"] not in ("0", "")


def _sign_ins() -> list[tuple[str, str, str, str]]:
    """The demo's people, if it is loaded: role, login, password, where."""
    if not _wants_demo():
        return []
    found: list[tuple[str, str, str, str]] = importlib.import_module("wanku.runner.demo").SIGN_INS
    return found


def _built_front_end() -> Path:
    return Path(environment.__file__).parents[1] / "ui" / "dist" / "manifest.json"


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host
