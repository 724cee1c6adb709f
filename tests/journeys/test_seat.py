"""A flight on a phone and a tour at a desk: searched, chosen, travellers named, paid, and seen by the shop."""

import pytest
from playwright.sync_api import expect

from tests.journeys import buying
from tests.journeys.conftest import Visit
from tests.journeys.visitor import Visitor
from wanku.runner.demo._sign_ins import PASSWORD

CARD, WRONG = "110101199003070134", "110101199003070135"
TRAVELLER = "details.0.travellers"


def find(guest: Visitor, place: str, people: int) -> None:
    """Search, and open the first departure that fits."""
    guest.go("/journeys")
    guest.fill(to=place, people=str(people))
    guest.press("main form[role=search] button.btn-primary")
    page = guest.page
    page.wait_for_url("**people=**")
    expect(page.locator("#results li").first).to_contain_text(place)
    guest.fits()


def choose(guest: Visitor, people: int) -> None:
    """The departure that was found is chosen already; the price follows what is chosen."""
    page = guest.page
    guest.press("#results li a")
    page.wait_for_url("**/p/**")
    expect(page.locator("[name='choice.departure']:checked")).to_have_count(1)
    expect(page.locator("input[name=quantity]")).to_have_value(str(people))
    expect(page.locator("#cost")).to_contain_text("UTC")
    guest.fits()


def order(guest: Visitor) -> None:
    """To the checkout, with whom to reach."""
    guest.press("button[formaction*=buy]")
    guest.page.wait_for_url("**/checkout/**")
    guest.fill(contact_name="赵路过", contact_phone="13812345678")


def test_a_flight_on_a_phone(visit: Visit) -> None:
    guest = visit(phone=True)
    page = guest.page
    find(guest, "东京", 2)
    guest.shoot("journeys-phone")
    choose(guest, 2)
    guest.shoot("journey-phone")
    order(guest)
    guest.fill(**{f"{TRAVELLER}.0.name": "赵路过", f"{TRAVELLER}.0.number": WRONG})
    guest.fill(**{f"{TRAVELLER}.1.name": "Ann Lee", f"{TRAVELLER}.1.document": "passport"})
    guest.fill(**{f"{TRAVELLER}.1.number": "E12345678", f"{TRAVELLER}.1.birth_date": "1992-05-04"})
    guest.press("form button.btn-primary:not([disabled])")
    guest.sees("身份证号码不正确")
    expect(page.locator(f"[name='{TRAVELLER}.1.number']")).to_have_value("E12345678")
    guest.fits()
    guest.fill(**{f"{TRAVELLER}.0.number": CARD})
    guest.press("form button.btn-primary:not([disabled])")
    page.wait_for_url("**/pay/**")
    buying.pay(guest)
    guest.go("/orders/")
    guest.press("main a[href*='/orders/2']")
    page.wait_for_url("**/orders/2**")
    guest.sees("****0134")
    assert CARD not in page.content()
    guest.fits()


def test_a_tour_on_a_desktop_in_english(visit: Visit) -> None:
    guest = visit(language="en")
    find(guest, "杭州", 1)
    guest.shoot("journeys")
    guest.is_accessible()
    choose(guest, 1)
    guest.shoot("journey")
    order(guest)
    guest.fill(**{f"{TRAVELLER}.0.name": "Ann Lee"})
    guest.press("form button.btn-primary:not([disabled])")
    guest.page.wait_for_url("**/pay/**")
    buying.pay(guest)


def test_the_shop_sees_who_is_aboard(visit: Visit) -> None:
    desk = visit()
    page = desk.page
    desk.sign_in("zouzou@demo.example", PASSWORD, "/desk/zouzou/departures/")
    desk.shoot("desk-departures")
    desk.is_accessible()
    desk.press("tr:has-text('黄山') a")
    page.wait_for_url("**/departures/*/")
    desk.sees("***")
    desk.is_accessible()
    desk.shoot("desk-departure")
    desk.press("button:has-text('查看证件')")
    page.wait_for_url("**/orders/**")
    desk.sees("这次查看已记录")


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desktop"])
def test_departures_are_put_on_offer(visit: Visit, phone: bool) -> None:
    desk = visit(phone=phone)
    desk.sign_in("zouzou@demo.example", PASSWORD, "/desk/zouzou/departures/")
    desk.press("tbody td a")
    desk.page.wait_for_url("**/departures/*/")
    desk.press("a[href*='/products/'][href$='/departures/']")
    desk.page.wait_for_url("**/products/*/departures/")
    desk.fits()
    before = desk.page.locator("section[aria-labelledby=coming-title] tbody tr").count()
    day = "2027-03-06" if phone else "2027-03-13"
    desk.fill(first=day, last=day)
    desk.press("form:has([name=first]) button.btn-primary")
    desk.sees("个班次已上架")
    expect(desk.page.locator("section[aria-labelledby=coming-title] tbody tr")).to_have_count(before + 1)
