"""What a process keeps in memory, within a bound: the longest unused goes first."""

import threading
from collections import OrderedDict
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

V = TypeVar("V")


class Shelf(Generic[V]):
    """A store by key, bounded by the bytes that its holders say they take. For many threads."""

    def __init__(self, bytes_max: int) -> None:
        self._bytes_max = bytes_max
        self._rows: OrderedDict[Hashable, tuple[V, int]] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()
        self._makers: dict[Hashable, tuple[threading.Lock, int]] = {}

    def get(self, key: Hashable) -> V | None:
        """What is kept under a key."""
        with self._lock:
            row = self._rows.get(key)
            if row is None:
                return None
            self._rows.move_to_end(key)
            return row[0]

    def put(self, key: Hashable, value: V, size: int) -> None:
        """Keep a value of `size` bytes; what is too large for the whole shelf is not kept."""
        with self._lock:
            self._drop(key)
            if size > self._bytes_max:
                return
            self._rows[key] = (value, size)
            self._bytes += size
            while self._bytes > self._bytes_max:
                self._drop(next(iter(self._rows)))

    def clear(self) -> None:
        """Forget everything, between tests."""
        with self._lock:
            self._rows.clear()
            self._bytes = 0

    @property
    def bytes_kept(self) -> int:
        """Bytes that are kept now."""
        return self._bytes

    def __len__(self) -> int:
        return len(self._rows)

    @contextmanager
    def maker(self, key: Hashable, *, wait: bool = True) -> Iterator[bool]:
        """The right to make the value of a key: one thread at a time has it, so a crowd costs one making.

        Yields:
            whether it was had; with ``wait`` always, without it at once and only if nobody else has it.
        """
        with self._lock:
            lock, count = self._makers.get(key, (threading.Lock(), 0))
            self._makers[key] = (lock, count + 1)
        mine = lock.acquire(blocking=wait)
        try:
            yield mine
        finally:
            if mine:
                lock.release()
            with self._lock:
                lock, count = self._makers[key]
                if count == 1:
                    del self._makers[key]
                else:
                    self._makers[key] = (lock, count - 1)

    def _drop(self, key: Hashable) -> None:
        row = self._rows.pop(key, None)
        if row is not None:
            self._bytes -= row[1]
