"""Paying by the simulated banks: by a code on a desktop, on a phone, on Alipay's page and by card; refused as well.

The banks speak the channels' real protocols on an address of their own, and the shop hears of them by their notices or
by asking, as it would of the real ones.
"""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import buying
from tests.journeys.conftest import Visit
from tests.journeys.visitor import PATIENCE_MS, Visitor
from tests.market import Market

NOT_A_CARD = "4000 0000 0000 9995"
"""Stripe's test card without money."""


@pytest.fixture(autouse=True)
def banks(market: Market) -> None:
    """The banks are open."""
    market.open_banks()


def is_paid(visitor: Visitor) -> None:
    """The page says so by itself."""
    expect(visitor.page.locator("#pay-status .text-success").first).to_be_visible(timeout=PATIENCE_MS)


def scan(visit: Visit, guest: Visitor) -> Visitor:
    """Another phone scans the code that a desktop shows."""
    payer = visit(phone=True)
    address = guest.page.locator('#paying a[target="_blank"]').get_attribute("href")
    payer.page.goto(address or "")
    return payer


def test_by_a_code_refused_and_then_by_card(visit: Visit) -> None:
    guest = visit()
    buying.to_pay(guest)
    buying.choose(guest, "wechat:native")
    expect(guest.page.locator("#paying svg").first).to_be_visible()
    guest.fits()
    guest.is_accessible()
    guest.shoot("pay-qr")
    guest.page.evaluate("window.stays = true")
    payer = scan(visit, guest)
    payer.is_accessible()
    payer.press('button[value="refuse"]')
    payer.sees("支付未成功")
    # WeChat Pay tells nobody of it; the page that shows the code has it asked.
    guest.sees("付款失败")
    assert guest.page.evaluate("window.stays"), "the page was loaded again"
    guest.is_accessible()
    guest.press("#pay-status a.btn-outline")
    guest.sees("上一次付款失败")
    buying.choose(guest, "stripe:card")
    guest.page.wait_for_url("**/c/pay/**")
    guest.is_accessible()
    guest.fill(card=NOT_A_CARD)
    guest.press("button.first")
    expect(guest.page.locator('[role="alert"]')).to_be_visible()
    guest.fill(card="4242 4242 4242 4242")
    guest.press("button.first")
    guest.page.wait_for_url("**/result/**")
    is_paid(guest)


def test_by_a_code_on_a_desktop(visit: Visit) -> None:
    guest = visit(language="en")
    buying.to_pay(guest)
    buying.choose(guest, "wechat:native")
    payer = scan(visit, guest)
    payer.press('button[value="pay"]')
    is_paid(guest)
    guest.sees("Payment received")


def test_on_a_phone_in_wechat(visit: Visit) -> None:
    guest = visit(phone=True)
    buying.to_pay(guest)
    guest.fits()
    guest.shoot("pay-phone")
    buying.choose(guest, "wechat:h5")
    guest.page.wait_for_url("**/wechat/pay/**")
    guest.fits()
    guest.press('button[value="pay"]')
    guest.page.wait_for_url("**/result/**")
    is_paid(guest)


def test_back_from_alipay_without_having_paid(visit: Visit) -> None:
    """Alipay has no word for a payment that failed: whoever comes back is told soon that nothing is paid."""
    guest = visit()
    number = buying.to_pay(guest)
    buying.choose(guest, "alipay:page")
    guest.page.wait_for_url("**/alipay/pay/**")
    guest.press('button[value="refuse"]')
    expect(guest.page.locator('[role="alert"]')).to_be_visible()
    guest.press("form + a.button")
    guest.page.wait_for_url(re.compile(rf"/pay/{number}/result/"))
    guest.sees("尚未付款")
    guest.fits()
    guest.is_accessible()
    guest.press("#pay-status a.btn-primary")
    guest.page.wait_for_url("**/alipay/pay/**")
    guest.press('button[value="pay"]')
    guest.page.wait_for_url("**/result/**")
    is_paid(guest)
