"""Parts that die are started again, ever more slowly; parts are stopped in the reverse order."""

import threading

import pytest

from wanku.runner.crew import STEADY, Crew
from wanku.runner.postgres import ClusterError


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


class Fake:
    """A part that dies when told to."""

    def __init__(self, name: str, log: list[str]) -> None:
        self.name = name
        self.log = log
        self.dead: str | None = None
        self.refuses = False

    def start(self) -> None:
        if self.refuses:
            raise ClusterError("the disk is full")
        self.dead = None
        self.log.append(f"start {self.name}")

    def died(self) -> str | None:
        return self.dead

    def stop(self, *, hurry: bool = False) -> None:
        self.log.append(f"stop {self.name}{' now' if hurry else ''}")


@pytest.fixture
def clock() -> Clock:
    return Clock()


def watched(clock: Clock) -> tuple[Crew, Fake, list[str]]:
    log: list[str] = []
    crew = Crew(threading.Event(), clock=clock)
    part = Fake("web", log)
    crew.add(part)
    log.clear()
    return crew, part, log


def test_a_dead_part_waits_longer_each_time_up_to_a_limit(clock: Clock) -> None:
    crew, part, log = watched(clock)
    for pause in (1, 2, 4, 8, 16, 30, 30):
        part.dead = "ended"
        crew.tend_all()
        clock.now += pause - 0.01
        crew.tend_all()
        assert log == [], f"started again before {pause} s had passed"
        clock.now += 0.02
        crew.tend_all()
        assert log == ["start web"]
        log.clear()


def test_after_a_steady_while_a_death_counts_as_the_first(clock: Clock) -> None:
    crew, part, log = watched(clock)
    for _ in range(4):
        part.dead = "ended"
        crew.tend_all()
        clock.now += 31
        crew.tend_all()
    clock.now += STEADY + 1
    part.dead = "ended"
    crew.tend_all()
    log.clear()
    clock.now += 1.01
    crew.tend_all()
    assert log == ["start web"]


def test_a_start_that_fails_is_told_and_tried_again(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    crew, part, log = watched(clock)
    part.dead, part.refuses = "ended", True
    crew.tend_all()
    clock.now += 1.01
    crew.tend_all()
    assert "the disk is full" in capsys.readouterr().err
    part.refuses = False
    clock.now += 2.01
    crew.tend_all()
    assert log == ["start web"]


def test_parts_stop_in_the_reverse_order_and_may_be_hurried(clock: Clock) -> None:
    log: list[str] = []
    crew = Crew(threading.Event(), clock=clock)
    for name in ("postgres", "worker", "web"):
        crew.add(Fake(name, log))
    crew.stop(hurry=lambda: "stop web" in log)
    assert log[3:] == ["stop web", "stop worker now", "stop postgres now"]


def test_a_part_that_cannot_start_at_first_is_not_watched(clock: Clock) -> None:
    log: list[str] = []
    crew = Crew(threading.Event(), clock=clock)
    part = Fake("web", log)
    part.refuses = True
    with pytest.raises(ClusterError):
        crew.add(part)
    crew.stop()
    assert log == []
