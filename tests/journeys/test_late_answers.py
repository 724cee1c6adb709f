"""A price that was asked for earlier does not stand in the way of the price of what was chosen since."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys.conftest import Visit
from tests.journeys.test_visits import CLEANING, TIME, day_ahead
from tests.journeys.visitor import PATIENCE_MS

STEP_MS = 100
STILL_MS = 1_000
TURNS = 'hx-sync="#price:queue last"'


class Held:
    """Other times, their price and a time's price get no answer until they are let go."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._routes: list[Route] = []
        page.route(lambda url: CLEANING in url, self._on_route)

    def _on_route(self, route: Route) -> None:
        asked = route.request.headers
        of_the_day = asked.get("hx-trigger") == "price" and "choice.at=" not in route.request.url
        if asked.get("hx-request") and not of_the_day:
            self._routes.append(route)
        else:
            route.continue_()

    def next(self) -> Route:
        """The one that was asked first, as soon as there is one."""
        for _ in range(PATIENCE_MS // STEP_MS):
            if self._routes:
                return self._routes.pop(0)
            self._page.wait_for_timeout(STEP_MS)
        raise AssertionError("nothing was asked")

    def nothing(self) -> bool:
        """Whether nothing more is asked for a while."""
        self._page.wait_for_timeout(STILL_MS)
        return not self._routes


@pytest.mark.parametrize("in_turn", [True, False])
def test_the_price_is_that_of_the_last_choice(visit: Visit, in_turn: bool) -> None:
    """The control takes the turns away: there the first answer takes the place that the second was to fill."""
    guest = visit(phone=True)
    held = Held(guest.page)
    page = guest.go(CLEANING)
    with page.expect_response(lambda answer: answer.request.headers.get("hx-trigger") == "price"):
        guest.press(f'label.chip:has(input[name="day"][value="{day_ahead(6)}"])')
    times = held.next()
    answer = times.fetch()
    times.fulfill(response=answer, body=answer.text() if in_turn else answer.text().replace(TURNS, ""))
    of_the_day = held.next()
    guest.press(TIME)
    if in_turn:
        assert held.nothing()
        of_the_day.continue_()
        held.next().continue_()
        expect(page.locator("#cost .sum-total").last).to_be_visible()
        return
    of_the_time = held.next()
    with page.expect_response(lambda answer: answer.request == of_the_day.request):
        of_the_day.continue_()
    expect(page.locator("#cost")).to_be_visible()
    with page.expect_response(lambda answer: answer.request == of_the_time.request):
        of_the_time.continue_()
    assert held.nothing()
    assert not page.locator("#cost .sum-total").count()
