"""Migrating and the demo: run to their end, cut off when asked, and never taken for a shop's own data half-way."""

import os
import threading
import time
from collections.abc import Mapping
from pathlib import Path

import psycopg
import pytest

from tests.runner.ground import QUICK, running
from wanku.runner.postgres import Cluster, ClusterError
from wanku.runner.steps import StepFailed, Steps, Stopped, fill


class Script(Steps):
    """Steps that write to the database instead of running commands."""

    def __init__(self, tmp_path: Path, *, cut_off: bool = False) -> None:
        super().__init__(tmp_path, threading.Event())
        self.ran: list[str] = []
        self.cut_off = cut_off

    def run(self, doing: str, *words: str, environ: Mapping[str, str] | None = None) -> None:
        command = words[0]
        self.ran.append(command)
        with psycopg.connect((environ or os.environ)["DATABASE_URL"]) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS shop (name text)")
            if command == "demo":
                connection.execute("INSERT INTO shop VALUES ('demo')")
        if command == "demo" and self.cut_off:
            raise Stopped


def shops(cluster: Cluster) -> list[str]:
    with psycopg.connect(cluster.url) as connection:
        return [row[0] for row in connection.execute("SELECT name FROM shop")]


@pytest.mark.server
class TestFill:
    """The embedded database is filled beside its place the first time."""

    @pytest.fixture(autouse=True)
    def _server(self, made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.cluster = Cluster(made, QUICK)

    def test_a_load_that_was_cut_off_is_begun_anew(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        with running(self.cluster):
            monkeypatch.setenv("DATABASE_URL", self.cluster.url)
            with pytest.raises(Stopped):
                fill(Script(tmp_path, cut_off=True), self.cluster, demo=True)
            assert self.cluster.is_empty()
            fill(Script(tmp_path), self.cluster, demo=True)
            assert shops(self.cluster) == ["demo"]

    def test_data_of_ones_own_stays(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        with running(self.cluster):
            monkeypatch.setenv("DATABASE_URL", self.cluster.url)
            fill(Script(tmp_path), self.cluster, demo=False)
            with psycopg.connect(self.cluster.url) as connection:
                connection.execute("INSERT INTO shop VALUES ('mine')")
            with pytest.raises(Stopped):
                fill(Script(tmp_path, cut_off=True), self.cluster, demo=True)
            assert "mine" in shops(self.cluster)
            self.cluster.begin_aside()
            with pytest.raises(ClusterError, match="filled meanwhile"):
                self.cluster.use_aside()
            assert "mine" in shops(self.cluster)

    def test_what_was_aside_is_owned_and_closed_like_the_rest(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with running(self.cluster):
            monkeypatch.setenv("DATABASE_URL", self.cluster.url)
            fill(Script(tmp_path), self.cluster, demo=True)
            with psycopg.connect(self.cluster.url) as connection:
                connection.execute("CREATE EXTENSION pg_trgm")
                owners = connection.execute(
                    "SELECT datname, pg_get_userbyid(datdba) FROM pg_database WHERE datname LIKE 'wanku%'"
                ).fetchall()
            assert owners == [("wanku", "wanku")]


def test_a_step_that_fails_tells_the_end_of_what_it_said(tmp_path: Path) -> None:
    steps = Steps(tmp_path, threading.Event(), ("/bin/sh", "-c"))
    with pytest.raises(StepFailed, match=r"(?s)Counting failed:\nno room"):
        steps.run("Counting", "echo no room; exit 3")


def test_a_step_is_cut_off_when_asked(tmp_path: Path) -> None:
    stop = threading.Event()
    began = time.monotonic()
    threading.Timer(0.3, stop.set).start()
    with pytest.raises(Stopped):
        Steps(tmp_path, stop, ("sleep",)).run("Waiting", "60")
    assert time.monotonic() - began < 30
    with pytest.raises(Stopped):
        Steps(tmp_path, stop, ("false",)).run("Not even begun", "x")


def test_what_a_step_says_is_kept(tmp_path: Path) -> None:
    Steps(tmp_path, threading.Event(), ("echo", "said")).run("Speaking", "it")
    assert (tmp_path / "it.log").read_text() == "said it\n"
