"""The API's reference, read from its own OpenAPI document."""

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from wanku.kernel.refusal import Code

Prose = tuple[tuple[str, bool], ...]
"""Text in pieces, each with whether it is code."""
METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True)
class Field:
    """One name in a body or an answer.

    Attributes:
        kind: type in words, e.g. ``list of Wish``.
        shape: name of the shape it links to, if it is one.
        limits: bounds in words.
    """

    name: str
    kind: str
    shape: str
    required: bool
    limits: str
    about: Prose


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address."""

    id: str
    method: str
    path: str
    title: str
    about: tuple[Prose, ...]
    public: bool
    parameters: tuple[Field, ...]
    body: Field | None
    answers: tuple[tuple[str, Field | None], ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Operations on one kind of thing."""

    name: str
    anchor: str
    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """A body or an answer with its fields."""

    name: str
    title: str
    about: Prose
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """Everything that the page shows."""

    title: str
    about: tuple[Prose, ...]
    groups: tuple[Group, ...]
    shapes: tuple[Shape, ...]


def reference(document: Mapping[str, Any]) -> Reference:
    """The document in the order in which people read it."""
    groups: dict[str, list[Operation]] = {}
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                groups.setdefault(item[method]["tags"][0], []).append(_operation(path, method, item[method]))
    return Reference(
        title=document["info"]["title"],
        about=_paragraphs(document["info"]["description"]),
        groups=tuple(Group(name, _anchor(name), tuple(found)) for name, found in groups.items()),
        shapes=tuple(
            Shape(name, shape_title(name), prose(schema.get("description", "")), tuple(_fields(schema)))
            for name, schema in sorted(document["components"]["schemas"].items())
        ),
    )


@lru_cache(maxsize=1)
def codes() -> tuple[Code, ...]:
    """Every code that a problem can have: those that the running program has loaded."""
    found: dict[str, Code] = {}
    for name, module in sorted(sys.modules.items()):
        if name.startswith("wanku."):
            for value in vars(module).values():
                if isinstance(value, Code):
                    found.setdefault(value.name, value)
    return tuple(found[name] for name in sorted(found))


def _operation(path: str, method: str, details: Mapping[str, Any]) -> Operation:
    answers = []
    for status, answer in details["responses"].items():
        if status.startswith("2"):
            content = answer.get("content", {}).get("application/json")
            answers.append((status, _field("", content["schema"], required=True) if content else None))
    bodies = details.get("requestBody", {}).get("content", {})
    body = next((_field(kind, content["schema"], required=True) for kind, content in bodies.items()), None)
    return Operation(
        id=details["operationId"],
        method=method.upper(),
        path=path,
        title=details["summary"],
        about=_paragraphs(details.get("description", "")),
        public={} in details.get("security", []),
        parameters=tuple(_field(p["name"], p["schema"], required=p["required"]) for p in details["parameters"]),
        body=body,
        answers=tuple(answers),
    )


def _fields(schema: Mapping[str, Any]) -> Iterable[Field]:
    required = schema.get("required", ())
    for name, part in schema.get("properties", {}).items():
        yield _field(name, part, required=name in required)


def _field(name: str, schema: Mapping[str, Any], *, required: bool) -> Field:
    kind, shape = _kind(schema)
    return Field(name, kind, shape, required, _limits(schema), prose(schema.get("description", "")))


def _kind(schema: Mapping[str, Any]) -> tuple[str, str]:
    """Type in words, and the shape that it names."""
    if "$ref" in schema:
        shape = schema["$ref"].rpartition("/")[2]
        return shape_title(shape), shape
    for word in ("anyOf", "allOf"):
        if word in schema:
            kinds = [_kind(part) for part in schema[word]]
            return " | ".join(kind for kind, _ in kinds), next((shape for _, shape in kinds if shape), "")
    if schema.get("type") == "array":
        kind, shape = _kind(schema.get("items", {}))
        return f"[{kind}]", shape
    if "enum" in schema or "const" in schema:
        return " | ".join(repr(value) for value in schema.get("enum", [schema.get("const")])), ""
    return str(schema.get("format") or schema.get("type") or "any"), ""


def shape_title(name: str) -> str:
    """``Page_TradeBrief_`` as people read it."""
    outer, _, inner = name.rstrip("_").partition("_")
    return f"{outer}[{inner}]" if inner else outer


def _limits(schema: Mapping[str, Any]) -> str:
    """Bounds of a value or, for an optional one, of its first kind."""
    parts = [schema, *schema.get("anyOf", ())]
    words = {"minimum": "≥ {}", "maximum": "≤ {}", "minLength": "≥ {} chars", "maxLength": "≤ {} chars"}
    words |= {"minItems": "≥ {} items", "maxItems": "≤ {} items", "default": "default {}"}
    found = {key: word.format(part[key]) for key, word in words.items() for part in parts if part.get(key) is not None}
    return ", ".join(found.values())


def prose(text: str) -> Prose:
    """A text with what stands between backquotes marked as code."""
    pieces = " ".join(text.split()).split("`")
    return tuple((piece, bool(place % 2)) for place, piece in enumerate(pieces) if piece)


def _paragraphs(text: str) -> tuple[Prose, ...]:
    return tuple(prose(part) for part in text.split("\n\n") if part.strip())


def _anchor(name: str) -> str:
    return "".join(c if c.isalnum() else "-" for c in name)
