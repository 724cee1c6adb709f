"""The hub by itself: coalescing, limits, and an end."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar
from uuid import UUID

import pytest

from wanku.audit.marks import START, Mark
from wanku.kernel.refusal import Refusal
from wanku.live.hub import Hub

R = TypeVar("R")
TRADE, OTHER = UUID(int=1), UUID(int=2)
FOREVER = 3600.0


def run(work: Awaitable[R]) -> R:
    """On a loop of its own, and never longer than it may take."""

    async def bounded() -> R:
        async with asyncio.timeout(20):
            return await work

    return asyncio.run(bounded())


def refused(hub: Hub, caller: str) -> tuple[str, int]:
    with pytest.raises(Refusal) as no:
        hub.enter(TRADE, caller, START)
    return no.value.code.name, no.value.code.status


def test_those_who_look_are_told_and_nobody_else() -> None:
    async def work() -> None:
        hub = Hub()
        ann, eve = hub.enter(TRADE, "ann", START), hub.enter(OTHER, "eve", START)
        waiting = asyncio.ensure_future(ann.next(FOREVER))
        await asyncio.sleep(0)
        hub.publish({TRADE: Mark(5, 5)})
        assert await waiting == Mark(5, 5)
        assert await eve.next(0.01) is None

    run(work())


def test_a_slow_reader_holds_one_mark_and_gets_the_newest() -> None:
    async def work() -> None:
        hub = Hub()
        slow = hub.enter(TRADE, "ann", START)
        for number in range(1, 10_000):
            hub.publish({TRADE: Mark(number, number)})
        assert await slow.next(FOREVER) == Mark(9_999, 9_999)
        assert await slow.next(0.01) is None

    run(work())


def test_marks_that_were_told_or_are_older_wake_nobody() -> None:
    async def work() -> None:
        hub = Hub()
        stream = hub.enter(TRADE, "ann", Mark(7, 7))
        hub.publish({TRADE: Mark(7, 7)})
        hub.publish({TRADE: Mark(3, 3)})
        assert await stream.next(0.01) is None
        # A lower id that was committed late: the newest is the same, the sum is larger.
        hub.publish({TRADE: Mark(13, 7)})
        assert await stream.next(0.01) == Mark(13, 7)

    run(work())


def test_a_trade_and_a_shop_of_one_number_are_two() -> None:
    async def work() -> None:
        hub = Hub()
        shop, trade = hub.enter(1, "bo", START), hub.enter(TRADE, "ann", START)
        hub.publish({1: Mark(2, 2)})
        assert await trade.next(0.01) is None
        assert await shop.next(0.01) == Mark(2, 2)

    run(work())


def test_limits_of_a_caller_and_of_the_process() -> None:
    hub = Hub(most=3, most_per_caller=2)
    first = hub.enter(TRADE, "ann", START)
    hub.enter(OTHER, "ann", START)
    assert refused(hub, "ann") == ("too_many_streams", 429)
    hub.enter(TRADE, "eve", START)
    assert refused(hub, "bo") == ("busy", 503)
    hub.leave(first)
    hub.leave(first)
    hub.enter(TRADE, "ann", START)
    assert len(hub) == 3 and hub.subjects() == {TRADE, OTHER}


def test_who_leaves_leaves_nothing_behind() -> None:
    hub = Hub()
    for stream in [hub.enter(UUID(int=n), f"caller {n}", START) for n in range(100)]:
        hub.leave(stream)
    assert len(hub) == 0 and not hub.subjects() and not hub._callers and not hub._streams


def test_the_end_wakes_everybody_and_lets_nobody_in() -> None:
    async def work() -> None:
        hub = Hub()
        streams = [hub.enter(TRADE, "ann", START) for _ in range(3)]
        waiting = [asyncio.ensure_future(stream.next(FOREVER)) for stream in streams]
        await asyncio.sleep(0)
        hub.close()
        assert await asyncio.gather(*waiting) == [None] * 3
        assert all(stream.is_over for stream in streams)
        assert refused(hub, "eve") == ("busy", 503)
        hub.open()
        hub.enter(TRADE, "eve", START)

    run(work())


def test_who_gives_up_waiting_can_wait_again() -> None:
    async def work() -> None:
        hub = Hub()
        stream = hub.enter(TRADE, "ann", START)
        waiting = asyncio.ensure_future(stream.next(FOREVER))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        hub.publish({TRADE: Mark(1, 1)})
        assert await stream.next(FOREVER) == Mark(1, 1)

    run(work())
