"""The data folder: its secret, its rights, its one holder."""

import os
import stat
from pathlib import Path

import pytest

from wanku.runner.folder import DataFolder, FolderBusy


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataFolder:
    monkeypatch.delenv("WANKU_SECRET", raising=False)
    made = DataFolder(tmp_path / "data")
    made.make()
    return made


def test_the_secret_is_made_once_and_closed_to_others(folder: DataFolder) -> None:
    secret = folder.secret()
    assert len(secret) >= 50
    assert folder.secret() == secret == DataFolder(folder.path).secret()
    assert stat.S_IMODE((folder.path / "secret").stat().st_mode) == 0o600
    assert [path.name for path in folder.path.iterdir()] == ["secret"]


def test_a_secret_of_the_environment_goes_first(folder: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WANKU_SECRET", "given")
    assert folder.secret() == "given"
    assert not (folder.path / "secret").exists()


def test_a_secret_that_was_cut_short_is_made_anew(folder: DataFolder) -> None:
    (folder.path / "secret").write_text("short")
    assert len(folder.secret()) >= 50


def test_others_cannot_list_the_folder(folder: DataFolder) -> None:
    assert stat.S_IMODE(folder.path.stat().st_mode) == (0o711 if os.geteuid() == 0 else 0o700)


def test_rights_of_a_folder_that_is_there_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(mode=0o750)
    DataFolder(tmp_path / "data").make()
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o750


def test_one_holds_it_at_a_time_and_the_other_learns_who(folder: DataFolder) -> None:
    other = DataFolder(folder.path)
    with folder.held("up"):
        folder.announce("up", "http://127.0.0.1:8000")
        with pytest.raises(FolderBusy) as refusal, other.held("migrate"):
            pass
        assert (refusal.value.holder.pid, refusal.value.holder.url) == (os.getpid(), "http://127.0.0.1:8000")
    with other.held("migrate"):
        assert (holder := folder.holder())
        assert holder.doing == "migrate"
    assert folder.holder() is None
