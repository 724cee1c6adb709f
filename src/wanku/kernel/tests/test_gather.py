"""Group commit without a database: order, batches, limits, faults, and callers who leave."""

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError

from wanku.kernel import gather as module
from wanku.kernel.gather import Gather, Place
from wanku.kernel.refusal import BUSY, Refusal

PATIENCE = 20


class Work:
    """Doubles numbers, remembers its batches, and can be held in the middle of one."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.began = threading.Semaphore(0)
        self.may = threading.Event()
        self.may.set()
        self.fault: Callable[[Sequence[int]], None] = lambda batch: None

    def __call__(self, batch: Sequence[int]) -> list[int]:
        self.batches.append(list(batch))
        self.began.release()
        assert self.may.wait(PATIENCE)
        self.fault(batch)
        return [number * 2 for number in batch]

    @contextmanager
    def held(self, gather: "Gather[int, int]", pool: ThreadPoolExecutor) -> Iterator[None]:
        """A batch of one (the number 0) is under way until the block ends."""
        self.may.clear()
        first = pool.submit(gather.ask, 0)
        assert self.began.acquire(timeout=PATIENCE)
        try:
            yield
        finally:
            self.may.set()
            assert first.result(PATIENCE) == 0


@pytest.fixture
def work() -> Work:
    return Work()


@pytest.fixture
def gather(work: Work) -> Iterator["Gather[int, int]"]:
    made: Gather[int, int] = Gather(work, name="test", waiting_max=8, batch_max=5)
    made.open()
    yield made
    work.may.set()
    made.close()


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(16) as made:
        yield made


def waiting(gather: "Gather[int, int]", count: int) -> None:
    """Until so many wait. Nobody tells when a caller has joined, so the queue is looked at."""
    done = threading.Event()
    for _ in range(PATIENCE * 200):
        if len(gather._waiting) == count:
            return
        done.wait(0.005)
    raise AssertionError(f"{len(gather._waiting)} wait and not {count}")


def queue(gather: "Gather[int, int]", pool: ThreadPoolExecutor, numbers: Sequence[int]) -> list["Future[int]"]:
    """Callers that join one after the other."""
    asked = []
    for number in numbers:
        before = len(gather._waiting)
        asked.append(pool.submit(gather.ask, number))
        waiting(gather, before + 1)
    return asked


def outcome(asked: "Future[int]") -> int | str:
    try:
        return asked.result(PATIENCE)
    except Refusal as refusal:
        return refusal.code.name
    except Exception as error:  # noqa: BLE001 - whatever happened is the result
        return type(error).__name__


def test_a_single_caller_is_served_at_once_and_alone(gather: "Gather[int, int]", work: Work) -> None:
    assert [gather.ask(number) for number in (1, 2, 3)] == [2, 4, 6]
    assert work.batches == [[1], [2], [3]]


def test_who_arrives_while_a_batch_is_under_way_shares_the_next_in_order_of_arrival(
    gather: "Gather[int, int]", work: Work, pool: ThreadPoolExecutor
) -> None:
    with work.held(gather, pool):
        asked = queue(gather, pool, [7, 3, 5, 1, 9, 2, 8])
    assert [outcome(each) for each in asked] == [14, 6, 10, 2, 18, 4, 16]
    assert work.batches == [[0], [7, 3, 5, 1, 9], [2, 8]]


def test_beyond_the_limit_the_answer_is_busy_at_once_and_room_comes_back(
    gather: "Gather[int, int]", work: Work, pool: ThreadPoolExecutor
) -> None:
    with work.held(gather, pool):
        asked = queue(gather, pool, range(1, 9))
        for _ in range(3):
            with pytest.raises(Refusal) as refused:
                gather.ask(99)
            assert refused.value.code is BUSY
    assert [outcome(each) for each in asked] == [number * 2 for number in range(1, 9)]
    assert gather.ask(99) == 198
    assert [number for batch in work.batches for number in batch].count(99) == 1


def test_a_poison_request_fails_alone(gather: "Gather[int, int]", work: Work, pool: ThreadPoolExecutor) -> None:
    def fault(batch: Sequence[int]) -> None:
        if 4 in batch:
            raise ZeroDivisionError

    work.fault = fault
    with work.held(gather, pool):
        asked = queue(gather, pool, [3, 4, 5])
    assert [outcome(each) for each in asked] == [6, "ZeroDivisionError", 10]
    assert work.batches == [[0], [3, 4, 5], [3], [4], [5]]


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_a_database_that_fails_once_is_asked_once_more(
    gather: "Gather[int, int]", work: Work, pool: ThreadPoolExecutor, error: type[Exception]
) -> None:
    def fault(batch: Sequence[int]) -> None:
        if len(work.batches) == 2:
            raise error("gone")

    work.fault = fault
    with work.held(gather, pool):
        asked = queue(gather, pool, [1, 2])
    assert [outcome(each) for each in asked] == [2, 4]
    assert work.batches == [[0], [1, 2], [1, 2]]


def test_a_database_that_stays_away_is_busy_for_all_and_no_one_is_tried_alone(
    gather: "Gather[int, int]", work: Work, pool: ThreadPoolExecutor
) -> None:
    def fault(batch: Sequence[int]) -> None:
        if batch != [0]:
            raise OperationalError("gone")

    work.fault = fault
    with work.held(gather, pool):
        asked = queue(gather, pool, [1, 2])
    assert [outcome(each) for each in asked] == ["busy", "busy"]
    assert work.batches == [[0], [1, 2], [1, 2]]
    work.fault = lambda batch: None
    assert gather.ask(1) == 2


def test_callers_of_two_event_loops_and_of_threads_share_a_batch(
    gather: "Gather[int, int]", work: Work, pool: ThreadPoolExecutor
) -> None:
    async def both(first: int) -> list[int]:
        return list(await asyncio.gather(gather.ask_async(first), gather.ask_async(first + 1)))

    with work.held(gather, pool):
        one = pool.submit(asyncio.run, both(10))
        waiting(gather, 2)
        two = pool.submit(asyncio.run, both(20))
        waiting(gather, 4)
        three = queue(gather, pool, [30])[0]
    assert (one.result(PATIENCE), two.result(PATIENCE), outcome(three)) == ([20, 22], [40, 42], 60)
    assert work.batches == [[0], [10, 11, 20, 21, 30]]


def test_a_caller_on_a_loop_gets_the_error_of_its_own_request(gather: "Gather[int, int]", work: Work) -> None:
    def fault(batch: Sequence[int]) -> None:
        if 4 in batch:
            raise ZeroDivisionError

    async def three() -> list[Any]:
        return await asyncio.gather(*(gather.ask_async(n) for n in (3, 4, 5)), return_exceptions=True)

    work.fault = fault
    found = asyncio.run(three())
    assert (found[0], type(found[1]), found[2]) == (6, ZeroDivisionError, 10)


def test_who_gave_up_while_waiting_is_left_out_and_harms_nobody(
    gather: "Gather[int, int]", work: Work, pool: ThreadPoolExecutor
) -> None:
    joined = threading.Event()

    async def gives_up() -> str:
        task = asyncio.ensure_future(gather.ask_async(13))
        await asyncio.sleep(0)
        joined.set()
        task.cancel()
        try:
            await task
        except asyncio.CancelledError:
            return "left"
        return "stayed"

    with work.held(gather, pool):
        left = pool.submit(asyncio.run, gives_up())
        assert joined.wait(PATIENCE)
        assert left.result(PATIENCE) == "left"
        others = queue(gather, pool, [1, 2])
    assert [outcome(each) for each in others] == [2, 4]
    assert work.batches == [[0], [1, 2]]


def test_who_gave_up_in_the_middle_of_a_batch_harms_nobody(
    gather: "Gather[int, int]", work: Work, pool: ThreadPoolExecutor
) -> None:
    left = threading.Event()

    def fault(batch: Sequence[int]) -> None:
        assert batch != [1, 2] or left.wait(PATIENCE)

    async def two() -> tuple[int, bool]:
        leaving = asyncio.ensure_future(gather.ask_async(1))
        staying = asyncio.ensure_future(gather.ask_async(2))
        await asyncio.to_thread(work.began.acquire)  # their batch is under way
        leaving.cancel()
        await asyncio.sleep(0)
        left.set()
        return await staying, leaving.cancelled()

    work.fault = fault
    with work.held(gather, pool):
        asked = pool.submit(asyncio.run, two())
        waiting(gather, 2)
    assert asked.result(PATIENCE) == (4, True)
    assert work.batches == [[0], [1, 2]]
    assert gather.ask(3) == 6


@pytest.mark.parametrize("on_a_loop", [False, True])
def test_patience_ends_and_nothing_is_done_for_who_was_told_busy(
    gather: "Gather[int, int]", work: Work, pool: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch, on_a_loop: bool
) -> None:
    with work.held(gather, pool):
        monkeypatch.setattr(module, "PATIENCE_SECONDS", 0.01)
        with pytest.raises(Refusal) as refused:
            asyncio.run(gather.ask_async(5)) if on_a_loop else gather.ask(5)
        monkeypatch.undo()
    assert refused.value.code is BUSY
    assert gather.ask(6) == 12
    assert work.batches == [[0], [6]]


def test_closing_answers_those_who_wait_and_lets_nobody_in(
    gather: "Gather[int, int]", work: Work, pool: ThreadPoolExecutor
) -> None:
    with work.held(gather, pool):
        asked = queue(gather, pool, range(1, 8))
        closing = pool.submit(gather.close)
        while gather.is_open:
            threading.Event().wait(0.001)
        with pytest.raises(Refusal):
            gather.ask(99)
    closing.result(PATIENCE)
    assert [outcome(each) for each in asked] == [number * 2 for number in range(1, 8)]
    assert work.batches == [[0], [1, 2, 3, 4, 5], [6, 7]]


def test_it_can_be_opened_again(gather: "Gather[int, int]") -> None:
    gather.open()  # harmless while open
    gather.close()
    gather.close()
    with pytest.raises(Refusal):
        gather.ask(1)
    gather.open()
    assert gather.ask(1) == 2


def test_a_loop_that_ended_before_its_answer_harms_nobody(
    gather: "Gather[int, int]", work: Work, pool: ThreadPoolExecutor
) -> None:
    loop = asyncio.new_event_loop()
    with work.held(gather, pool):
        gather._join(Place(1, loop.create_future()))
        other = queue(gather, pool, [2])[0]
        loop.close()
    assert outcome(other) == 4
    assert gather.ask(3) == 6
