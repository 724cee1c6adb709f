"""The pytest plugin: gives every test run its own PostgreSQL server and the settings of a developer's machine.

Loaded by ``-p wanku.runner.testing``, before Django's settings are read. What it looks at in the environment:

``DATABASE_URL``          use this server instead of starting one
``WANKU_TEST_CLUSTER``    a name: keep a server under that name in ``.wanku/test-<name>`` running between runs, which
                          together with ``--reuse-db`` makes a second run start at once; ``none``: start no server,
                          for runs of pure tests only

``python -m wanku.runner.testing stop NAME`` ends a kept server and removes its data.
"""

import os
import re
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Generator
from pathlib import Path

import pytest

from wanku.runner import chromium
from wanku.runner.postgres import Cluster, Settings

PREFIX = "wanku-test-"
NO_SERVER_URL = "postgresql://nobody@/none?host=/nonexistent"
_SERVER_FIXTURES = {"db", "transactional_db", "django_db_setup", "live_server"}
_SERVER_MARKS = ("django_db", "fault", "journey", "server", "slow")
_QUIET = {"--version", "-V", "--help", "-h", "--markers", "--fixtures", "--collect-only", "--co"}


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config, args: list[str]) -> Generator[None, object, object]:
    """Set the environment before anything reads it; xdist's workers inherit it."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        _prepare(early_config, quiet=bool(_QUIET.intersection(args)))
    return (yield)


def _prepare(config: pytest.Config, *, quiet: bool) -> None:
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
    folder.chmod(0o711)  # as root the server runs as another account and passes through here
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
    os.environ.update(
        WANKU_DEBUG="1",
        WANKU_SANDBOX="1",
        WANKU_DEMO="0",
        WANKU_DATA=str(folder / "wanku"),
        WANKU_PUBLIC_URL="http://testserver",
        WANKU_SECRET="",
        WANKU_LOG_LEVEL="WARNING",
    )
    for name in ("WANKU_SMTP_URL", "WANKU_HOSTS"):
        os.environ.pop(name, None)
    name = os.environ.get("WANKU_TEST_CLUSTER", "")
    if os.environ.get("DATABASE_URL"):
        return
    if quiet or name == "none":
        os.environ["DATABASE_URL"] = NO_SERVER_URL
        config.add_cleanup(_forget_url)
        return
    if name:
        cluster = kept_cluster(name, Path(config.rootpath))
    else:
        _clear_left_overs()
        cluster = Cluster(folder / "pg", Settings(durable=False, may_create=True))
        config.add_cleanup(cluster.stop)
    cluster.start()
    os.environ["DATABASE_URL"] = cluster.url
    config.add_cleanup(_forget_url)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what cannot run here: journeys without a browser, and without a server all that needs one.

    Raises:
        pytest.UsageError: tests share an id, of which xdist would run one; or, in CI, there is no browser.
    """
    if shared := [nodeid for nodeid, count in Counter(item.nodeid for item in items).items() if count > 1]:
        raise pytest.UsageError(f"Several tests have one id, so that xdist would run one of them: {', '.join(shared)}")
    if os.environ.get("DATABASE_URL") == NO_SERVER_URL:
        pure = [item for item in items if _is_pure(item)]
        config.hook.pytest_deselected(items=[item for item in items if not _is_pure(item)])
        items[:] = pure
    if chromium.find() is None:
        reason = "Chromium is not installed, so the browser journeys were not run"
        for item in items:
            if item.get_closest_marker("journey") is None:
                continue
            if os.environ.get("CI"):
                raise pytest.UsageError(f"{reason}; in CI they must be.")
            item.add_marker(pytest.mark.skip(reason=reason))


def _is_pure(item: pytest.Item) -> bool:
    names = set(getattr(item, "fixturenames", ()))
    return not names & _SERVER_FIXTURES and not any(item.get_closest_marker(mark) for mark in _SERVER_MARKS)


def _forget_url() -> None:
    os.environ.pop("DATABASE_URL", None)


def kept_cluster(name: str, root: Path) -> Cluster:
    """The test server that stays running under `name` in the project at `root`; not yet started.

    Raises:
        pytest.UsageError: the name is no plain word.
    """
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,30}", name):
        raise pytest.UsageError(f"WANKU_TEST_CLUSTER must be a short word of a-z, 0-9, - and _, not {name!r}.")
    return Cluster(root / ".wanku" / f"test-{name}", Settings(durable=False, outlives=True, may_create=True))


def _clear_left_overs() -> None:
    """Remove folders of runs that were killed; their servers ended with them."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*-*"):
        pid = folder.name.removeprefix(PREFIX).split("-", 1)[0]
        ours = not folder.is_symlink() and folder.stat().st_uid == os.geteuid()
        if ours and pid.isdigit() and not Path("/proc", pid).exists():
            shutil.rmtree(folder, ignore_errors=True)


def main(arguments: list[str]) -> int:
    """``stop NAME``: end the kept server of that name in the current project and remove its data."""
    if len(arguments) != 2 or arguments[0] != "stop":
        print("usage: python -m wanku.runner.testing stop NAME", file=sys.stderr)
        return 2
    cluster = kept_cluster(arguments[1], Path.cwd())
    cluster.stop()
    shutil.rmtree(cluster.home, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
