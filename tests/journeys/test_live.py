"""Pages that change by themselves: by the stream alone, without it by asking, and asleep while nobody looks.

Each page here is deprived of one of the two ways, so that what changes proves the other.
"""

from playwright.sync_api import Page, Route, expect

from tests.journeys import buying
from tests.journeys.conftest import Visit
from tests.journeys.visitor import PATIENCE_MS, Visitor
from tests.market import Market
from wanku.runner.tour import cast

# Nor does the page have the bank asked; the event is stopped before it reaches its element.
NO_ASKING = "window.setInterval = () => 0; addEventListener('ask', (e) => e.stopImmediatePropagation(), true)"
NO_STREAM = "delete window.EventSource"
# Remembers the streams of the page, as no page of ours does.
WATCHED = """
const Real = window.EventSource;
window.streams = [];
window.EventSource = class extends Real { constructor(url) { super(url); window.streams.push(this); } };
"""
STILL_MS = 6_000
"""Longer than a part without a stream waits before it asks."""
OPEN = "window.streams.some((stream) => stream.readyState === EventSource.OPEN)"


def found_by_number(visit: Visit, number: str, *scripts: str) -> Page:
    """A stranger's browser in which number and contact were shown; its page of the order."""
    visitor = visit()
    for script in scripts:
        visitor.context.add_init_script(script)
    visitor.go("/track/")
    visitor.fill(number=number, contact=cast.CONTACT["phone"])
    visitor.press("main form button.btn-primary")
    visitor.page.wait_for_url("**/orders/**")
    return stays(visitor.page)


def stays(page: Page) -> Page:
    """Notice when the page is loaded again."""
    page.evaluate("window.stays = true")
    return page


def await_stream(page: Page) -> None:
    """Until the page's stream is open; its policy lets no text be evaluated, as Playwright's own waiting would."""
    for _ in range(PATIENCE_MS // 100):
        if page.evaluate(OPEN):
            return
        page.wait_for_timeout(100)
    raise TimeoutError("no stream")


def ship(market: Market, number: str, tracking: str) -> None:
    """The shop sends it, by its API."""
    desk = buying.desk_of(market.url, "bo@", "shanjian")
    desk.ship(number, tracking)
    desk.leave()


def test_an_order_by_the_stream_alone_and_by_asking_alone(visit: Visit, market: Market) -> None:
    number = buying.paid_order(market.url, "龙井", "shanjian")
    streaming = found_by_number(visit, number, NO_ASKING, WATCHED)
    asking = found_by_number(visit, number, NO_STREAM)
    neither = found_by_number(visit, number, NO_ASKING, NO_STREAM)
    expect(streaming.locator('[data-live="on"]')).to_be_visible()
    await_stream(streaming)
    ship(market, number, "SB0123456741")
    for page in (streaming, asking):
        expect(page.get_by_text("SB0123456741").first).to_be_visible(timeout=PATIENCE_MS)
        assert page.evaluate("window.stays"), "the page was loaded again"
    assert "SB0123456741" not in neither.content(), "it changes without either, so this test proves nothing"
    # One stream outlives the part of the page that was swapped.
    assert streaming.evaluate("window.streams.length") == 1


def test_an_open_dialog_is_not_drawn_over(visit: Visit, market: Market) -> None:
    number = buying.paid_order(market.url, "龙井", "shanjian")
    before = found_by_number(visit, number)
    late = found_by_number(visit, number)
    beside = found_by_number(visit, number)
    under_way: list[Route] = []

    def hold(route: Route) -> None:
        under_way.append(route)

    late.route("**/live/?v=*", hold, times=1)
    before.locator('[commandfor="withdraw"]').first.click()
    ship(market, number, "SB0123456743")
    expect(beside.get_by_text("SB0123456743").first).to_be_visible(timeout=PATIENCE_MS)
    for _ in range(PATIENCE_MS // 100):
        if under_way:
            break
        late.wait_for_timeout(100)
    late.locator('[commandfor="withdraw"]').first.click()
    under_way[0].continue_()
    before.wait_for_timeout(STILL_MS)
    for page in (before, late):
        expect(page.locator("dialog#withdraw")).to_be_visible()
        assert "SB0123456743" not in page.content()
        page.locator('dialog#withdraw [command="close"]').click()
        expect(page.get_by_text("SB0123456743").first).to_be_visible(timeout=PATIENCE_MS)


def test_nobody_looks(visit: Visit, market: Market) -> None:
    number = buying.paid_order(market.url, "龙井", "shanjian")
    page = found_by_number(visit, number, NO_ASKING, WATCHED)
    await_stream(page)
    look(page, away=True)
    assert not page.evaluate(OPEN), "a hidden tab holds one of six connections"
    ship(market, number, "SB0123456742")
    look(page, away=False)
    expect(page.get_by_text("SB0123456742").first).to_be_visible(timeout=PATIENCE_MS)
    await_stream(page)
    assert page.evaluate("window.stays")


def look(page: Page, *, away: bool) -> None:
    """Turn to another tab, or back."""
    page.evaluate(
        """(away) => {
          Object.defineProperty(document, "hidden", { configurable: true, get: () => away });
          document.dispatchEvent(new Event("visibilitychange"));
        }""",
        away,
    )


def test_the_pay_pages_hear_from_the_bank(visit: Visit) -> None:
    guest = visit(phone=True)
    guest.context.add_init_script(NO_ASKING)
    number = to_the_bank(guest)
    result, choice = guest.context.new_page(), guest.context.new_page()
    result.goto(f"/pay/{number}/result/")
    choice.goto(f"/pay/{number}/")
    for page in (result, choice):
        stays(page)
    expect(result.get_by_text("等待银行").first).to_be_visible()
    guest.press('button[value="paid"]')
    for page in (result, choice):
        expect(page.locator("#pay-status .text-success").first).to_be_visible(timeout=PATIENCE_MS)
        assert page.evaluate("window.stays"), "the page was loaded again"


def to_the_bank(guest: Visitor) -> str:
    """A guest's order, up to the bank's page; gives its number."""
    number = buying.to_pay(guest)
    buying.choose(guest, "sandbox:page")
    guest.page.wait_for_url("**/sandbox/pay/**")
    return number


def test_a_desk_hears_of_a_paid_order(visit: Visit, market: Market) -> None:
    bo = visit()
    bo.context.add_init_script(NO_ASKING + ";" + WATCHED)
    bo.sign_in(*buying.person("bo@"), to="/desk/shanjian/")
    page = stays(bo.page)
    await_stream(page)
    count = page.locator('#places a[href$="/orders/"] .count')
    before = int(count.inner_text()) if count.count() else 0
    buying.paid_order(market.url, "龙井", "shanjian")
    expect(count).to_have_text(str(before + 1), timeout=PATIENCE_MS)
    expect(page.locator('#today a[href*="tab=to_ship"]').first).to_contain_text(str(before + 1))
    assert page.evaluate("window.stays"), "the page was loaded again"
    bo.is_accessible()
    bo.fits()
