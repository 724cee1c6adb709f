"""What prepares a clone: locks without addresses, catalogues, the plugin that brings the test server, CI's one line."""

import gettext
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.runner.ground import ROOT
from wanku.project.env import Database
from wanku.runner import bootstrap, chromium, testing
from wanku.runner.translations import compile_catalogue

LOCKS = sorted((ROOT / "locks").glob("*.txt"))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_locks_hold_versions_and_hashes_and_no_address(lock: Path) -> None:
    text = lock.read_text()
    assert "://" not in text
    pinned = re.findall(r"^([a-z0-9-]+)(?:\[.*\])?==", text, flags=re.MULTILINE)
    blocks = re.findall(r"^[a-z0-9-]+.*\\\n    --hash=sha256:", text, flags=re.MULTILINE)
    assert len(pinned) == len(blocks) > 0


def test_locks_agree_with_one_another() -> None:
    def versions(name: str) -> dict[str, str]:
        return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", (ROOT / "locks" / name).read_text(), flags=re.MULTILINE))

    runtime, dev, build = versions("runtime.txt"), versions("dev.txt"), versions("build.txt")
    assert runtime.items() <= dev.items()
    assert {name: build[name] for name in build.keys() & dev.keys()}.items() <= dev.items()


def test_the_front_ends_lock_holds_no_address() -> None:
    lock = ROOT / "package-lock.json"
    assert '"resolved"' not in lock.read_text()


def test_a_catalogue_is_compiled_without_its_doubtful_entries(tmp_path: Path) -> None:
    source = tmp_path / "django.po"
    source.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        'msgid "Order"\nmsgstr "订单"\n\n#, fuzzy\nmsgid "Refund"\nmsgstr "退货"\n',
        encoding="utf-8",
    )
    with compile_catalogue(source).open("rb") as file:
        words = gettext.GNUTranslations(file)
    assert words.gettext("Order") == "订单"
    assert words.gettext("Refund") == "Refund"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["django.mo", "django.po"]


def test_a_step_is_repeated_when_a_file_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    file = tmp_path / "a.css"
    file.write_text("a")
    first = bootstrap._digest([file])
    assert bootstrap._digest([file]) == first
    file.write_text("b")
    assert bootstrap._digest([file]) != first
    file.rename(tmp_path / "b.css")
    assert bootstrap._digest([file]) != bootstrap._digest([tmp_path / "b.css"])


def test_an_environment_is_made_anew_when_the_clone_was_moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[list[str]] = []
    venv = tmp_path / ".venv"
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "VENV", venv)
    monkeypatch.setattr(bootstrap, "PYTHON", venv / "bin" / "python")
    monkeypatch.setattr(bootstrap, "_run", made.append)
    for place, times in ((str(tmp_path), 0), ("/elsewhere", 1)):
        (venv / "bin").mkdir(parents=True)
        (venv / "bin" / "python").touch()
        (venv / "wanku-itself").write_text(f"digest {place}")
        bootstrap._environment()
        assert len(made) == times
        shutil.rmtree(venv, ignore_errors=True)


def test_developers_packages_serve_the_runtime_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(bootstrap, "VENV", tmp_path)

    def install(locks: list[Path]) -> bool:
        asked.append(locks[-1].name)
        return True

    monkeypatch.setattr(bootstrap, "_by_uv", install)
    bootstrap._packages("dev")
    bootstrap._packages("runtime")
    bootstrap._packages("dev")
    assert asked == ["dev.txt"]


def test_a_failing_step_is_named_with_what_it_said() -> None:
    with pytest.raises(bootstrap.Unprepared, match=r"(?s)exit code 3.*no room"):
        bootstrap._run(["/bin/sh", "-c", "echo no room; exit 3"], quiet=True)


def test_a_missing_browser_is_an_error_in_ci_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(chromium, "find", lambda: None)
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.delenv("CI", raising=False)
    assert chromium.main() == 0
    assert "will not run" in capsys.readouterr().out
    monkeypatch.setenv("CI", "true")
    assert chromium.main() == 1


def run_pytest(folder: Path, code: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run pytest with our plugin alone on one file."""
    (folder / "pytest.ini").write_text("[pytest]\nmarkers =\n journey: x\n server: x\n fault: x\n slow: x\n")
    (folder / "test_it.py").write_text(code)
    environ = {
        **os.environ,
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "DATABASE_URL": "",
        "WANKU_TEST_CLUSTER": "",
        **more,
    }
    for name in [name for name in environ if name.startswith("PYTEST_XDIST")]:
        del environ[name]
    command = [sys.executable, "-m", "pytest", "-p", "wanku.runner.testing", "-rs", "-p", "no:cacheprovider", "."]
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, timeout=60, check=False)


SHOW = """
import os, pathlib, psycopg
def test_it():
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        connection.execute("SELECT 1")
    pathlib.Path("place").write_text(os.environ["DATABASE_URL"])
"""


@pytest.mark.server
def test_a_run_has_a_server_of_its_own_and_leaves_nothing(tmp_path: Path) -> None:
    done = run_pytest(tmp_path, SHOW)
    assert "1 passed" in done.stdout, done.stdout + done.stderr
    place = Path(Database.from_url((tmp_path / "place").read_text()).host)
    assert place.parents[1].name.startswith(testing.PREFIX)
    assert not place.parents[1].exists()


@pytest.mark.server
def test_a_server_that_is_given_is_used(tmp_path: Path) -> None:
    done = run_pytest(tmp_path, SHOW, DATABASE_URL=os.environ["DATABASE_URL"])
    assert "1 passed" in done.stdout, done.stdout + done.stderr
    assert (tmp_path / "place").read_text() == os.environ["DATABASE_URL"]


PURE = """
import os, pytest
@pytest.mark.server
def test_needs_a_server(): raise AssertionError
@pytest.fixture
def db(): raise AssertionError
def test_needs_the_database(db): pass
def test_pure(): assert "nonexistent" in os.environ["DATABASE_URL"]
"""


def test_a_pure_run_starts_no_server_and_leaves_out_what_needs_one(tmp_path: Path) -> None:
    done = run_pytest(tmp_path, PURE, WANKU_TEST_CLUSTER="none")
    assert "1 passed, 2 deselected" in done.stdout, done.stdout + done.stderr


TWICE = "def pytest_collection_modifyitems(items): items.append(items[0])"


@pytest.mark.parametrize(("options", "words"), [("", "Several tests have one id"), ("-p xdist -n 2", "INTERNALERROR")])
def test_tests_of_one_id_are_an_error_since_one_alone_would_run(tmp_path: Path, options: str, words: str) -> None:
    (tmp_path / "conftest.py").write_text(TWICE)
    done = run_pytest(tmp_path, "def test_it(): pass", WANKU_TEST_CLUSTER="none", PYTEST_ADDOPTS=options)
    assert done.returncode != 0
    assert words in done.stdout + done.stderr and "passed" not in done.stdout


JOURNEY = """
import pytest
@pytest.mark.journey
def test_journey(): raise AssertionError
def test_other(): pass
"""


@pytest.mark.parametrize(("ci", "code", "words"), [("", 0, "journeys were not run"), ("true", 4, "in CI they must be")])
def test_journeys_without_a_browser_are_told_and_in_ci_an_error(tmp_path: Path, ci: str, code: int, words: str) -> None:
    (tmp_path / "bin").mkdir()
    more = {"CI": ci, "PATH": str(tmp_path / "bin"), "WANKU_CHROMIUM": "", "DATABASE_URL": "postgresql:///given"}
    done = run_pytest(tmp_path, JOURNEY, **more)
    assert done.returncode == code
    assert words in done.stdout + done.stderr


def test_a_kept_server_has_a_plain_name(tmp_path: Path) -> None:
    assert testing.kept_cluster("ann-1", tmp_path).home == tmp_path / ".wanku" / "test-ann-1"
    for name in ("../x", "", "A B", "x" * 60):
        with pytest.raises(pytest.UsageError, match="short word"):
            testing.kept_cluster(name, tmp_path)


def test_ci_runs_the_same_command_as_people_do() -> None:
    script = (ROOT / ".ci" / "run").read_text()
    assert "make test" in script
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    plan = subprocess.run(["make", "-n", "test"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for step in (
        "bootstrap.py dev",
        "wanku.runner.chromium",
        "ruff check",
        "ruff format --check",
        "mypy",
        "lint-imports",
    ):
        assert step in plan
    assert "pytest" in plan
