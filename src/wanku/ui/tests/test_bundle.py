"""What a page loads stays small, and nothing in it evaluates text."""

import gzip

import pytest

from wanku.ui import built

SCRIPT_MAX = 60_000
STYLE_MAX = 40_000


@pytest.fixture(autouse=True)
def _built() -> None:
    if not (built.DIST / "manifest.json").exists():
        pytest.skip("the front end is not built")


def size(pattern: str) -> int:
    """Bytes on the wire of all built files of a kind."""
    return sum(len(gzip.compress(path.read_bytes(), 9)) for path in built.DIST.glob(f"assets/{pattern}"))


def test_script_is_small() -> None:
    assert 0 < size("*.js") <= SCRIPT_MAX


def test_style_is_small() -> None:
    assert 0 < size("*.css") <= STYLE_MAX


def test_nothing_is_fetched_from_elsewhere() -> None:
    for path in built.DIST.glob("assets/*.css"):
        assert "url(http" not in path.read_text(encoding="utf-8")


def test_compressed_files_lie_beside() -> None:
    for path in built.DIST.glob("assets/*.js"):
        assert path.with_name(f"{path.name}.br").exists()
        assert gzip.decompress(path.with_name(f"{path.name}.gz").read_bytes()) == path.read_bytes()
