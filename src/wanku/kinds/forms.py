"""Forms of kinds as doors receive them: ``choice.from=2026-12-01`` and so on, to JSON."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from django.utils.datastructures import MultiValueDict

FIELDS_MAX: Final = 400
"""Fields of one form that are read; a group of forty travellers has fewer."""
TEXT_MAX: Final = 2_000
NAME: Final = re.compile(r"[a-z0-9_]{1,40}(?:\.[a-z0-9_]{1,40}){0,4}(?:\[\])?")


def collect(data: MultiValueDict[str, str], prefix: str) -> dict[str, Any]:
    """What stands below ``prefix`` in a form, as nested JSON.

    ``choice.from`` is a text, ``choice.options[]`` a list of texts, ``choice.travellers.0.name`` and ``….1.name`` a
    list of things, ``choice.options.17[]`` a list by key. Blank texts are left out, as if they had not been asked.
    """
    found: dict[str, Any] = {}
    names = [name for name in data if name.startswith(f"{prefix}.")][:FIELDS_MAX]
    for name in names:
        path = name.removeprefix(f"{prefix}.")
        if not NAME.fullmatch(path):
            continue
        value: Any = [text[:TEXT_MAX] for text in data.getlist(name) if text.strip()]
        if not path.endswith("[]"):
            value = value[-1] if value else None
        if value:
            _put(found, path.removesuffix("[]").split("."), value)
    return {name: _lists(value) for name, value in found.items()}


def choice_text(choice: Mapping[str, Any]) -> str:
    """JSON in one way of writing, so that the same choice is the same text; nothing for no choice."""
    return json.dumps(choice, ensure_ascii=False, sort_keys=True, separators=(",", ":")) if choice else ""


def _put(into: dict[str, Any], path: list[str], value: Any) -> None:
    for step in path[:-1]:
        below = into.setdefault(step, {})
        if not isinstance(below, dict):
            return
        into = below
    into[path[-1]] = value


def _lists(value: Any) -> Any:
    """What is keyed 0, 1, 2 … is a list."""
    if not isinstance(value, dict):
        return value
    below = {name: _lists(each) for name, each in value.items()}
    if set(below) == {str(n) for n in range(len(below))}:
        return [below[str(n)] for n in range(len(below))]
    return below
