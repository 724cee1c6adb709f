"""The data folder: the secret, the embedded database, logs and uploads, and who is using it just now."""

import contextlib
import fcntl
import hashlib
import json
import os
import secrets
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from wanku.project.env import SECRET_LENGTH_MIN
from wanku.runner.postgres import account, programs


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that runs Wanku from a data folder.

    Attributes:
        pid: its process id
        doing: the command, such as ``up``
        url: where its pages are, or empty
        since: seconds since the epoch
    """

    pid: int
    doing: str
    url: str
    since: float


class FolderBusy(RuntimeError):
    """Another process runs Wanku from this folder."""

    def __init__(self, holder: Holder) -> None:
        super().__init__(f"`wanku {holder.doing}` (process {holder.pid}) is using this data folder.")
        self.holder = holder


class DataFolder:
    """The folder that WANKU_DATA names."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self._lock = self.path / "lock"
        self._holder = self.path / "running.json"

    @classmethod
    def from_environment(cls) -> "DataFolder":
        """The folder named by WANKU_DATA, by default ``.wanku`` in the current folder."""
        return cls(Path(os.environ.get("WANKU_DATA") or ".wanku"))

    def make(self) -> None:
        """Create the folder if it is missing: closed to others, except that as root the server may pass through."""
        mode = 0o711 if os.geteuid() == 0 else 0o700
        for folder in (*reversed(self.path.parents), self.path):
            if not folder.exists():
                folder.mkdir(mode=mode)
                folder.chmod(mode)

    def secret(self) -> str:
        """The secret that signs sessions and links: WANKU_SECRET, or one made once and kept in the folder."""
        if given := os.environ.get("WANKU_SECRET"):
            return given
        file = self.path / "secret"
        with contextlib.suppress(FileNotFoundError):
            kept = file.read_text(encoding="utf-8").strip()
            if len(kept) >= SECRET_LENGTH_MIN:
                return kept
        fresh = file.with_name(f"secret.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(new_secret(), encoding="utf-8")
        fresh.replace(file)
        return file.read_text(encoding="utf-8").strip()

    def cluster_home(self) -> Path:
        """Where the embedded server lives: in this folder, or, as root, under ``/var/lib`` if its account cannot enter.

        The choice is remembered, so that rights changed later do not seem to lose the data.
        """
        if made := self.home_if_made():
            return made
        inside = self.path / "pg"
        if programs.can_enter(self.path, account.lent_for(inside)):
            return inside
        place = self._outside()
        (self.path / "pg.place").write_text(str(place), encoding="utf-8")
        return place

    def home_if_made(self) -> Path | None:
        """Where the embedded server lives, if that was ever decided."""
        with contextlib.suppress(FileNotFoundError):
            place = Path((self.path / "pg.place").read_text(encoding="utf-8"))
            # A copied data folder must not reach back into the database of the original.
            if place.name == self._outside().name:
                return place
        return self.path / "pg" if (self.path / "pg").exists() else None

    def holder(self) -> Holder | None:
        """Who runs Wanku from this folder now; None if nobody does, even if they left a record behind."""
        if not self._lock.exists():
            return None
        with self._lock.open("r", encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return self._recorded()
        return None

    @contextlib.contextmanager
    def held(self, doing: str) -> Iterator[None]:
        """Be the one who runs Wanku from this folder. The kernel ends the hold with the process, however it ends.

        Raises:
            FolderBusy: someone else is.
        """
        with self._lock.open("a", encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise FolderBusy(self._recorded()) from None
            self.announce(doing)
            try:
                yield
            finally:
                self._holder.unlink(missing_ok=True)

    def announce(self, doing: str, url: str = "") -> None:
        """Tell others what the holder is doing and where its pages are."""
        holder = Holder(os.getpid(), doing, url, time.time())
        fresh = self._holder.with_suffix(".new")
        fresh.write_text(json.dumps(asdict(holder)), encoding="utf-8")
        fresh.replace(self._holder)

    def _recorded(self) -> Holder:
        for _ in range(20):  # the holder writes its record just after it takes the lock
            with contextlib.suppress(OSError, ValueError, TypeError):
                return Holder(**json.loads(self._holder.read_text(encoding="utf-8")))
            time.sleep(0.05)
        return Holder(0, "up", "", time.time())

    def _outside(self) -> Path:
        digest = hashlib.sha256(os.fsencode(self.path)).hexdigest()[:10]
        return programs.SYSTEM_FOLDER / f"data-{digest}"


def new_secret() -> str:
    """A random text that is long enough for WANKU_SECRET."""
    return secrets.token_urlsafe(48)
