"""What moved, from the database to the hub: one listening connection for each process."""

import asyncio
import logging
from collections.abc import Iterable, Mapping
from typing import Any, Final

import psycopg
from django.db import connections
from psycopg import AsyncConnection

from wanku.audit.announce import CHANNEL, Subject, subjects_of
from wanku.audit.marks import Mark, marks, statements
from wanku.live.hub import Hub

NET_SECONDS: Final = 2.0
"""How often all subjects are looked at without being told: catches what was lost, and what moved during a restart."""
LOOK_SECONDS_MAX: Final = 10.0
"""A look that takes longer is a connection that hangs."""
AGAIN_SECONDS: Final = (0.2, 5.0)
"""Waits before connecting again: the first, then twice as long each time, up to the last."""
OURS: Final = frozenset({"pool", "server_side_binding", "isolation_level", "assume_role"})
"""Options that Django keeps for itself."""
log = logging.getLogger(__name__)


class Feed:
    """Listens to announcements and looks at the subjects that somebody watches.

    An announcement is only a hint to look now; marks always come from a look, whatever was announced. So nothing is
    missed that has been committed, and behind a pooler that swallows announcements the pages are `NET_SECONDS` late.
    """

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._task: asyncio.Task[None] | None = None
        self.is_listening = False

    def start(self) -> None:
        """Begin, on the running loop; harmless when repeated."""
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._run(), name="live feed")

    async def close(self) -> None:
        """End, and give the connection back."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _run(self) -> None:
        shortest, longest = AGAIN_SECONDS
        wait = shortest
        while True:
            try:
                async with await AsyncConnection.connect(**_parameters(), autocommit=True) as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    await self._look(connection, self._hub.subjects())
                    wait = shortest
                    await self._listen(connection)
            except (psycopg.Error, OSError, TimeoutError) as problem:
                log.warning("live feed: %s; again in %.1f s", str(problem).strip() or repr(problem), wait)
            finally:
                self.is_listening = False
            await asyncio.sleep(wait)
            wait = min(2 * wait, longest)

    async def _listen(self, connection: AsyncConnection[Any]) -> None:
        self.is_listening = True
        clock = asyncio.get_running_loop().time
        net = clock() + NET_SECONDS
        while True:
            told = await _heard(connection, max(0.0, net - clock()))
            watched = self._hub.subjects()
            if clock() >= net:
                net = clock() + NET_SECONDS
                await self._look(connection, watched)
            else:
                await self._look(connection, watched & told)

    async def _look(self, connection: AsyncConnection[Any], subjects: Iterable[Subject]) -> None:
        """One or two statements, however many look at however much."""
        found: dict[Subject, Mark] = {}
        async with asyncio.timeout(LOOK_SECONDS_MAX):
            for sql, ids in statements(subjects):
                cursor = await connection.execute(sql, ids)
                found.update(marks(await cursor.fetchall()))
        self._hub.publish(found)


async def _heard(connection: AsyncConnection[Any], seconds: float) -> set[Subject]:
    """Subjects of the announcements that have come, or of the first ones within `seconds`."""
    told: set[Subject] = set()
    async for notice in connection.notifies(timeout=seconds, stop_after=1):
        try:
            told |= subjects_of(notice.payload)
        except ValueError:
            log.warning("live feed: not understood: %.80r", notice.payload)
    return told


def _parameters() -> Mapping[str, Any]:
    """How Django reaches the database, for a connection of our own."""
    base = connections["default"].settings_dict
    named = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    given = {name: str(base[key]) for name, key in named.items() if base.get(key)}
    options = {name: value for name, value in base["OPTIONS"].items() if name not in OURS}
    return {**given, **options, "application_name": "wanku live", "connect_timeout": 5}
