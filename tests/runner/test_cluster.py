"""The embedded server: made, reached, killed, orphaned, recovered."""

import json
import os
import signal
import socket as sockets_module
import stat
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests.runner.ground import QUICK, ROOT, alive, running, until
from wanku.runner.postgres import Cluster, ClusterError, Settings, processes

pytestmark = pytest.mark.server


def rows(cluster: Cluster) -> int:
    with psycopg.connect(cluster.url) as connection:
        row = connection.execute("SELECT count(*) FROM kept").fetchone()
    return int(row[0]) if row else -1


def put_row(cluster: Cluster) -> None:
    with psycopg.connect(cluster.url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (id int)")
        connection.execute("INSERT INTO kept VALUES (1)")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_first_start_gives_a_database_in_which_migrations_may_create_extensions(home: Path) -> None:
    with running(Cluster(home / "pg", QUICK)) as cluster, psycopg.connect(cluster.url) as connection:
        assert connection.info.server_version >= 180000
        connection.execute("CREATE EXTENSION pg_trgm; CREATE EXTENSION btree_gist")
        row = connection.execute("SELECT datlocprovider, pg_encoding_to_char(encoding) FROM pg_database").fetchone()
        assert row == ("b", "UTF8")


def test_a_server_for_use_is_durable_and_one_for_tests_is_not(made: Path) -> None:
    shown = {}
    for settings in (Settings(), QUICK):
        with running(Cluster(made, settings)) as cluster, psycopg.connect(cluster.url) as connection:
            names = ("fsync", "synchronous_commit", "full_page_writes", "data_checksums")
            shown[settings.durable] = [connection.execute(f"SHOW {name}").fetchone() for name in names]
    assert shown[True] == [("on",)] * 4
    assert shown[False] == [("off",), ("off",), ("off",), ("on",)]


def test_it_is_reached_by_password_over_its_socket_only(made: Path) -> None:
    with running(Cluster(made, QUICK)) as cluster:
        with psycopg.connect(cluster.keeper_url) as keeper:
            rules = keeper.execute("SELECT type, auth_method FROM pg_hba_file_rules").fetchall()
            assert rules == [("local", "scram-sha-256")]
            assert keeper.execute("SHOW listen_addresses").fetchone() == ("",)
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(cluster.url.replace("postgresql://wanku:", "postgresql://wanku:x"))
        facts = json.loads((cluster.home / "cluster.json").read_text())
        assert facts["password"] != facts["keeper_password"]
        assert mode(Path(facts["socket"])) == 0o700


def test_rights_are_narrow_inside_and_untouched_outside(home: Path) -> None:
    before = {folder: mode(folder) for folder in (home, *home.parents)}
    with running(Cluster(home / "pg", QUICK)) as cluster:
        assert mode(cluster.data) == 0o700
        assert mode(cluster.home / "cluster.json") == 0o600
        assert mode(cluster.home) & 0o066 == 0
        assert not list(cluster.home.glob("keeper.tmp"))
    assert {folder: mode(folder) for folder in before} == before


def test_the_role_is_no_superuser_and_creates_databases_in_tests_only(made: Path) -> None:
    for settings in (QUICK, Settings(durable=False, may_create=True)):
        with running(Cluster(made, settings)) as cluster, psycopg.connect(cluster.url) as connection:
            row = connection.execute(
                "SELECT rolsuper, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
            assert row == (False, False, settings.may_create)


def test_kill_9_of_postgres_loses_nothing_acknowledged(made: Path) -> None:
    with running(Cluster(made)) as cluster:
        put_row(cluster)
        pid = cluster.running()
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        until(cluster.died)
        assert processes.recorded_pid(cluster.data) == pid  # it left its record behind
        cluster.start()
        assert rows(cluster) == 1


KEEPER = """
import pathlib, sys, time
from wanku.runner.postgres import Cluster, Settings
cluster = Cluster(pathlib.Path(sys.argv[1]), Settings(durable=False, outlives=sys.argv[2] == "outlives"))
cluster.start()
print(cluster.running(), flush=True)
time.sleep(60)
"""


def start_keeper(home: Path, how: str) -> tuple[subprocess.Popen[str], int]:
    process = subprocess.Popen(
        [sys.executable, "-c", KEEPER, str(home), how], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert process.stdout is not None
    return process, int(process.stdout.readline())


def test_kill_9_of_the_starter_takes_the_server_along(made: Path) -> None:
    keeper, pid = start_keeper(made, "leashed")
    assert alive(pid)
    keeper.kill()
    keeper.wait()
    until(lambda: not alive(pid), what="the server ends with the one who started it")
    with running(Cluster(made, QUICK)) as cluster:
        assert cluster.running() not in (None, pid)


def test_a_server_that_was_left_over_is_stopped_and_replaced(made: Path) -> None:
    keeper, pid = start_keeper(made, "outlives")
    keeper.kill()
    keeper.wait()
    assert alive(pid)
    with running(Cluster(made, QUICK)) as cluster:
        assert not alive(pid)
        put_row(cluster)
        assert rows(cluster) == 1


def test_a_kept_server_is_used_as_it_runs(made: Path) -> None:
    keeper, pid = start_keeper(made, "outlives")
    keeper.kill()
    keeper.wait()
    with running(Cluster(made, Settings(durable=False, outlives=True))) as cluster:
        assert cluster.running() == pid
        put_row(cluster)
    assert not alive(pid)


def test_a_stale_record_that_names_a_living_stranger_is_no_obstacle(made: Path) -> None:
    with running(Cluster(made, QUICK)) as cluster:
        record = (cluster.data / "postmaster.pid").read_text()
    stranger = subprocess.Popen(["sleep", "60"])
    try:
        (cluster.data / "postmaster.pid").write_text(f"{stranger.pid}\n{record.split(chr(10), 1)[1]}")
        assert cluster.running() is None
        with running(cluster):
            assert alive(stranger.pid)
    finally:
        stranger.kill()
        stranger.wait()


def test_stop_leaves_a_stranger_of_that_pid_alone(made: Path) -> None:
    with running(Cluster(made, QUICK)) as cluster:
        pass
    stranger = subprocess.Popen(["sleep", "60"], cwd=made)
    try:
        (cluster.data / "postmaster.pid").write_text(f"{stranger.pid}\n")
        Cluster(made, QUICK).stop()
        assert alive(stranger.pid)
    finally:
        stranger.kill()
        stranger.wait()


def test_a_first_start_that_was_cut_off_is_begun_anew(home: Path) -> None:
    (home / "pg" / "data.new" / "base").mkdir(parents=True)
    (home / "pg").chmod(0o711)
    (home / "pg" / "keeper.tmp").write_text("half a password")
    with running(Cluster(home / "pg", QUICK)) as cluster:
        put_row(cluster)


def test_a_long_path_gets_a_short_socket_folder(home: Path) -> None:
    deep = home / ("long" * 20) / "pg"
    with running(Cluster(deep, QUICK)) as cluster, psycopg.connect(cluster.url):
        folder = Path(json.loads((deep / "cluster.json").read_text())["socket"])
        assert home not in folder.parents
        assert mode(folder) == 0o700
    folder.rmdir()


def test_a_planted_socket_folder_is_refused(made: Path) -> None:
    cluster = Cluster(made, QUICK)
    with running(cluster):
        socket = Path(json.loads((cluster.home / "cluster.json").read_text())["socket"])
    socket.rmdir()
    (made / "elsewhere").mkdir()
    socket.symlink_to(made / "elsewhere")
    with pytest.raises(ClusterError, match="should be a folder of mode 0700"):
        cluster.start()


def test_lost_passwords_are_told_and_data_is_kept(made: Path) -> None:
    with running(Cluster(made, QUICK)) as cluster:
        pass
    (cluster.home / "cluster.json").unlink()
    with pytest.raises(ClusterError, match=r"cluster\.json.* is missing"):
        cluster.start()
    assert (cluster.data / "PG_VERSION").exists()


def test_data_of_another_major_version_is_told_and_left_alone(made: Path) -> None:
    with running(Cluster(made, QUICK)) as cluster:
        pass
    (cluster.data / "PG_VERSION").write_text("17\n")
    with pytest.raises(ClusterError, match="made by PostgreSQL 17"):
        cluster.start()


def test_what_postgres_says_is_passed_on_when_it_does_not_start(made: Path) -> None:
    with running(Cluster(made, QUICK)) as cluster:
        pass
    (cluster.data / "postgresql.conf").write_text("nonsense = 1\n")
    with pytest.raises(ClusterError, match="nonsense"):
        cluster.start()
    assert cluster.running() is None


def test_no_network_port_is_opened(made: Path) -> None:
    with running(Cluster(made, QUICK)) as cluster:
        pid = cluster.running()
        listed = Path(f"/proc/{pid}/net/tcp").read_text() + Path(f"/proc/{pid}/net/tcp6").read_text()
        inodes = {line.split()[9] for line in listed.splitlines() if line.split()[3] == "0A"}
        held = {str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink()}
        assert not {f"socket:[{inode}]" for inode in inodes} & held
        with sockets_module.socket(sockets_module.AF_UNIX) as control:
            control.connect(json.loads((cluster.home / "cluster.json").read_text())["socket"] + "/.s.PGSQL.5432")
