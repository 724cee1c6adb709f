"""What the architecture tests read: the files of the project, parsed once."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "wanku"
DOORS = ("storefront", "merchant_desk", "platform_desk", "api", "hooks", "live", "jobs")
"""Where requests and clocks come in: thin, they call one flow or read."""
OUTSIDE = ("sandbox",)
"""The sandbox stands for companies outside: it keeps its own books and shares no rows or transactions with us."""
ABOVE = ("project", "runner", "simulator")


@dataclass(frozen=True)
class File:
    """One Python file of ours."""

    path: Path

    @property
    def name(self) -> str:
        """Path as people write it."""
        return str(self.path.relative_to(ROOT))

    @property
    def package(self) -> str:
        """The package below `wanku`, or the file's own name for one that lies there directly."""
        parts = self.path.relative_to(SOURCE).parts if self.path.is_relative_to(SOURCE) else ("tests",)
        return parts[0].removesuffix(".py")

    @property
    def is_test(self) -> bool:
        """Whether it is a test or stands beside tests."""
        return "tests" in self.path.relative_to(ROOT).parts

    @property
    def text(self) -> str:
        """What it says."""
        return self.path.read_text(encoding="utf-8")

    @property
    def tree(self) -> ast.Module:
        """The same, parsed."""
        return _parsed(self.path)


@cache
def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


@cache
def files() -> tuple[File, ...]:
    """Every Python file in `src/wanku` and `tests`."""
    found = [*SOURCE.rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
    return tuple(File(path) for path in sorted(found) if "__pycache__" not in path.parts)


def code() -> Iterator[File]:
    """Files that run in production: no tests, no migrations."""
    return (file for file in files() if not file.is_test and "migrations" not in file.path.parts)


def dotted(node: ast.expr) -> str:
    """``transaction.atomic`` of an expression; calls and subscripts inside are passed over."""
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else node.attr
    if isinstance(node, ast.Call):
        return dotted(node.func)
    if isinstance(node, ast.Subscript):
        return dotted(node.value)
    return node.id if isinstance(node, ast.Name) else ""
