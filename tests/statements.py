"""Counting statements, those of Django's cursors and the prepared ones of `wanku.kernel.arrays` alike."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.db import connection
from psycopg import RawCursor

from wanku.kernel import arrays


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements that are sent meanwhile, savepoints and other words about transactions left out."""
    sent: list[str] = []

    class Seen(RawCursor[Any]):
        def execute(self, query: Any, *args: Any, **kwargs: Any) -> Any:
            sent.append(str(query))
            return super().execute(query, *args, **kwargs)

    def see(execute: Callable[..., Any], sql: str, params: Sequence[Any], many: bool, context: Any) -> Any:
        if not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            sent.append(sql)
        return execute(sql, params, many, context)

    with patch.object(arrays, "RawCursor", Seen), connection.execute_wrapper(see):
        yield sent
