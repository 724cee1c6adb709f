"""`wanku up` as a person meets it: it opens, outlives what kills its parts, says when it is already open, and stops."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.runner.ground import AS_ROOT, ROOT, USER, alive, environment, until, user_python, wanku
from wanku.runner import ports
from wanku.runner.folder import DataFolder
from wanku.runner.postgres import Cluster, programs

pytestmark = [pytest.mark.server, pytest.mark.fault, pytest.mark.slow]
PARTS = ("web", "worker", "sweep", "sandbox")


class Up:
    """One `wanku up` in a folder of its own."""

    def __init__(self, data: Path, *, port: int, python: str = sys.executable, switch: programs.Switch) -> None:
        self.data = data
        self.environ = environment(data, WANKU_DEMO="0")
        self.output = data.parent / "up.txt"
        self.process = subprocess.Popen(
            [python, "-P", "-m", "wanku", "up", "--port", str(port)],
            env=self.environ,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=self.output.open("w"),
            stderr=subprocess.STDOUT,
            **switch,
        )

    @property
    def said(self) -> str:
        """All it has printed."""
        return self.output.read_text()

    def await_open(self) -> "Up":
        """Wait until it says where it is."""
        until(lambda: "Wanku is open" in self.said or self.process.poll() is not None, within=120, what="it opens")
        assert self.process.poll() is None, self.said
        return self

    @property
    def url(self) -> str:
        """Its address, as printed."""
        found = re.search(r"Wanku is open: (\S+)", self.said)
        assert found, self.said
        return found.group(1)

    def answers(self) -> bool:
        """Whether a page comes back, whatever its status, and the database with it."""
        try:
            with urllib.request.urlopen(self.url, timeout=5) as answer:  # noqa: S310 - our own
                return bool(answer.status < 500)
        except urllib.error.HTTPError as answer:
            return answer.code < 500
        except OSError:
            return False

    def pids(self) -> dict[str, list[int]]:
        """The processes of each part, its main process first."""
        found: dict[str, list[int]] = {name: [] for name in (*PARTS, "postgres")}
        for folder in sorted(Path("/proc").glob("[0-9]*"), key=lambda path: int(path.name)):
            try:
                words = (folder / "cmdline").read_bytes().decode().split("\0")
                ours = str(self.data).encode() in (folder / "environ").read_bytes()
            except OSError:
                continue
            if ours and "wanku" in words and (named := set(PARTS) & set(words)):
                found[named.pop()].append(int(folder.name))
        if server := Cluster(DataFolder(self.data).cluster_home()).running():
            found["postgres"].append(server)
        return found

    def all_pids(self) -> list[int]:
        """Every process of it but the supervisor."""
        return [pid for pids in self.pids().values() for pid in pids]

    def stop(self) -> int:
        """Ask it to stop, and give its exit code."""
        self.process.terminate()
        return self.process.wait(60)


@pytest.fixture
def port() -> int:
    """A port that is free just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def up(home: Path, port: int) -> Iterator[Up]:
    """A Wanku that is open."""
    it = Up(home / "data", port=port, switch={})
    try:
        yield it.await_open()
    finally:
        it.stop()


def test_it_opens_says_where_and_a_second_one_says_that_it_runs(up: Up) -> None:
    assert up.answers()
    for told in (f"{up.url}/desk/", str(up.data), "PostgreSQL 18"):
        assert told in up.said
    second = wanku("up", environ=up.environ)
    assert second.returncode == 0
    assert "already runs" in second.stdout
    assert up.url in second.stdout
    assert str(up.process.pid) in second.stdout
    doctor = wanku("doctor", environ=up.environ)
    assert "All migrations are applied" in doctor.stdout, doctor.stdout
    assert f"process {up.process.pid}" in doctor.stdout
    manage = wanku("manage", "shell", "-c", "print(6 * 7)", environ=up.environ)
    assert manage.stdout.splitlines()[-1:] == ["42"], manage.stderr
    parts = up.pids()
    assert all(parts.values()), parts
    pids = up.all_pids()
    assert up.stop() == 0
    assert not [pid for pid in pids if alive(pid)], up.said
    assert not up.answers()
    assert DataFolder(up.data).holder() is None


def test_each_part_that_is_killed_comes_back(up: Up) -> None:
    main, *workers = up.pids()["web"]
    assert workers
    os.kill(main, signal.SIGKILL)
    until(lambda: not any(map(alive, workers)), what="web's workers end with it and leave the port")
    until(up.answers, within=30)
    before = up.pids()
    for pids in before.values():
        os.kill(pids[0], signal.SIGKILL)

    def old_or_missing() -> list[str]:
        now = up.pids()
        return [name for name in before if not now[name] or set(now[name]) & set(before[name])]

    until(lambda: old_or_missing() == [], within=60, what="every part runs again, as other processes")
    until(up.answers, within=30, what="pages come back without a restart of everything")
    assert "web was ended by SIGKILL; starting it again" in up.said
    assert "postgres ended" in up.said


def test_kill_9_of_the_supervisor_leaves_nothing_behind_and_the_next_one_opens(up: Up, port: int) -> None:
    pids = up.all_pids()
    up.process.kill()
    up.process.wait()
    until(lambda: not any(map(alive, pids)), within=40, what="every part ends with the supervisor")
    again = Up(up.data, port=port, switch={}).await_open()
    try:
        assert again.answers()
        assert again.url == up.url
    finally:
        assert again.stop() == 0


def test_a_taken_port_is_told_and_the_next_one_used(home: Path, port: int) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen(1)
        it = Up(home / "data", port=port, switch={}).await_open()
        try:
            assert it.url != f"http://127.0.0.1:{port}"
            assert f"Port {port} is taken" in it.said
        finally:
            it.stop()


def test_asked_to_stop_while_it_starts_it_stops_in_order(home: Path, port: int) -> None:
    it = Up(home / "data", port=port, switch={})
    until((home / "data" / "pg" / "cluster.json").exists, within=30)
    time.sleep(0.3)
    assert it.stop() in (0, 1), it.said
    assert Cluster(home / "data" / "pg").running() is None
    assert it.all_pids() == []
    assert "Traceback" not in it.said


@pytest.mark.skipif(not AS_ROOT, reason="the other tests of this file ran as an ordinary user already")
def test_an_ordinary_user_opens_it(home: Path, port: int) -> None:
    if not programs.can_enter(ROOT / "src", USER):
        pytest.skip("an ordinary user cannot reach the project's folder")
    home.joinpath("mine").mkdir(mode=0o700)
    USER.give(home / "mine")
    it = Up(home / "mine" / "data", port=port, python=user_python(), switch=programs.switch(USER)).await_open()
    try:
        assert it.answers()
        assert {Path("/proc", str(pid)).stat().st_uid for pid in it.all_pids()} == {USER.uid}
    finally:
        assert it.stop() == 0


def test_a_wrong_setting_is_told_once_and_nothing_is_started(home: Path) -> None:
    done = wanku("up", environ=environment(home / "data", WANKU_PUBLIC_URL="shop.example.com"))
    assert done.returncode == 1
    assert done.stderr.count("WANKU_PUBLIC_URL must be a whole address") == 1
    assert not (home / "data" / "pg").exists()


def test_with_an_unreachable_server_it_says_so_and_starts_none(home: Path) -> None:
    done = wanku("up", environ=environment(home / "data", DATABASE_URL="postgresql://x@127.0.0.1:1/x"))
    assert done.returncode == 1
    assert "Cannot reach database x" in done.stderr
    assert not (home / "data" / "pg").exists()


def test_ports_are_told_apart() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen(1)
        number = taken.getsockname()[1]
        assert not ports.is_free("127.0.0.1", number)
        assert ports.answers("127.0.0.1", number, patience=1)
        assert ports.first_free("127.0.0.1", number) not in (None, number)
    assert ports.is_free("127.0.0.1", number)
    assert not ports.answers("127.0.0.1", number, patience=0)


def test_the_record_of_who_runs_is_no_proof(home: Path) -> None:
    folder = DataFolder(home / "data")
    folder.make()
    with folder.held("up"):
        folder.announce("up", "http://127.0.0.1:9")
        assert (holder := folder.holder())
        assert holder.url == "http://127.0.0.1:9"
        record = json.loads((folder.path / "running.json").read_text())
    (folder.path / "running.json").write_text(json.dumps(record))
    assert folder.holder() is None
