"""Columns of many rows as PostgreSQL array literals, which is how a batch travels in one statement.

psycopg's own dumper of lists asks every element for its type and costs several times as much; here the column's type
is known beforehand (https://www.postgresql.org/docs/18/arrays.html#ARRAYS-IO).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from django.db import connection
from psycopg import RawCursor
from psycopg.pq import ExecStatus
from pydantic_core import to_json

BARE: Final = frozenset({"bigint", "boolean", "int", "integer", "smallint", "uuid"})
"""Types whose values never hold a character that means something in a literal."""
BETWEEN: Final = "\x1f"
"""Unit separator (ASCII), which no text that anybody typed still holds (`wanku.kernel.text.clean`)."""


def literal(values: Iterable[Any], kind: str) -> str:
    """One column as ``{…}``; ``None`` is NULL, ``jsonb`` takes JSON values, ``timestamptz`` aware datetimes."""
    if kind in BARE:
        return "{" + ",".join(["NULL" if value is None else str(value) for value in values]) + "}"
    if kind == "jsonb":
        texts = [None if value is None else to_json(value).decode() for value in values]
    elif kind == "bytea":
        texts = [None if value is None else "\\x" + value.hex() for value in values]
    elif kind == "timestamptz":
        texts = [None if value is None else value.isoformat() for value in values]
    else:
        texts = list(values)
    return _quoted_at_once(texts) or "{" + ",".join(["NULL" if t is None else _quoted(t) for t in texts]) + "}"


def _quoted_at_once(texts: list[str | None]) -> str | None:
    """Quote a whole column with three passes over one string; none if it cannot be told apart again afterwards."""
    if not texts or None in texts:
        return None
    joined = BETWEEN.join(texts)  # type: ignore[arg-type]
    if joined.count(BETWEEN) != len(texts) - 1:
        return None
    escaped = joined.replace("\\", "\\\\").replace('"', '\\"').replace(BETWEEN, '","')
    return '{"' + escaped + '"}'


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def columns(spec: Mapping[str, str], rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Every column of ``spec`` (name → type) as a literal, in its order."""
    return [literal([row[name] for row in rows], kind) for name, kind in spec.items()]


def unnest(spec: Mapping[str, str], first: int, alias: str) -> str:
    """``unnest($1::uuid[], …) AS alias(id, …)``, with parameters numbered from ``first``."""
    casts = ", ".join(f"${first + index}::{kind}[]" for index, kind in enumerate(spec.values()))
    return f"unnest({casts}) AS {alias}({', '.join(spec)})"


class Ask(NamedTuple):
    """A statement with its ``$1`` parameters.

    Attributes:
        prepared: off for what looks rows up in tables that grow with every order: a plan that was made while such a
            table was small reads all of it, and is kept until the table's statistics are taken anew.
    """

    statement: str
    parameters: Sequence[Any]
    prepared: bool = True


def execute(statement: str, parameters: Sequence[Any], *, prepared: bool = True) -> list[tuple[Any, ...]]:
    """Run a statement with ``$1`` parameters on Django's connection, in its transaction.

    Django binds parameters into the text and plans it anew each time; a statement that serves every batch is planned
    once and kept by the server.

    Args:
        prepared: as `Ask.prepared`.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, RawCursor(connection.connection) as cursor:
        _send(cursor, Ask(statement, parameters, prepared))
        return _rows(cursor)


def execute_together(asks: Sequence[Ask]) -> list[list[tuple[Any, ...]]]:
    """Run statements one after another that do not need each other's answers, and wait once for all of them.

    The server begins each when the one before has ended, so it sees what that one locked
    (https://www.postgresql.org/docs/18/libpq-pipeline-mode.html). Where threads share an interpreter, every wait may
    cost a turn of it.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors:
        cursors = [RawCursor(connection.connection) for _ in asks]
        with connection.connection.pipeline():
            for cursor, ask in zip(cursors, asks, strict=True):
                _send(cursor, ask)
        return [_rows(cursor) for cursor in cursors]


def _send(cursor: RawCursor[tuple[Any, ...]], ask: Ask) -> None:
    if connection.queries_logged:
        connection.queries_log.append({"sql": ask.statement, "time": "0"})
    cursor.execute(ask.statement, ask.parameters, prepare=ask.prepared)


def _rows(cursor: RawCursor[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    # Not `cursor.description`, which describes every column anew.
    answered = cursor.pgresult is not None and cursor.pgresult.status == ExecStatus.TUPLES_OK
    return cursor.fetchall() if answered else []
