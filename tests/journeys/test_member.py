"""A member at a desk, in English: registers with a full cart, keeps an address, orders, receives, and reviews."""

import re
from pathlib import Path
from uuid import uuid4

from playwright.sync_api import expect

from tests.journeys import buying
from tests.journeys.conftest import Visit
from tests.journeys.visitor import Visitor
from tests.market import Market
from wanku.runner.tour.main_job import picture

REVIEW = "Second pot already; the lid sits well and nothing drips."


def register(member: Visitor, email: str) -> None:
    """Register with something in the cart, sign out, and sign in again: the cart is still there."""
    password = uuid4().hex
    buying.into_cart(member, buying.TEA)
    member.go("/account/signup/")
    member.is_accessible()
    member.fill(email=email, password1="12345", name="Mei")
    member.press('form[action$="/signup/"] button.btn-primary')
    expect(member.page.locator("#id_password1_error")).to_be_visible()
    expect(member.page.locator('[name="email"]')).to_have_value(email)
    member.fill(password1=password)
    member.press('form[action$="/signup/"] button.btn-primary')
    member.page.wait_for_url("**/me/**")
    member.sees("Mei")
    member.go("/account/logout/")
    member.press("main form button")
    buying.into_cart(member, buying.CASE)
    member.sign_in(email, password, to="/cart/")
    expect(member.page.locator("#cart section")).to_have_count(2)


def order(member: Visitor) -> str:
    """Keep an address, check out with it, and pay; gives the tea's order."""
    member.go("/me/addresses/new/")
    member.fill(**buying.ADDRESS)
    member.press("main form button.btn-primary")
    member.page.wait_for_url("**/me/addresses/")
    member.sees(buying.ADDRESS["line"])
    member.is_accessible()
    page = member.go("/checkout/")
    expect(page.locator('[name="saved"]:checked')).to_have_count(1)
    member.is_accessible()
    member.press("form button.btn-primary:not([disabled])")
    page.wait_for_url("**/pay/**")
    buying.pay(member)
    member.press('#pay-status a:has-text("山间茶事")')
    page.wait_for_url("**/orders/**")
    return page.url.rstrip("/").rsplit("/", 1)[1]


def test_a_member_on_a_desktop(visit: Visit, market: Market, tmp_path: Path) -> None:
    member = visit(language="en")
    register(member, f"mei-{uuid4().hex[:8]}@example.com")
    number = order(member)
    member.sees("To ship")
    ship(market, number)
    page = member.page
    expect(page.get_by_text("SB0123456702").first).to_be_visible(timeout=20_000)
    member.is_accessible()
    member.shoot("order")
    page.locator('[commandfor="confirm"]').first.click()
    page.locator("dialog[open] button.btn-primary").click()
    member.press('a[href*="/review/"]')
    shot = tmp_path / "tea.png"
    shot.write_bytes(picture())
    for name in ("goods", "service", "delivery"):
        page.locator(f'label[for="s-{name}-5"]').click()
    member.fill(text=REVIEW)
    page.locator("#pictures").set_input_files(shot)
    member.is_accessible()
    member.press("main form button.btn-primary")
    page.wait_for_url(re.compile(rf"/orders/{number}/"))
    member.go(buying.TEA + "#reviews")
    member.sees(REVIEW)
    written = page.locator("#reviews li").filter(has_text=REVIEW)
    expect(written.locator("img").first).to_be_visible()
    for path in ("/orders/", "/me/", "/me/addresses/"):
        member.go(path)
        member.fits()
        member.is_accessible()


def ship(market: Market, number: str) -> None:
    """The shop sends it, by its API."""
    desk = buying.desk_of(market.url, "bo@", "shanjian")
    desk.ship(number, "SB0123456702")
    desk.leave()
