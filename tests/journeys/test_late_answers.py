"""A price that was asked for earlier does not stand in the way of the price of what was chosen since."""

import pytest
from playwright.sync_api import Page, Route

from tests.journeys.conftest import Visit
from tests.journeys.test_visits import CLEANING, TIME, day_ahead

UNTIL_THERE_MS = 1_000
TURNS = 'hx-sync="#price:queue last"'


def hold(page: Page) -> list[Route]:
    """Other times, their price and a time's price get no answer until they are let go."""
    held: list[Route] = []

    def on_route(route: Route) -> None:
        asked = route.request.headers
        of_the_day = asked.get("hx-trigger") == "price" and "choice.at=" not in route.request.url
        if asked.get("hx-request") and not of_the_day:
            held.append(route)
        else:
            route.continue_()

    page.route(lambda url: CLEANING in url, on_route)
    return held


@pytest.mark.parametrize("in_turn", [True, False])
def test_the_price_is_that_of_the_last_choice(visit: Visit, in_turn: bool) -> None:
    """The control takes the turns away: there the first answer takes the place that the second was to fill."""
    guest = visit(phone=True)
    held = hold(guest.page)
    page = guest.go(CLEANING)
    guest.press(f'label.chip:has(input[name="day"][value="{day_ahead(6)}"])')
    page.wait_for_timeout(UNTIL_THERE_MS)
    times = held.pop()
    answer = times.fetch()
    times.fulfill(response=answer, body=answer.text() if in_turn else answer.text().replace(TURNS, ""))
    page.wait_for_timeout(UNTIL_THERE_MS)
    guest.press(TIME)
    page.wait_for_timeout(UNTIL_THERE_MS)
    assert len(held) == (1 if in_turn else 2)
    held[0].continue_()
    page.wait_for_timeout(UNTIL_THERE_MS)
    held[1].continue_()
    page.wait_for_timeout(UNTIL_THERE_MS)
    assert (page.locator("#cost .sum-total").count() > 0) is in_turn
