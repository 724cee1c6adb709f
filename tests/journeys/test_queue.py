"""One piece and two people: who comes first orders, the other waits, is told the truth, and is not kept for nothing."""

import re

from playwright.sync_api import expect

from tests.journeys import buying
from tests.journeys.conftest import Visit
from tests.journeys.visitor import Visitor

DESK, SHOP = "/desk/shanjian/", "/p/shanjian/"


def sell_by_queue(bo: Visitor) -> str:
    """The merchant adds a product of one piece, one per person, with a queue; its address in the shop."""
    bo.sign_in(*buying.person("bo@"), to=DESK)
    page = bo.go(f"{DESK}products/new/")
    bo.fill(
        title="头春狮峰龙井 限量一罐", slug="only-one", limit_per_person="1", **{"v0-sku": "ONE-1", "v0-price": "199"}
    )
    bo.fill(**{"v0-stock": "1"})
    page.locator('[name="category"]').select_option(index=1)
    page.locator('[name="waiting_room"]').check()
    bo.is_accessible()
    bo.press('button[value="list"]')
    page.wait_for_url(re.compile(r"/products/\d+/"))
    expect(page.locator('[name="waiting_room"]')).to_be_checked()
    expect(page.locator('[name="limit_per_person"]')).to_have_value("1")
    return f"{SHOP}only-one/"


def join(visitor: Visitor, product: str) -> None:
    """From the product's page into the queue."""
    visitor.go(product)
    visitor.sees("每人限购 1 件")
    visitor.fits()
    visitor.press(f'button[formaction="{product}room/join/"]')


def test_one_piece_and_two_people(visit: Visit) -> None:
    product = sell_by_queue(visit())
    first, second = visit(phone=True), visit()
    join(first, product)
    first.page.wait_for_url("**/checkout/**")
    first.sees("轮到你了" if first.page.get_by_text("轮到你了").count() else "提交订单")
    join(second, product)
    second.page.wait_for_url(f"**{product}room/")
    second.sees("下一位就是你")
    second.fits()
    second.is_accessible()
    first.go(f"{product}room/")
    first.sees("轮到你了")
    first.fits()
    first.is_accessible()

    # Without a pass, the checkout's own address leads back into the queue.
    variant = first.page.locator('a.btn-primary[href*="buy="]').get_attribute("href") or ""
    second.go(variant)
    second.sees("还没有轮到你")
    second.press(f'main a[href="{product}room/"]')

    first.press('a.btn-primary[href*="/checkout/"]')
    first.page.wait_for_url("**/checkout/**")
    first.fits()
    first.fill(**buying.ADDRESS)
    first.press("form button.btn-primary:not([disabled])")
    first.page.wait_for_url("**/pay/**")
    second.sees("之前可能有名额释放")
    second.fits()
    late = visit(phone=True, script=False)
    join(late, product)
    late.sees("前面还有 1 人")
    late.fits()

    buying.pay(first)
    second.sees("已售罄")
    second.fits()
    second.is_accessible()
    expect(late.page.locator('h1:has-text("已售罄")')).to_be_visible(timeout=15_000)
    first.go(f"{product}room/")
    first.sees("你已下单")
    first.fits()
