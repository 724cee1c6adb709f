"""A shop's day: what is to do, shipping in parts and in bulk, a table of goods, voices, and the money."""

import csv
import io
import re

import pytest
from playwright.sync_api import FilePayload, expect

from tests.journeys import buying
from tests.journeys.conftest import Visit
from tests.journeys.visitor import Visitor
from tests.market import Market

DESK = "/desk/shanjian/"
GOODS = [
    {"handle": "rain-pu", "title": "雨前普洱 小沱茶", "price": "66.00", "stock": "20", "sku": "RAIN-1"},
    {"handle": "cold-brew", "title": "冷泡茶瓶", "price": "百元", "stock": "20", "sku": "COLD-1"},
]


def sheet(rows: list[dict[str, str]]) -> bytes:
    """A product table as a shop would send it."""
    into = io.StringIO()
    writer = csv.DictWriter(into, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return into.getvalue().encode()


def owner(visit: Visit, *, phone: bool = False, language: str = "zh") -> Visitor:
    """Bo at the desk."""
    visitor = visit(phone=phone, language=language)
    visitor.sign_in(*buying.person("bo@"), to=DESK)
    return visitor


def test_shipping_in_parts_and_in_bulk(visit: Visit, market: Market) -> None:
    parts = buying.paid_order(market.url, "龙井", "shanjian", quantity=2)
    others = [buying.paid_order(market.url, "茉莉", "shanjian") for _ in range(2)]
    bo = owner(visit)
    bo.is_accessible()
    bo.go(DESK)
    bo.shoot("desk-today")
    page = bo.go(f"{DESK}orders/{parts}/")
    bo.is_accessible()
    for tracking, pieces in (("SB0123456711", "1"), ("SB0123456712", "1")):
        page.locator("summary").filter(has=page.locator("xpath=..//input[@type='number']")).or_(
            page.locator("details:has(input[type=number]) > summary")
        ).first.click()
        bo.fill(carrier="sandbox", tracking=tracking)
        page.locator("details input[type=number]").first.fill(pieces)
        bo.press("details button.btn-outline")
        bo.sees(tracking)
    expect(page.locator('button[name="all"]')).to_have_count(0)

    bo.go(f"{DESK}orders/?tab=to_ship")
    bo.is_accessible()
    for number in others:
        page.locator(f'[data-bulk-row][value="{number}"]').check()
    bo.press("[data-bulk-bar] button.btn-primary")
    page.wait_for_url("**/ship/**")
    bo.fill(carrier="sandbox")
    for index, number in enumerate(others):
        bo.fill(**{f"tracking-{number}": "SB99" if index else "SB0123456721"})
    bo.press("main form[method=post] button.btn-primary")
    bo.sees("SB0123456721")
    expect(page.locator('[aria-live="polite"] .text-error').first).to_be_visible()
    # What was wrong is still there to be corrected.
    expect(page.locator(f'[name="tracking-{others[1]}"]')).to_have_value("SB99")
    bo.fill(**{f"tracking-{others[1]}": "SB0123456722", "carrier": "sandbox"})
    bo.press("main form[method=post] button.btn-primary")
    bo.sees("SB0123456722")
    bo.go(f"{DESK}parcels/")
    bo.sees("SB0123456722")


def test_a_table_with_a_wrong_row(visit: Visit) -> None:
    bo = owner(visit)
    page = bo.go(f"{DESK}products/import/")
    bo.is_accessible()
    send(bo, GOODS)
    bo.sees("cold-brew")
    expect(page.locator("tr").filter(has_text="cold-brew").locator("code").filter(has_text="price")).to_be_visible()
    bo.is_accessible()
    bo.shoot("import-preview")
    bo.go(f"{DESK}products/import/")
    send(bo, [GOODS[0], {**GOODS[1], "price": "100.00"}])
    expect(page.locator("main code")).to_have_count(0)
    bo.press("#work button.btn-primary")
    expect(page.locator("#work button")).to_have_count(0, timeout=20_000)
    page = bo.go(f"{DESK}products/?q=冷泡茶瓶")
    bo.press('main a:has-text("冷泡茶瓶")')
    page.wait_for_url(re.compile(r"/products/\d+/"))
    expect(page.locator('[name="title"]')).to_have_value("冷泡茶瓶")
    bo.is_accessible()
    bo.go(f"{DESK}products/?q=龙井")
    bo.press('main a:has-text("龙井")')
    page.wait_for_url(re.compile(r"/products/\d+/"))
    bo.shoot("product-editor")


def send(bo: Visitor, rows: list[dict[str, str]]) -> None:
    """Upload a table and look at it first."""
    bo.page.locator("#f-file").set_input_files(FilePayload(name="goods.csv", mimeType="text/csv", buffer=sheet(rows)))
    choice = bo.page.locator('[name="fallback"] option').filter(has_text="茶").first.get_attribute("value")
    bo.fill(fallback=choice or "")
    bo.press("main form[enctype] button.btn-primary")
    bo.page.wait_for_url(re.compile(r"/import/[0-9a-f-]{36}/"))


def test_voices_and_money(visit: Visit) -> None:
    ann = visit(language="en")
    ann.sign_in(*buying.person("ann@"), to="/me/")
    question = "Does the tin close tightly enough for travelling?"
    ann.go("/p/shanjian/jasmine/")
    ann.fill(text=question)
    ann.press('form[action*="/ask"] button')
    ann.sees(question)
    bo = owner(visit)
    page = bo.go(f"{DESK}questions/")
    bo.is_accessible()
    card = page.locator("article").filter(has_text=question)
    card.locator("textarea").fill("是的，内盖带密封圈。")
    card.locator("button.btn-primary").click()
    expect(page.locator("article").filter(has_text=question).locator("textarea")).to_have_count(0)
    ann.go("/p/shanjian/jasmine/")
    ann.sees("是的，内盖带密封圈。")

    page = bo.go(f"{DESK}reviews/")
    bo.is_accessible()
    waiting = page.locator("article:has(details)").first
    name = waiting.get_attribute("id")
    waiting.locator("summary").click()
    waiting.locator("textarea").fill("谢谢，我们会转告师傅。")
    waiting.locator("button.btn-primary").click()
    page.wait_for_load_state()
    bo.go(f"{DESK}reviews/?tab=all")
    assert name
    bo.sees("谢谢，我们会转告师傅。")
    page = bo.go(f"{DESK}money/")
    bo.is_accessible()
    expect(page.locator("main table tbody tr").first).to_be_visible()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_desk_on_a_phone(visit: Visit, language: str) -> None:
    bo = owner(visit, phone=True, language=language)
    for path in ("", "orders/", "parcels/", "products/", "products/new/", "money/", "staff/", "profile/", "freight/"):
        bo.go(DESK + path)
        bo.fits()
        bo.is_accessible()


def test_a_clerk_sees_no_money(visit: Visit) -> None:
    clerk = visit()
    clerk.sign_in(*buying.person("bo-clerk@"), to=DESK)
    expect(clerk.page.locator(f'a[href="{DESK}money/"]')).to_have_count(0)
    answer = clerk.page.request.get(f"{DESK}money/")
    assert answer.status in (403, 404)
