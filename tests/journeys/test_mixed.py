"""One checkout for goods, a stay and a licence: three orders, each with the course of its kind."""

import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from tests.journeys.buying import ADDRESS, TEA, into_cart, pay
from tests.journeys.conftest import Visit
from tests.journeys.visitor import Visitor

FIRST = (datetime.now(UTC) + timedelta(days=30)).date()
HOUSE = f"/p/qian/hupan/?choice.check_in={FIRST}&choice.check_out={FIRST + timedelta(days=2)}&choice.adults=2"
NOTES = "/p/mozhou/moke-notes/"
SHOPS = {"山间茶事": "待发货", "栖岸旅居": "已确认", "墨舟软件": "已发放"}
"""How each order stands once it is paid."""


def add(guest: Visitor, product: str) -> None:
    """Put what a product's page has chosen into the cart."""
    guest.go(product)
    guest.press(".action-bar button:not([formaction])")
    guest.page.wait_for_url("**/cart/**")


def test_a_guest_on_a_phone_orders_three_kinds_at_once(visit: Visit) -> None:
    guest = visit(phone=True)
    page = guest.page
    into_cart(guest, TEA)
    add(guest, HOUSE)
    add(guest, NOTES)
    guest.go("/checkout/")
    for shop in SHOPS:
        guest.sees(shop)
    guest.fits()
    guest.is_accessible()
    guest.fill(district=ADDRESS["district"])
    guest.fill(**ADDRESS)
    page.locator('[name$=".guest"]').fill("赵路过")
    guest.shoot("mixed-checkout-phone")
    guest.press("form button.btn-primary:not([disabled])")
    page.wait_for_url("**/pay/**")
    guest.sees("商品在发货")
    pay(guest)
    guest.sees("付款成功")
    cards = page.locator("#pay-status li")
    expect(cards).to_have_count(len(SHOPS))
    for shop, state in SHOPS.items():
        expect(cards.filter(has_text=shop)).to_contain_text(state)
    expect(cards.filter(has_text="备货")).to_have_count(1)
    guest.fits()
    guest.is_accessible()
    guest.shoot("mixed-paid-phone")
    ways = {shop: cards.filter(has_text=shop).locator("a").get_attribute("href") or "" for shop in SHOPS}
    told = {
        "山间茶事": ("商家发货", "文三路 90 号"),
        "栖岸旅居": ("入住", "西湖区北山街 42 号"),
        "墨舟软件": ("已发放", "激活码"),
    }
    for shop, words in told.items():
        guest.go(ways[shop])
        for text in words:
            guest.sees(text)
        expect(page.locator("main")).not_to_contain_text(re.compile("备货|发货") if shop != "山间茶事" else "入住")
        guest.fits()
        guest.is_accessible()
