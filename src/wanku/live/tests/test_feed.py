"""From the database to the hub: announced or not, in order or not, with the connection there or cut."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import connection

from tests.cast import NOW, Shop
from tests.served import database_url
from wanku.audit import announce
from wanku.audit.marks import OF_MERCHANTS, OF_TRADES, START, mark_of
from wanku.audit.move import By, note
from wanku.live import feed as feeds
from wanku.live.feed import Feed
from wanku.live.hub import Hub, Stream

pytestmark = pytest.mark.django_db(transaction=True)
R = TypeVar("R")
PATIENCE, NEVER = 20.0, 3600.0
FEEDS = "FROM pg_stat_activity WHERE application_name = %s AND datname = current_database()"
INSERT = """
INSERT INTO audit_move (
    id, subject_type, subject_id, merchant_id, trade_id, from_state, to_state, event, actor, because, facts, at
)
VALUES (coalesce(%s, nextval('audit_move_id_seq')), 'order', 'x', %s, %s, '', 'paid', 'pay', 'system', '', '{}', now())
"""


async def apart(call: Callable[[], R]) -> R:
    """In a thread that leaves no connection behind."""

    def closing() -> R:
        try:
            return call()
        finally:
            connection.close()

    return await asyncio.to_thread(closing)


def fed(work: Callable[[Hub, Feed], Awaitable[None]]) -> None:
    """Run with a hub and a feed that listens."""

    async def bounded() -> None:
        hub = Hub()
        feed = Feed(hub)
        async with asyncio.timeout(3 * PATIENCE):
            await nobody_listens()
            feed.start()
            await until(lambda: feed.is_listening)
            try:
                await work(hub, feed)
            finally:
                await feed.close()

    asyncio.run(bounded())


async def nobody_listens() -> None:
    """PostgreSQL lets go of a connection that was given back when it likes: also of the one of the test before."""
    while await apart(listeners):  # noqa: ASYNC110 - what is waited for happens in another process
        await asyncio.sleep(0.01)


async def until(there: Callable[[], object]) -> None:
    while not there():  # noqa: ASYNC110 - what is waited for happens in another process
        await asyncio.sleep(0.01)


async def told(stream: Stream) -> int:
    """The newest move that a stream is told of."""
    mark = await stream.next(PATIENCE)
    assert mark is not None, "nothing was told"
    return mark.move


def warn(shop: Shop) -> int:
    return note(shop.merchant, "warn", by=By("platform"), now=NOW).pk


def test_an_announced_move_is_told_at_once(bo: Shop, cy: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "NET_SECONDS", NEVER)

    async def work(hub: Hub, feed: Feed) -> None:
        mine, other = hub.enter(bo.merchant.pk, "bo", START), hub.enter(cy.merchant.pk, "cy", START)
        number = await apart(lambda: warn(bo))
        assert await told(mine) == number
        assert await other.next(0.1) is None

    fed(work)


def test_what_nobody_announced_is_found(bo: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "NET_SECONDS", 0.05)
    monkeypatch.setattr(announce, "_send", lambda subjects: None)

    async def work(hub: Hub, feed: Feed) -> None:
        stream = hub.enter(bo.merchant.pk, "bo", START)
        number = await apart(lambda: warn(bo))
        assert await told(stream) == number

    fed(work)


def test_a_move_that_is_committed_late_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lower id appears after the higher one; whoever compares the highest alone never sees it."""
    monkeypatch.setattr(feeds, "NET_SECONDS", 0.05)
    trade = uuid4()

    async def work(hub: Hub, feed: Feed) -> None:
        stream = hub.enter(trade, "ann", START)
        async with await psycopg.AsyncConnection.connect(database_url()) as late:
            await late.execute(INSERT, [101, None, trade])
            await apart(lambda: insert(102, trade))
            assert await told(stream) == 102
            assert await stream.next(0.3) is None
            await late.commit()
        mark = await stream.next(PATIENCE)
        assert mark is not None and mark.move == 102

    fed(work)


def test_a_cut_connection_comes_back_with_what_was_missed(bo: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "NET_SECONDS", NEVER)
    monkeypatch.setattr(feeds, "AGAIN_SECONDS", (0.5, 0.5))

    async def work(hub: Hub, feed: Feed) -> None:
        stream = hub.enter(bo.merchant.pk, "bo", START)
        for _ in range(2):
            assert await apart(terminate) == 1
            await until(lambda: not feed.is_listening)
            number = await apart(lambda: warn(bo))
            assert await told(stream) == number
            await until(lambda: feed.is_listening)
        # And it listens again, not only looks.
        number = await apart(lambda: warn(bo))
        assert await told(stream) == number

    fed(work)


def test_nonsense_on_the_channel_harms_nobody(bo: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "NET_SECONDS", NEVER)

    async def work(hub: Hub, feed: Feed) -> None:
        stream = hub.enter(bo.merchant.pk, "bo", START)
        for nonsense in ("", "[]", "{", '{"t":["x"],"m":[]}'):
            await apart(lambda text=nonsense: execute("SELECT pg_notify(%s, %s)", [announce.CHANNEL, text]))  # type: ignore[misc]
        number = await apart(lambda: warn(bo))
        assert await told(stream) == number

    fed(work)


def test_it_ends_and_gives_its_connection_back(bo: Shop) -> None:
    async def work(hub: Hub, feed: Feed) -> None:
        assert await apart(listeners) == 1
        await feed.close()
        await nobody_listens()
        feed.start()
        await until(lambda: feed.is_listening)

    fed(work)


def test_a_mark_grows_with_each_move_whatever_its_id() -> None:
    trade, marks = uuid4(), []
    for number in (500, 100, 900, 101):
        insert(number, trade)
        marks.append(mark_of(trade))
    assert marks == sorted(set(marks))
    assert [mark.move for mark in marks] == [500, 500, 900, 900]
    assert mark_of(uuid4()) == START


def test_placing_moves_no_desk(bo: Shop) -> None:
    execute(INSERT.replace("'pay'", "'place'"), [None, bo.merchant.pk, uuid4()])
    assert mark_of(bo.merchant.pk) == START


def test_looking_uses_the_indexes(bo: Shop) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off; SET enable_sort = off")
        try:
            plans = []
            for sql, ids in ((OF_TRADES, [uuid4()]), (OF_MERCHANTS, [bo.merchant.pk])):
                cursor.execute(f"EXPLAIN {sql}", [ids])
                plans.append("\n".join(row[0] for row in cursor.fetchall()))
        finally:
            cursor.execute("RESET enable_seqscan; RESET enable_sort")
    assert "move_trade" in plans[0] and "move_merchant" in plans[1], plans


def insert(number: int, trade: UUID) -> None:
    execute(INSERT, [number, None, trade])


def execute(sql: str, values: list[Any]) -> int:
    """Run a statement; gives the count of its rows."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)


def terminate() -> int:
    """Cut the feed's connection, as a restart of PostgreSQL does, and see it gone; gives the count of what was cut."""
    return execute(f"SELECT pg_terminate_backend(pid, 5000) {FEEDS}", ["wanku live"])


def listeners() -> int:
    return execute(f"SELECT {FEEDS}", ["wanku live"])
