"""Stripe's way of writing nested values in a form: ``a[b][0]=c``."""

import re
from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import parse_qsl

PART: Final = re.compile(r"\[([^\[\]]*)\]")


class BadRequest(Exception):
    """An answer of kind ``invalid_request_error``."""

    def __init__(self, message: str, *, param: str = "", code: str = "", status: int = 400, kind: str = "") -> None:
        super().__init__(message)
        self.status = status
        error = {"type": kind or "invalid_request_error", "message": message, "param": param, "code": code}
        self.error = {name: value for name, value in error.items() if value}


def decoded(text: str) -> dict[str, Any]:
    """The nested values; what is listed by numbers becomes a list."""
    root: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        head, _, _rest = name.partition("[")
        path = [head, *PART.findall(name[len(head) :])]
        _put(root, path, value)
    return {name: _listed(value) for name, value in root.items()}


def _put(node: dict[str, Any], path: list[str], value: str) -> None:
    for part in path[:-1]:
        node = node.setdefault(part or str(len(node)), {})
        if not isinstance(node, dict):
            raise BadRequest("Invalid object", param=path[0])
    node[path[-1] or str(len(node))] = value


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inside = {name: _listed(each) for name, each in value.items()}
    return list(inside.values()) if inside and all(name.isdigit() for name in inside) else inside


def known(params: dict[str, Any], names: Iterable[str]) -> None:
    """Refuse what the call does not take, as Stripe does."""
    allowed = set(names)
    for name in params:
        if name not in allowed:
            raise BadRequest(f"Received unknown parameter: {name}", param=name, code="parameter_unknown")


def needed(params: dict[str, Any], name: str) -> Any:
    """A value that the call cannot do without."""
    value: Any = params
    for part in name.split("."):
        value = value[part] if isinstance(value, dict) and part in value else None
    if value in (None, "", {}):
        raise BadRequest(f"Missing required param: {name}.", param=name, code="parameter_missing")
    return value


def whole(value: Any, name: str) -> int:
    """A positive whole number."""
    if not isinstance(value, str) or not value.isdigit() or int(value) == 0:
        raise BadRequest(f"Invalid positive integer: {value}", param=name, code="parameter_invalid_integer")
    return int(value)
