"""A stranger on a phone buys from two shops within a minute, mistakes and a refused payment included."""

import time

import pytest
from playwright.sync_api import expect

from tests.journeys import buying
from tests.journeys.conftest import Visit
from tests.journeys.visitor import Visitor


def choose(guest: Visitor) -> None:
    """Home, search, product with option and extra, and a second shop's product."""
    guest.go("/")
    guest.fits()
    guest.shoot("home-phone")
    guest.fill(q="龙井")
    guest.page.keyboard.press("Enter")
    guest.press('a[href="/p/shanjian/longjing/"]')
    page = guest.page
    page.wait_for_url("**/p/shanjian/longjing/")
    guest.fits()
    before = page.locator("[data-price]").inner_text()
    guest.press("label.chip:has(input[data-option]:not(:checked))")
    expect(page.locator("[data-price]")).not_to_have_text(before)
    guest.press('label.chip:has(input[name="add_on"])')
    guest.shoot("product-phone")
    guest.press("button[data-buy]:not([formaction])")
    expect(page.locator("#dock-cart-count, #cart-count").filter(has_text="1").first).to_be_attached()
    buying.into_cart(guest, buying.CASE)


def check_out(guest: Visitor) -> None:
    """The cart and the checkout, with a phone number that is none."""
    page = guest.go("/cart/")
    expect(page.locator("#cart section")).to_have_count(2)
    guest.fits()
    guest.shoot("cart-phone")
    guest.press('a[href="/checkout/"]')
    page.wait_for_url("**/checkout/**")
    guest.fill(**buying.ADDRESS)
    guest.shoot("checkout-phone")
    guest.fill(phone="12")
    guest.press("form button.btn-primary:not([disabled])")
    expect(page.locator("#id_phone_error")).to_be_visible()
    for name in ("name", "city", "line"):
        expect(page.locator(f'[name="{name}"]').first).to_have_value(buying.ADDRESS[name])
    guest.fits()
    guest.fill(phone=buying.ADDRESS["phone"])
    guest.press("form button.btn-primary:not([disabled])")


def test_a_guest_on_a_phone(visit: Visit) -> None:
    guest = visit(phone=True)
    start = time.monotonic()
    choose(guest)
    check_out(guest)
    page = guest.page
    page.wait_for_url("**/pay/**")
    guest.fits()
    buying.pay(guest, "refused")
    guest.sees("付款失败")
    trade = buying.order_number(guest)
    guest.press('#pay-status button[name="pay_by"]')
    page.wait_for_url("**/sandbox/pay/**")
    buying.pay(guest)
    guest.press("#pay-status a.btn-primary")
    page.wait_for_url("**/orders/**")
    assert time.monotonic() - start < 60, "a minute is over"
    guest.fits()
    guest.sees("待发货")
    number = page.url.rstrip("/").rsplit("/", 1)[1]
    slug = "shanjian" if "山间茶事" in page.locator("h1").inner_text() else "qingtu"
    page.evaluate("window.stays = true")

    clerk = visit()
    clerk.sign_in(*buying.person("bo@" if slug == "shanjian" else "cy@"), to=f"/desk/{slug}/")
    clerk.go(f"/desk/{slug}/orders/{number}/")
    clerk.fill(carrier="sandbox", tracking="SB0123456701")
    clerk.press('button[name="all"]')
    clerk.sees("SB0123456701")

    # The guest only looks: the page changes by itself.
    expect(page.get_by_text("SB0123456701").first).to_be_visible(timeout=20_000)
    assert page.evaluate("window.stays"), "the page was loaded again"
    guest.shoot("order-phone")

    elsewhere = visit()
    elsewhere.go("/track/")
    elsewhere.is_accessible()
    elsewhere.fill(number=trade, contact="13900000000")
    elsewhere.press("main form button.btn-primary")
    expect(elsewhere.page.locator('[role="alert"]').first).to_be_visible()
    elsewhere.fill(number=trade, contact=buying.ADDRESS["phone"])
    elsewhere.press("main form button.btn-primary")
    elsewhere.sees("山间茶事")
    elsewhere.go(f"/orders/{number}/")
    elsewhere.sees("SB0123456701")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_guest_without_script(visit: Visit, language: str) -> None:
    guest = visit(phone=language == "zh", language=language, script=False)
    for product in (buying.TEA, buying.CASE):
        buying.into_cart(guest, product)
    page = guest.go("/cart/")
    expect(page.locator("#cart section")).to_have_count(2)
    guest.press('a[href="/checkout/"]')
    guest.fill(**buying.ADDRESS)
    guest.press("form button.btn-primary:not([disabled])")
    page.wait_for_url("**/pay/**")
    buying.pay(guest)
    # Without script the page does not change by itself; its button asks the bank.
    if page.locator('form[action$="/ask/"]').count():
        guest.press('form[action$="/ask/"] button')
    guest.sees("付款成功" if language == "zh" else "Payment received")


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desktop"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_a_guest_sees_is_accessible(visit: Visit, phone: bool, language: str) -> None:
    guest = visit(phone=phone, language=language)
    buying.into_cart(guest, buying.TEA)
    guest.page.wait_for_timeout(300)
    for path in ("/", "/search?q=茶", buying.TEA, "/s/shanjian/", "/cart/", "/checkout/", "/account/login/"):
        guest.go(path)
        guest.fits()
        guest.is_accessible()
    if not phone and language == "zh":
        guest.go("/")
        guest.shoot("home")
        guest.shoot("home-dark", dark=True)
        guest.go(buying.TEA)
        guest.shoot("product")
        guest.go("/checkout/")
        guest.shoot("checkout")
