"""A stay: found by destination and days, ordered by a guest on a phone, checked in by code at the house's desk."""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from tests.journeys.buying import pay
from tests.journeys.conftest import Visit
from wanku.runner.demo._sign_ins import PASSWORD

FIRST = (datetime.now(UTC) + timedelta(days=20)).date()
LAST = FIRST + timedelta(days=3)


def test_a_guest_on_a_phone_finds_a_house_and_pays(visit: Visit) -> None:
    guest = visit(phone=True)
    page = guest.go("/stays")
    guest.is_accessible()
    guest.fill(to="杭州", check_in=FIRST.isoformat(), check_out=LAST.isoformat())
    page.locator("[name=check_out]").press("Enter")
    guest.sees("价格为全部 3 晚合计")
    guest.fits()
    guest.is_accessible()
    guest.shoot("stays-phone")
    page.locator("#stays a", has_text="湖畔小院").click()
    page.wait_for_url("**/p/qian/hupan/**")
    guest.fits()
    guest.is_accessible()
    guest.shoot("stay-phone")
    # The total of the ticked room is the sum of its nights.
    shown = page.locator("label.rate:has(:checked) .price").inner_text().strip()
    expect(page.locator("#cost")).to_contain_text(shown.lstrip("¥").split(".")[0])
    guest.press("button[form=buy][formaction]")
    page.wait_for_url("**/checkout/**")
    page.locator('[name="contact_name"]').fill("赵路过")
    page.locator('[name="contact_phone"]').fill("13812345678")
    guest.is_accessible()
    guest.press("form button.btn-primary:not([disabled])")
    # Who comes is asked, and nothing that was typed is lost.
    expect(page.locator('[name="contact_name"]')).to_have_value("赵路过")
    page.locator('[name="details.0.guest"]').fill("赵路过")
    guest.press("form button.btn-primary:not([disabled])")
    page.wait_for_url("**/pay/**")
    pay(guest)
    guest.press('a[href^="/orders/"]:has-text("栖岸旅居")')
    guest.sees("已确认")
    guest.sees("西湖区北山街 42 号")
    guest.fits()
    guest.is_accessible()
    guest.shoot("stay-order-phone")


def test_the_calendar_chooses_days_and_rooms_follow(visit: Visit) -> None:
    guest = visit(language="en")
    page = guest.go("/p/yuanfang/hudson/")
    first, last = (datetime.now(UTC).date().replace(day=1) + timedelta(days=32)).replace(day=10), 13
    page.locator(f'a[data-night="{first}"]').click()
    page.locator(f'a[data-night="{first.replace(day=last)}"]').click()
    expect(page.locator('[name="choice.check_in"]')).to_have_value(first.isoformat())
    expect(page.locator('[name="choice.check_out"]')).to_have_value(first.replace(day=last).isoformat())
    guest.sees("3 nights")
    page.locator("label.rate").nth(1).click()
    expect(page.locator("#cost")).to_contain_text("3 nights")
    guest.is_accessible()
    guest.shoot("stay")


def test_it_works_without_script(visit: Visit) -> None:
    guest = visit(script=False)
    page = guest.go(f"/stays?to=杭州&check_in={FIRST}&check_out={LAST}")
    page.locator("#stays a", has_text="竹径茶舍").click()
    page.locator("label.rate input:not([disabled])").nth(1).check()
    guest.press('button[formmethod="get"]')
    guest.sees("合计")
    guest.press("button[form=buy]:not([formaction]), form#buy button.btn-outline:not([formmethod])")
    page.wait_for_url("**/cart/**")
    guest.sees("竹径茶舍")


def test_the_house_paints_its_calendar(visit: Visit) -> None:
    host = visit()
    host.sign_in("qian@demo.example", PASSWORD, to="/desk/qian/")
    page = host.go("/desk/qian/products/")
    page.get_by_text("松赞云上山居").first.click()
    host.press('a[href*="/stays/"]')
    host.sees("庭院双床房")
    host.is_accessible()
    host.press('a[href*="/nights/"]')
    month = (datetime.now(UTC).date().replace(day=1) + timedelta(days=32)).replace(day=1)
    page.goto(f"{page.url.split('?')[0]}?month={month:%Y-%m}")
    days = [month.replace(day=n) for n in (15, 18)]
    start, end = (page.locator(f'[data-day="{day}"]').bounding_box() for day in days)
    assert start is not None
    assert end is not None
    page.mouse.move(start["x"] + 10, start["y"] + 10)
    page.mouse.down()
    page.mouse.move(end["x"] + 10, end["y"] + 10, steps=8)
    page.mouse.up()
    expect(page.locator("[data-from]")).to_have_value(days[0].isoformat())
    expect(page.locator("[data-to]")).to_have_value(days[1].isoformat())
    host.fill(price="999", rooms="2")
    host.is_accessible()
    host.shoot("stay-calendar")
    host.press("button:has-text('修改这些日期')")
    host.sees("日历已修改")
    for day in days:
        expect(page.locator(f'[data-day="{day}"]')).to_contain_text("999")
        expect(page.locator(f'[data-day="{day}"]')).to_contain_text("2/2")
    host.fits()
