"""As root and as an ordinary user: who runs the server, and what it can reach."""

import os
import pwd
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from tests.runner.ground import AS_ROOT, QUICK, ROOT, USER, environment, running, user_python
from wanku.runner.folder import DataFolder
from wanku.runner.postgres import Cluster, account, programs

pytestmark = pytest.mark.server
as_root = pytest.mark.skipif(not AS_ROOT, reason="root alone can lend an account")


@as_root
def test_the_lent_account_is_nobody_elses_and_stays_the_same(home: Path) -> None:
    lent = account.lent_for(home / "pg")
    assert account.FIRST_UID <= lent.uid <= account.LAST_UID
    with pytest.raises(KeyError):
        pwd.getpwuid(lent.uid)
    with running(Cluster(home / "pg", QUICK)) as cluster:
        assert account.lent_for(cluster.home) == lent
        assert Path(f"/proc/{cluster.running()}").stat().st_uid == lent.uid
        groups = next(
            line for line in Path(f"/proc/{cluster.running()}/status").read_text().splitlines() if "Groups" in line
        )
        assert groups.split() == ["Groups:"]


@as_root
def test_programs_out_of_reach_are_copied_and_the_originals_rights_stay(home: Path) -> None:
    closed = home / "closed"
    closed.mkdir(mode=0o700)
    for part in (programs.MODULE, f"{programs.MODULE}.libs"):
        shutil.copytree(programs.installed().parents[1] / part, closed / part, symlinks=True)
    source = closed / programs.MODULE / "pginstall"
    lent = account.lent_for(home / "pg")
    assert not programs.can_run(source / "bin" / "postgres", lent)
    used = programs.for_account(lent, source=source, system=home / "system")
    assert home / "system" in used.parents
    assert programs.can_run(used / "bin" / "postgres", lent)
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    assert not [path for path in (home / "system").rglob("*") if path.lstat().st_mode & 0o022 and not path.is_symlink()]
    again = programs.for_account(lent, source=source, system=home / "system")
    assert again == used


@as_root
def test_a_data_folder_out_of_reach_puts_the_server_elsewhere_for_good(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programs, "SYSTEM_FOLDER", home / "system")
    closed = home / "closed"
    closed.mkdir(mode=0o700)
    folder = DataFolder(closed / "data")
    folder.make()
    place = folder.cluster_home()
    assert place.parent == home / "system"
    with running(Cluster(place, QUICK)) as cluster:
        assert cluster.running()
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    closed.chmod(0o711)
    assert folder.cluster_home() == place, "rights changed later must not seem to lose the data"


@as_root
def test_a_copied_data_folder_does_not_reach_into_the_original(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "SYSTEM_FOLDER", home / "system")
    (home / "closed").mkdir(mode=0o700)
    first = DataFolder(home / "closed" / "data")
    first.make()
    place = first.cluster_home()
    shutil.copytree(first.path, home / "closed" / "copy")
    assert DataFolder(home / "closed" / "copy").cluster_home() != place


def test_an_ordinary_user_runs_it_all_by_themselves(home: Path) -> None:
    mine = home / "mine"
    mine.mkdir(mode=0o700)
    USER.give(mine)
    code = (
        "import os, pathlib, sys, psycopg\n"
        "from wanku.runner.postgres import Cluster\n"
        "cluster = Cluster(pathlib.Path(sys.argv[1]))\n"
        "cluster.start()\n"
        "owner = pathlib.Path('/proc', str(cluster.running())).stat().st_uid\n"
        "with psycopg.connect(cluster.url) as c: c.execute('CREATE EXTENSION pg_trgm')\n"
        "cluster.stop()\n"
        "print(os.geteuid(), owner, cluster.running())\n"
    )
    if not programs.can_enter(ROOT / "src", USER):
        pytest.skip("an ordinary user cannot reach the project's folder")
    done = subprocess.run(
        [user_python(), "-c", code, str(mine / "pg")],
        env=environment(mine),
        cwd="/",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        **programs.switch(USER),
    )
    assert done.stdout.split() == [str(USER.uid), str(USER.uid), "None"], done.stderr
    assert {path.stat().st_uid for path in (mine, *mine.rglob("*"))} == {USER.uid}


@pytest.mark.skipif(AS_ROOT, reason="as root another account is lent")
def test_a_user_lends_nothing(home: Path) -> None:
    assert account.lent_for(home) == account.for_initdb() == account.current()
    assert not account.current().other
    assert account.current().uid == os.geteuid()
