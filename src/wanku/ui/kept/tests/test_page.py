"""How old a kept page may get, and that nobody waits for one that is merely old."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from django.test import RequestFactory
from django.utils.translation import get_language, override

from wanku.ui.kept import page
from wanku.ui.kept.page import Drawn, Kept, Pages
from wanku.ui.kept.pieces import Marks
from wanku.ui.kept.standin import StandIn
from wanku.ui.request import Request

AGE = 15.0
SOON_SECONDS = 5.0


class Holding:
    """Whatever was shown is still so."""

    def holds(self) -> bool:
        """Always."""
        return True


class Clock:
    """Monotonic seconds that the test moves."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def monotonic(self) -> float:
        """The moment."""
        return self.seconds


class Press:
    """Draws numbered editions, and notes in which language and whether the reader's own thread had to."""

    def __init__(self) -> None:
        self.drawn: list[tuple[str | None, bool]] = []
        self.fault: Exception | None = None
        self._reader = threading.current_thread()

    def make(self, _request: Any, draw: Any, now: float) -> Kept:
        """As `Pages._make`."""
        self.drawn.append((get_language(), threading.current_thread() is self._reader))
        if self.fault:
            raise self.fault
        drawn = draw(None)
        return Kept(Marks().cut(f"edition {len(self.drawn)}"), 1, drawn.shown, drawn.age_max, now, now)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of the kept pages."""
    made = Clock()
    monkeypatch.setattr(page, "time", made)
    return made


@pytest.fixture
def press(monkeypatch: pytest.MonkeyPatch) -> Press:
    """Stands where pages are drawn."""
    made = Press()
    monkeypatch.setattr(Pages, "_make", made.make)
    return made


@pytest.fixture
def pages() -> Iterator[Pages]:
    """Pages of a process that serves."""
    made = Pages(version=lambda: 1)
    made.open()
    yield made
    made.close()


def read(pages: Pages, *, age: float = AGE, look: bool = False) -> str:
    """What a reader gets."""
    request = cast("Request", RequestFactory().get("/"))
    request.now = datetime(2026, 5, 1, tzinfo=UTC)
    standin = StandIn(request, member=False)
    drawn = Drawn("", {}, Holding(), age)
    return pages.page("key", standin, lambda _: drawn, rare=False, look=look).plain({}).decode()


def settled(pages: Pages) -> None:
    """What was begun aside is through."""
    assert pages._aside is not None
    pages._aside.submit(int).result(SOON_SECONDS)


def test_an_old_page_is_shown_while_the_next_is_drawn_aside(pages: Pages, press: Press, clock: Clock) -> None:
    with override("en"):
        assert read(pages) == "edition 1"
        clock.seconds += AGE - 1
        assert read(pages) == "edition 1"
        assert len(press.drawn) == 1
        clock.seconds += 2
        assert read(pages) == "edition 1"
        settled(pages)
        assert read(pages) == "edition 2"
    assert press.drawn == [("en", True), ("en", False)]
    assert not pages._renewing


def test_a_page_of_twice_its_age_is_never_shown(pages: Pages, press: Press, clock: Clock) -> None:
    read(pages)
    clock.seconds += 2 * AGE
    assert read(pages) == "edition 2"
    assert [by_reader for _, by_reader in press.drawn] == [True, True]


def test_a_page_without_an_age_is_drawn_for_each_reader(pages: Pages, press: Press, clock: Clock) -> None:
    assert [read(pages, age=0.0, look=True) for _ in range(3)] == ["edition 1", "edition 2", "edition 3"]
    settled(pages)
    assert len(press.drawn) == 3


def test_where_nothing_serves_the_reader_waits(press: Press, clock: Clock) -> None:
    pages = Pages(version=lambda: 1)
    read(pages)
    clock.seconds += AGE
    assert read(pages) == "edition 2"
    assert [by_reader for _, by_reader in press.drawn] == [True, True]


def test_a_fault_aside_is_told_and_tried_again(
    pages: Pages, press: Press, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    read(pages)
    clock.seconds += AGE
    press.fault = ValueError("no ink")
    assert read(pages) == "edition 1"
    settled(pages)
    assert "could not be drawn anew" in caplog.text
    press.fault = None
    assert read(pages) == "edition 1"
    settled(pages)
    assert read(pages) == "edition 3"
    clock.seconds += 2 * AGE
    press.fault = ValueError("no ink")
    with pytest.raises(ValueError, match="no ink"):
        read(pages)


def test_while_the_process_ends_the_kept_page_is_shown(pages: Pages, press: Press, clock: Clock) -> None:
    read(pages)
    clock.seconds += AGE
    assert pages._aside is not None
    pages._aside.shutdown()
    assert read(pages) == "edition 1"
    assert len(press.drawn) == 1 and not pages._renewing
