"""Folders for servers: short enough for a socket, and closed to nobody who must pass through."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.runner.ground import QUICK
from wanku.runner.postgres import Cluster


def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="wk-", dir="/tmp"))
    folder.chmod(0o711)
    return folder


@pytest.fixture
def home() -> Iterator[Path]:
    """An empty folder with a short path, through which other accounts may pass."""
    folder = _folder()
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def template() -> Iterator[Path]:
    """A server's folder that was started once and stopped in order; made once, since initdb takes its time."""
    folder = _folder()
    cluster = Cluster(folder / "pg", QUICK)
    cluster.start()
    cluster.stop()
    yield folder / "pg"
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def made(home: Path, template: Path) -> Path:
    """The folder of a server, ready to start: ``home / "pg"``."""
    subprocess.run(["cp", "-a", str(template), str(home / "pg")], check=True)
    return home / "pg"
