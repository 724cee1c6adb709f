"""A browser for the journeys, and visitors to send into the demo shop."""

from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.journeys.visitor import Visitor
from tests.market import Market
from wanku.runner import chromium

Visit = Callable[..., Visitor]
FAILED = pytest.StashKey[bool]()
RESULTS = Path(__file__).resolve().parents[2] / "test-results"


# Not for the whole session: while Playwright runs, Django refuses synchronous queries in this thread.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without its habit of calling home."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=chromium.find(),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"],
        )
        yield running
        running.close()


@pytest.fixture
def visit(market: Market, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """Make visitors; each must leave without trouble on any page."""
    there: list[Visitor] = []

    def make(*, phone: bool = False, language: str = "zh", script: bool = True) -> Visitor:
        pictures = bool(request.config.getoption("--pictures"))
        banks = market.banks_url if market.banks_open else ""
        there.append(
            Visitor(browser, market.url, phone=phone, language=language, script=script, pictures=pictures, banks=banks)
        )
        return there[-1]

    yield make
    if request.node.stash.get(FAILED, False):
        _keep(there, request.node.name)
    troubles = [trouble for visitor in there for trouble in _left(visitor)]
    assert not troubles, "\n".join(troubles)


def _keep(there: list[Visitor], name: str) -> None:
    """What everybody saw when it failed."""
    RESULTS.mkdir(exist_ok=True)
    for index, visitor in enumerate(there):
        visitor.page.screenshot(path=RESULTS / f"{name}-{index}.png", full_page=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let fixtures know that their test failed."""
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


def _left(visitor: Visitor) -> list[str]:
    visitor.context.close()
    return visitor.troubles


def pytest_collection_modifyitems(items: list[Any]) -> None:
    """Everything here needs the browser and takes its time."""
    for item in items:
        if "tests/journeys/test_" in item.nodeid:
            item.add_marker(pytest.mark.journey)
            item.add_marker(pytest.mark.slow)
