"""What was chosen and what it costs, in the reader's language, for every page and letter."""

from collections.abc import Mapping
from typing import Any

from wanku.kinds.kind import Fact
from wanku.kinds.registry import KINDS


def described(kind: str, choice: Mapping[str, Any]) -> list[Fact]:
    """What was chosen, row by row; nothing for goods."""
    return KINDS[kind].describe(choice) if kind in KINDS and choice else []


def brief(kind: str, choice: Mapping[str, Any]) -> str:
    """What was chosen in one line."""
    return KINDS[kind].brief(choice) if kind in KINDS and choice else ""


def explained(kind: str, code: str, facts: Mapping[str, Any]) -> str:
    """Why a number is what it is."""
    return KINDS[kind].explain(code, facts) if kind in KINDS else code
