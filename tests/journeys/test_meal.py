"""Food: chosen on the menu, ordered for a table or the door, accepted on the kitchen's live board."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import buying
from tests.journeys.conftest import Visit
from tests.journeys.visitor import PATIENCE_MS, Visitor
from wanku.runner.demo._sign_ins import PASSWORD

SHOP = "xiaoman"
OWNER = (f"{SHOP}@demo.example", PASSWORD)
WORDS = {
    "zh": {
        "choose": "选择 番茄牛腩面",
        "large": "大碗",
        "into": "放入购物篮",
        "plus": "添加卤蛋两只",
        "check": "去结算",
    },
    "en": {
        "choose": "Choose 番茄牛腩面",
        "large": "大碗",
        "into": "Into the basket",
        "plus": "Add 卤蛋两只",
        "check": "Check out",
    },
}


def fill_basket(guest: Visitor, language: str) -> Page:
    """A large bowl with an egg in it, and eggs beside it; the price follows what is chosen."""
    words, page = WORDS[language], guest.page
    page.get_by_role("button", name=words["choose"]).click()
    dish = page.locator("#dish")
    expect(dish).to_be_visible()
    expect(dish.locator("#cost")).to_contain_text("26.00")
    dish.get_by_text(words["large"], exact=False).first.click()
    dish.get_by_text("溏心蛋").first.click()
    expect(dish.locator("#cost .sum-total").last).to_contain_text(re.compile("35|39"))
    if guest.phone and language == "zh":
        guest.shoot("menu-dish")
    dish.get_by_role("button", name=words["into"]).click()
    expect(page.locator("#basket li")).to_have_count(1)
    expect(dish).to_be_hidden()
    page.get_by_role("button", name=words["plus"]).click()
    expect(page.locator("#basket li")).to_have_count(2)
    return page


def place(guest: Visitor, **typed: str) -> None:
    """From the checkout to the bank and back."""
    guest.fill(**typed)
    guest.press("form button.btn-primary:not([disabled])")
    guest.page.wait_for_url("**/pay/**")
    buying.pay(guest)


@pytest.mark.parametrize(("phone", "language"), [(True, "zh"), (False, "en")], ids=["phone-zh", "desktop-en"])
def test_brought_to_the_door(visit: Visit, phone: bool, language: str) -> None:
    guest = visit(phone=phone, language=language)
    page = guest.go(f"/s/{SHOP}/menu/?way=delivery")
    guest.is_accessible()
    guest.fits()
    page = fill_basket(guest, language)
    guest.is_accessible()
    guest.shoot("menu-phone" if phone else "menu")
    page.locator("#basket").get_by_role("button", name=WORDS[language]["check"]).click()
    page.wait_for_url("**/checkout/**")
    expect(page.get_by_text("大碗").first).to_be_visible()
    place(guest, **buying.ADDRESS)
    expect(page.locator("body")).to_contain_text("45")


def test_at_a_table_and_on_the_board(visit: Visit) -> None:
    cook = visit()
    cook.sign_in(*OWNER, to=f"/desk/{SHOP}/kitchen/")
    board = cook.page
    board.evaluate("window.stays = true")
    before = board.locator('[data-column="to_accept"] li.surface').count()
    codes = cook.context.new_page()
    codes.goto(f"/desk/{SHOP}/menu/tables/codes/")
    expect(codes.locator("li svg, li img").first).to_be_visible()
    codes.close()

    guest = visit(phone=True)
    page = guest.go(f"/s/{SHOP}/menu/?way=pickup")
    page = fill_basket(guest, "zh")
    page.locator("#basket").get_by_role("button", name=WORDS["zh"]["check"]).click()
    page.wait_for_url("**/checkout/**")
    place(guest, contact_name="赵路过", contact_phone="13812345678")

    column = board.locator('[data-column="to_accept"]')
    expect(column.locator("li.surface")).to_have_count(before + 1, timeout=PATIENCE_MS)
    assert board.evaluate("document.documentElement.dataset.rang") == "1", "nobody was told by sound"
    expect(board).to_have_title(re.compile(r"^\(\d+\) "))
    cook.is_accessible()
    cook.fits()
    cook.shoot("kitchen")
    for state in ("accepted", "under_way"):
        column.locator("li.surface").last.locator("form button.btn-primary").first.click()
        column = board.locator(f'[data-column="{state}"]')
        expect(column.locator("li.surface").first).to_be_visible()
    column.locator("li.surface").last.locator("form button.btn-primary").first.click()
    expect(column.locator("li.surface")).to_have_count(0)
    assert board.evaluate("window.stays"), "the page was loaded again"


def test_the_switch_reaches_the_menu(visit: Visit) -> None:
    cook, guest = visit(), visit(language="en")
    cook.sign_in(*OWNER, to=f"/desk/{SHOP}/kitchen/")
    dish = cook.page.get_by_role("switch", name=re.compile("红糖糍粑"))
    dish.click()
    expect(dish).to_have_attribute("aria-checked", "false")
    page = guest.go(f"/s/{SHOP}/menu/")
    expect(page.locator("li.surface", has_text="红糖糍粑")).to_contain_text("Sold out")
    dish.click()
    expect(dish).to_have_attribute("aria-checked", "true")


def test_the_desk_of_a_menu(visit: Visit) -> None:
    cook = visit(phone=True)
    cook.sign_in(*OWNER, to=f"/desk/{SHOP}/menu/")
    for place_ in ("menu/", "menu/settings/", "menu/hours/", "menu/zones/", "menu/tables/", "menu/dishes/new/"):
        cook.go(f"/desk/{SHOP}/{place_}")
        cook.is_accessible()
        cook.fits()
    cook.go(f"/desk/{SHOP}/menu/")
    cook.press(".divide-hairline a")
    cook.is_accessible()
    cook.fits()
    cook.press("button.btn-primary.w-full")
    cook.page.wait_for_url(f"**/desk/{SHOP}/menu/")


def test_without_script(visit: Visit) -> None:
    guest = visit(script=False)
    page = guest.go(f"/s/{SHOP}/menu/?way=pickup")
    page.get_by_role("button", name=WORDS["zh"]["plus"]).click()
    expect(page.locator("#basket li")).to_have_count(1)
    page.locator("#basket").get_by_role("button", name=WORDS["zh"]["check"]).click()
    page.wait_for_url("**/checkout/**")
    expect(page.get_by_text("卤蛋两只").first).to_be_visible()
