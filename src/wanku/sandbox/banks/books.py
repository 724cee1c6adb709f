"""The books of the banks: SQLite, apart from the shop's database, so that the two can disagree."""

import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, Final, TypeVar

TABLES: Final = """
CREATE TABLE IF NOT EXISTS payment (
  id INTEGER PRIMARY KEY, channel TEXT NOT NULL, number TEXT NOT NULL, ref TEXT NOT NULL, token TEXT NOT NULL UNIQUE,
  account TEXT NOT NULL, amount INTEGER NOT NULL, currency TEXT NOT NULL, state TEXT NOT NULL, facts TEXT NOT NULL,
  opened_at TEXT NOT NULL, expires_at TEXT, paid_at TEXT, payer TEXT NOT NULL, fee INTEGER NOT NULL,
  UNIQUE (channel, account, number), UNIQUE (channel, ref));
CREATE TABLE IF NOT EXISTS refund (
  id INTEGER PRIMARY KEY, channel TEXT NOT NULL, number TEXT NOT NULL, ref TEXT NOT NULL, account TEXT NOT NULL,
  payment_number TEXT NOT NULL, amount INTEGER NOT NULL, fee INTEGER NOT NULL, state TEXT NOT NULL, facts TEXT NOT NULL,
  at TEXT NOT NULL, done_at TEXT, UNIQUE (channel, account, number), UNIQUE (channel, ref));
CREATE TABLE IF NOT EXISTS notice (
  id INTEGER PRIMARY KEY, channel TEXT NOT NULL, event_id TEXT NOT NULL, url TEXT NOT NULL, kind TEXT NOT NULL,
  number TEXT NOT NULL, facts TEXT NOT NULL, at TEXT NOT NULL, tries INTEGER NOT NULL, next_at TEXT, heard_at TEXT);
CREATE INDEX IF NOT EXISTS notice_due ON notice (next_at) WHERE next_at IS NOT NULL;
CREATE TABLE IF NOT EXISTS fault (
  id INTEGER PRIMARY KEY, channel TEXT NOT NULL, call TEXT NOT NULL, kind TEXT NOT NULL, times INTEGER NOT NULL,
  seconds REAL NOT NULL, number TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS kept (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, value TEXT NOT NULL);
"""


@dataclass(slots=True, kw_only=True)
class Payment:
    """A payment at a bank.

    Attributes:
        number: the shop's number; ``ref``: the bank's own; ``token``: what the address of its pay page holds.
        account: the shop's account at the bank.
        amount, fee: minor units.
        state: ``waiting``, ``paying`` (it arrives at ``paid_at``), ``paid``, ``failed`` or ``closed``.
        facts: whatever else the shop said, as the bank keeps it.
    """

    TABLE: ClassVar[str] = "payment"
    channel: str
    number: str
    ref: str
    token: str
    account: str
    amount: int
    currency: str
    opened_at: datetime
    state: str = "waiting"
    facts: dict[str, Any] = field(default_factory=dict)
    expires_at: datetime | None = None
    paid_at: datetime | None = None
    payer: str = ""
    fee: int = 0
    id: int = 0


@dataclass(slots=True, kw_only=True)
class Refund:
    """A refund at a bank; amount and fee (given back) in minor units; state ``processing``, ``done`` or ``failed``."""

    TABLE: ClassVar[str] = "refund"
    channel: str
    number: str
    ref: str
    account: str
    payment_number: str
    amount: int
    at: datetime
    fee: int = 0
    state: str = "processing"
    facts: dict[str, Any] = field(default_factory=dict)
    done_at: datetime | None = None
    id: int = 0


@dataclass(slots=True, kw_only=True)
class Notice:
    """What a bank still has to tell the shop, or has told it.

    Attributes:
        kind: ``payment``, ``refund`` or the bank's own word.
        number: of the payment or refund; ``facts``: what it says, from which the bank signs it anew for every try.
        next_at: when to try (again); empty once heard or given up.
    """

    TABLE: ClassVar[str] = "notice"
    channel: str
    event_id: str
    url: str
    kind: str
    number: str
    at: datetime
    facts: dict[str, Any] = field(default_factory=dict)
    tries: int = 0
    next_at: datetime | None = None
    heard_at: datetime | None = None
    id: int = 0


@dataclass(slots=True, kw_only=True)
class Fault:
    """Something that goes wrong on demand, see `wanku.sandbox.banks.faults`."""

    TABLE: ClassVar[str] = "fault"
    channel: str
    call: str
    kind: str
    times: int = 1
    seconds: float = 0.0
    number: str = ""
    id: int = 0


@dataclass(slots=True, kw_only=True)
class Kept:
    """A key or secret under a name."""

    TABLE: ClassVar[str] = "kept"
    name: str
    value: str
    id: int = 0


Row = TypeVar("Row", Payment, Refund, Notice, Fault, Kept)


class Books:
    """All rows of all banks; one connection, one thread at a time.

    Conditions are names of columns with the value that they have; ``None`` means an empty one.
    """

    def __init__(self, path: str | Path = ":memory:") -> None:
        self.path = str(path)
        self._lock = threading.RLock()
        self._deep = 0
        self._connection = sqlite3.connect(self.path, check_same_thread=False, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        if self.path != ":memory:":
            Path(self.path).chmod(0o600)
            self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.executescript(TABLES)

    def close(self) -> None:
        """No more rows."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Everything inside happens at once, or, if it raises, not at all; nobody else writes meanwhile."""
        with self._lock:
            if self._deep == 0:
                self._connection.execute("BEGIN IMMEDIATE")
            self._deep += 1
            try:
                yield
            except BaseException:
                if self._deep == 1:
                    self._connection.execute("ROLLBACK")
                raise
            else:
                if self._deep == 1:
                    self._connection.execute("COMMIT")
            finally:
                self._deep -= 1

    def add(self, row: Row) -> Row:
        """A new row; it gets its ``id``."""
        names: list[str] = _columns(type(row))
        marks = ", ".join("?" * len(names))
        sql = f"INSERT INTO {row.TABLE} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608 - names of our own
        with self.held():
            row.id = int(self._connection.execute(sql, [_plain(getattr(row, name)) for name in names]).lastrowid or 0)
        return row

    def put(self, row: Row) -> None:
        """Write a row as it is now."""
        names: list[str] = _columns(type(row))
        sets = ", ".join(f"{name} = ?" for name in names)
        sql = f"UPDATE {row.TABLE} SET {sets} WHERE id = ?"  # noqa: S608 - names of our own
        with self.held():
            self._connection.execute(sql, [*(_plain(getattr(row, name)) for name in names), row.id])

    def drop(self, row: Row) -> None:
        """Take a row away."""
        with self.held():
            self._connection.execute(f"DELETE FROM {row.TABLE} WHERE id = ?", [row.id])  # noqa: S608

    def one(self, kind: type[Row], **where: Any) -> Row | None:
        """The row that fits, the oldest of several, or None."""
        return next(iter(self.all(kind, **where)), None)

    def all(self, kind: type[Row], **where: Any) -> Sequence[Row]:
        """The rows that fit, oldest first.

        ``paid_at__gte``, ``next_at__lte``, ``at__lt`` … compare.
        """
        tests, values = _conditions(kind, where)
        sql = f"SELECT * FROM {kind.TABLE} WHERE {tests} ORDER BY id"  # noqa: S608 - names of our own
        with self._lock:
            return [_row(kind, found) for found in self._connection.execute(sql, values)]


_SIGNS: Final = {"gte": ">=", "gt": ">", "lte": "<=", "lt": "<"}
_TIMES: Final = {"opened_at", "expires_at", "paid_at", "at", "done_at", "next_at", "heard_at"}


def _columns(kind: type[Any]) -> list[str]:
    return [column.name for column in fields(kind) if column.name != "id"]


def _conditions(kind: type[Any], where: dict[str, Any]) -> tuple[str, list[Any]]:
    tests, values = ["1"], []
    for key, value in where.items():
        name, _, sign = key.partition("__")
        if name not in {"id", *_columns(kind)}:
            raise TypeError(f"{kind.__name__} has no {name}")
        if value is None:
            tests.append(f"{name} IS NULL")
        else:
            tests.append(f"{name} {_SIGNS.get(sign, '=')} ?")
            values.append(_plain(value))
    return " AND ".join(tests), values


def _plain(value: Any) -> Any:
    """As SQLite keeps it; times in one form, so that they sort as texts."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value


def _row(kind: type[Row], found: sqlite3.Row) -> Row:
    values: dict[str, Any] = {}
    for name in found.keys():  # noqa: SIM118 - a sqlite3.Row iterates over its values
        value = found[name]
        if name == "facts":
            value = json.loads(value)
        elif name in _TIMES and value is not None:
            value = datetime.fromisoformat(value)
        values[name] = value
    return kind(**values)
