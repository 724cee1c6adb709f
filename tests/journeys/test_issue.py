"""A licence: chosen by edition and term, paid, its code seen; a shop that fills its pool."""

import re

from playwright.sync_api import expect

from tests.journeys.buying import pay
from tests.journeys.conftest import Visit
from tests.journeys.visitor import Visitor
from wanku.runner.demo._sign_ins import PASSWORD

NOTES = "/p/mozhou/moke-notes/"
CODE = re.compile(r"[0-9A-Z]{5}(-[0-9A-Z]{5}){4}")


def buy(guest: Visitor, words: str) -> str:
    """From the product's page to the codes of the order; what the page of licences shows."""
    page = guest.page
    guest.press("button[form=buy][formaction], form#buy button[formaction]:not(.no-js)")
    page.wait_for_url("**/checkout/**")
    page.locator('[name="contact_name"]').fill("赵路过")
    page.locator('[name="contact_phone"]').fill("13812345678")
    guest.is_accessible()
    guest.press("form button.btn-primary:not([disabled])")
    page.wait_for_url("**/pay/**")
    pay(guest)
    guest.press(f'a[href^="/orders/"]:has-text("{words}")')
    guest.press('a[href$="/licences/"]')
    return page.content()


def test_a_guest_on_a_phone_buys_two_codes_and_sees_them(visit: Visit) -> None:
    guest = visit(phone=True)
    page = guest.go(NOTES)
    page.locator("label.chip", has_text="¥368.00").click()
    page.locator('[name="quantity"]').fill("2")
    page.locator('[name="quantity"]').press("Tab")
    expect(page.locator("#cost")).to_contain_text("专业版 · 永久")
    expect(page.locator("#cost")).to_contain_text("736")
    guest.fits()
    guest.is_accessible()
    guest.shoot("licence-phone")
    before = buy(guest, "墨舟软件")
    assert not CODE.search(before)
    guest.press("main form button.btn-primary")
    guest.sees("请立即妥善保存")
    codes = {found.group() for found in CODE.finditer(page.locator("main").inner_text())}
    assert len(codes) == 2
    guest.fits()
    guest.is_accessible()
    guest.shoot("licence-codes-phone")
    page.goto(page.url)
    guest.sees("请填写此订单的手机号")
    assert not CODE.search(page.locator("main").inner_text())


def test_a_member_on_a_desktop_proves_again_and_renews(visit: Visit) -> None:
    buyer = visit(language="en")
    buyer.sign_in("ann@demo.example", PASSWORD)
    page = buyer.go(NOTES)
    buyer.is_accessible()
    buyer.shoot("licence")
    buy(buyer, "墨舟软件")
    buyer.press("main form button.btn-primary")
    buyer.sees("Keep them now")
    address = page.url
    buyer.press('a:has-text("Renew or upgrade")')
    buyer.sees("You extend the licence")
    page.locator("label.chip", has_text="¥498.00").click()
    expect(page.locator("#cost")).to_contain_text("Renewal · 团队版")
    buyer.is_accessible()
    buyer.shoot("licence-renewal")
    page.goto(address)
    buyer.press('button[commandfor="give-back"]')
    buyer.press("#give-back button.btn-error")
    buyer.sees("The licences are given back")


def test_a_shop_fills_its_pool(visit: Visit) -> None:
    shop = visit()
    shop.sign_in("diandian@demo.example", PASSWORD, to="/desk/diandian/")
    page = shop.go("/desk/diandian/products/")
    page.get_by_text("鹦鹉口语课").first.click()
    shop.press('a[href$="/licences/"]:not([href="/desk/diandian/licences/"])')
    shop.sees("库存不足")
    shop.is_accessible()
    shop.shoot("licence-pool")
    rows = b"code\nNEWCODE-0001\nNEWCODE-0002\nnewcode0002\n"
    page.locator('input[type="file"]').first.set_input_files(
        {"name": "codes.csv", "mimeType": "text/csv", "buffer": rows}
    )
    page.locator("form[enctype] button").first.click()
    shop.sees("尾号 0002 的激活码已出现在第 3 行")
    shop.is_accessible()
    shop.press("main form button.btn-primary")
    shop.sees("2 个激活码已入库")
    page.goto(page.url.split("/products/")[0] + "/licences/?state=free&q=0002")
    shop.sees("•••• 0002")
    shop.fits()
    shop.is_accessible()
