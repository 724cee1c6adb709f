"""The command line: its help, its doctor, its words to Django."""

import os
import pkgutil
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest

from tests.runner.ground import ROOT, environment, wanku
from wanku.runner import cli, commands, database, health
from wanku.runner.folder import DataFolder

NAMES = sorted(module.name for module in pkgutil.iter_modules(commands.__path__))


def test_help_names_every_command_with_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([]) == 0
    told = capsys.readouterr().out
    for name in ("up", "doctor", "manage", "migrate", "web", "worker", "sweep", "secret"):
        assert name in NAMES
    for name in NAMES:
        line = next((line for line in told.splitlines() if line.split()[:1] == [name]), "")
        assert len(line.split()) > 2, f"{name} has no line of help"


@pytest.mark.parametrize("name", NAMES)
def test_each_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main([name, "--help"])
    assert ended.value.code == 0
    assert f"usage: wanku {name}" in capsys.readouterr().out


def test_help_is_quick_because_it_loads_no_framework() -> None:
    code = "import sys; from wanku.runner import cli; cli._parser(); print('django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "False"


def test_an_unknown_command_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["fly"])
    assert ended.value.code == 2
    assert "invalid choice: 'fly'" in capsys.readouterr().err


def test_secret_prints_the_secret_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["secret"]) == 0
    assert len(capsys.readouterr().out.strip().split()) == 1


@pytest.mark.parametrize(("number", "taken"), [(170009, False), (180000, True), (190001, True)])
def test_an_old_server_is_refused_with_its_version(number: int, taken: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    class Connection:
        info = SimpleNamespace(server_version=number)

    monkeypatch.setattr(psycopg, "connect", lambda *_, **__: nullcontext(Connection()))
    if taken:
        assert database.check("postgresql:///x") == f"{number // 10000}.{number % 10000}"
    else:
        with pytest.raises(database.NoDatabase, match=r"PostgreSQL 17\.9; Wanku needs 18"):
            database.check("postgresql:///x")


def test_a_part_without_any_database_says_how_to_get_one(home: Path) -> None:
    done = wanku("worker", environ=environment(home / "data"))
    assert done.returncode == 1
    assert "wanku up" in done.stderr
    assert not (home / "data").exists(), "a part makes no data folder"


@pytest.mark.server
@pytest.mark.slow
def test_manage_without_a_server_starts_one_for_the_command(home: Path) -> None:
    environ = environment(home / "data")
    code = "from django.db import connection as c; c.ensure_connection(); print(c.pg_version, 'answers')"
    done = wanku("manage", "shell", "-c", code, environ=environ)
    assert "answers" in done.stdout, done.stderr
    assert not list((home / "data" / "pg" / "data").glob("postmaster.pid"))
    doctor = wanku("doctor", environ=environ)
    assert doctor.returncode == 0 or "front end is not built" in doctor.stdout
    assert "is not running" in doctor.stdout


@pytest.mark.server
def test_a_busy_data_folder_is_told(home: Path) -> None:
    folder = DataFolder(home / "data")
    folder.make()
    with folder.held("up"):
        done = wanku("migrate", environ=environment(home / "data"))
    assert done.returncode == 1
    assert f"`wanku up` (process {os.getpid()}) is using this data folder" in done.stderr


def bad(port: int = 8000) -> list[str]:
    return [finding.text for finding in health.examine(port) if finding.level is health.Level.BAD]


@pytest.mark.server
class TestDoctor:
    """Each thing amiss is found; a sound machine is not blamed."""

    @pytest.fixture(autouse=True)
    def _sound(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("WANKU_DATA", str(tmp_path / "data"))
        monkeypatch.setattr(health, "_front_end", lambda: health.good("built elsewhere"))
        monkeypatch.setattr(health, "_durable", lambda _: None)
        DataFolder(tmp_path / "data").make()

    def test_weak_secret_of_production(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("WANKU_DEBUG", "0")
        assert [text for text in bad() if "WANKU_SECRET" in text]

    def test_secret_that_others_may_read(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("WANKU_SECRET", "")
        DataFolder(tmp_path / "data").secret()
        assert not [text for text in bad() if "Others may read" in text]
        (tmp_path / "data" / "secret").chmod(0o644)
        assert [text for text in bad() if "Others may read" in text]

    def test_full_disk(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=5_000_000))
        assert bad()[:1] == [f"Only 5 MB are free at {os.environ['WANKU_DATA']}."]

    def test_server_out_of_reach(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DATABASE_URL", "postgresql://x@127.0.0.1:1/x")
        assert [text for text in bad() if "Cannot reach database x" in text]

    def test_migrations_that_wait(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(health, "_shipped_migrations", lambda: [("orders", "0099_later")])
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS django_migrations (app text, name text)")
            try:
                assert bad()[-1:] == ["1 migrations are not applied, the first is orders.0099_later."]
            finally:
                connection.execute("DROP TABLE django_migrations")

    def test_server_that_may_lose_orders(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.undo()
        with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
            connection.execute("SET synchronous_commit = off")
            finding = health._durable(connection)
            assert finding is not None
            assert "synchronous_commit" in finding.text
