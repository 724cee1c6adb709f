"""Somebody comes: chosen, paid, accepted and begun on phones; and a salon booked on a desktop, in English, moved."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

from tests.journeys import buying
from tests.journeys.conftest import Visit
from tests.journeys.visitor import Visitor
from wanku.runner.demo._sign_ins import PASSWORD

CLEANING, HAIRCUT = "/p/qinghe/daily-cleaning/", "/p/yijian/haircut/"
TIME = 'label.chip:has(input[name="choice.at"])'


def day_ahead(days: int) -> str:
    """A day on the shops' clock."""
    return (datetime.now(UTC).astimezone(ZoneInfo("Asia/Shanghai")).date() + timedelta(days=days)).isoformat()


def order_number(visitor: Visitor) -> str:
    """Of the paid trade's only order, from its page."""
    visitor.press('main a[href^="/orders/"]')
    visitor.page.wait_for_url(re.compile(r"/orders/\d+/"))
    return visitor.page.url.rstrip("/").rpartition("/")[2]


def test_a_cleaning_on_phones(visit: Visit) -> None:
    guest = visit(phone=True)
    page = guest.go(CLEANING)
    guest.fits()
    guest.is_accessible()
    guest.press('label.chip:has-text("王阿姨")')
    expect(page.locator('input[name="choice.worker"]:checked')).not_to_have_value("")
    guest.press(f'label.chip:has(input[name="day"][value="{day_ahead(6)}"])')
    expect(page.locator(f'input[name="day"][value="{day_ahead(6)}"]')).to_be_checked()
    guest.press('label.chip:has(input[name="add_on"])')
    expect(page.locator("#visit-times legend")).to_contain_text("2 小时 30 分钟")
    guest.press(TIME)
    expect(page.locator("#cost")).to_contain_text("王阿姨")
    expect(page.locator("#cost .sum-total").last).to_contain_text("128")
    guest.shoot("visit-phone")
    guest.press(".action-bar button.btn-primary")
    page.wait_for_url("**/checkout/**")
    # The district before the city: the sum never passes by the fee of the whole city.
    guest.fill(district=buying.ADDRESS["district"])
    guest.fill(**buying.ADDRESS)
    page.locator('[name="details.0.work"]').fill("两室一厅，厨房重点")
    page.locator('[name="details.0.access"]').fill("门禁 4711#")
    expect(page.locator('[name="agreed_total"]').first).to_have_value("12800")
    guest.fits()
    guest.shoot("visit-checkout-phone")
    guest.press("form button.btn-primary:not([disabled])")
    page.wait_for_url("**/pay/**")
    buying.pay(guest)
    number = order_number(guest)
    guest.sees("等待商家接单")

    owner = visit(phone=True)
    owner.sign_in("qinghe@demo.example", PASSWORD, to="/desk/qinghe/")
    desk = owner.go(f"/desk/qinghe/visits/day/?day={day_ahead(6)}")
    owner.fits()
    owner.is_accessible()
    mine = desk.locator("li", has=desk.locator(f'a[href$="/orders/{number}/"]'))
    mine.locator('form[action$="/booking/"] button').first.click()
    mine.get_by_text("已确认").wait_for()
    mine.locator('form[action$="/note/"] button').click()
    owner.sees("门禁 4711#")
    owner.shoot("visit-day-phone")
    page.reload()
    guest.sees("已确认")
    guest.shoot("visit-order-phone")


def test_a_salon_in_english_without_script_and_moved(visit: Visit) -> None:
    guest = visit(language="en", script=False)
    page = guest.go(HAIRCUT)
    guest.press(f'label.chip:has(input[name="day"][value="{day_ahead(4)}"])')
    guest.press("#buy button.no-js")
    expect(page.locator(f'input[name="day"][value="{day_ahead(4)}"]')).to_be_checked()
    guest.press(TIME)
    guest.press("#buy button.no-js")
    expect(page.locator("#cost")).to_contain_text("In the shop")
    guest.press('button.btn-primary:has-text("Order now")')
    page.wait_for_url("**/checkout/**")
    # Nobody comes, so nobody asks where to.
    assert page.locator('[name="line"]').count() == 0
    page.locator('[name="contact_name"]').first.fill("Sam")
    page.locator('[name="contact_phone"]').first.fill("13812345678")
    guest.press("form button.btn-primary:not([disabled])")
    page.wait_for_url("**/pay/**")
    buying.pay(guest)
    number = order_number(guest)
    guest.sees("Waiting for the shop")
    before = page.locator("main").inner_text()
    guest.go(f"/orders/{number}/move/")
    page.locator(f'label.chip:has(input[name="day"][value="{day_ahead(5)}"])').click()
    guest.press("button.no-js")
    page.locator(TIME).nth(2).click()
    guest.press('button.btn-primary:has-text("Move it")')
    page.wait_for_url(f"**/orders/{number}/")
    guest.sees("It is moved")
    assert page.locator("main").inner_text() != before


def test_the_week_at_the_desk(visit: Visit) -> None:
    owner = visit(language="en")
    owner.sign_in("qinghe@demo.example", PASSWORD, to="/desk/qinghe/")
    owner.go(f"/desk/qinghe/visits/?day={day_ahead(3)}")
    owner.sees("王阿姨")
    owner.is_accessible()
    owner.shoot("visits-week")
    for path in ("people/", "people/new/"):
        owner.go(f"/desk/qinghe/visits/{path}")
        owner.is_accessible()
        owner.fits()
