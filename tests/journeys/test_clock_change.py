"""A visit in the night when New York's clocks go forward: the same local times on page, order and in the calendar."""

from datetime import UTC, date, datetime

import pytest
from icalendar import Calendar
from playwright.sync_api import expect, sync_playwright

from tests.cast import Shop
from tests.journeys import buying
from tests.journeys.visitor import Visitor
from tests.served import served
from tests.visits import salon_of
from wanku.kinds.visit.models import WeekHours
from wanku.kinds.visit.quarters import open_quarters
from wanku.merchants.models import Merchant
from wanku.runner import chromium

NOW = datetime(2027, 3, 10, 12, 0, tzinfo=UTC)
THE_NIGHT = date(2027, 3, 14)
"""At two o'clock it is three."""


@pytest.mark.django_db(transaction=True)
def test_the_night_that_loses_an_hour(bo: Shop) -> None:
    Merchant.objects.filter(pk=bo.merchant.pk).update(zone="America/New_York")
    bo.merchant.refresh_from_db()
    salon = salon_of(bo, "王", now=NOW, place="shop", shop_address="5 Mott St")
    # Somebody for the night, from one to six.
    WeekHours.objects.filter(worker__in=salon.people).delete()
    WeekHours.objects.bulk_create(
        WeekHours(worker=worker, weekday=day, opens=60, closes=360) for worker in salon.people for day in range(7)
    )
    open_quarters(salon.people, by_id=None, now=NOW)
    page_of = f"/p/{bo.merchant.slug}/{salon.product.slug}/"
    with (
        served("tests.moved:application", WANKU_TEST_NOW=NOW.isoformat(), WANKU_SANDBOX="1") as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=["--no-sandbox", "--disable-gpu"])
        guest = Visitor(browser, server.url, phone=True, language="en", script=False, pictures=False)
        page = guest.go(page_of)
        page.locator(f'label.chip:has(input[name="day"][value="{THE_NIGHT}"])').click()
        guest.press("#buy button.no-js")
        offered = page.locator('label.chip:has(input[name="choice.at"])').all_inner_texts()
        # Two hours each: what begins at half past one ends at half past four; nothing begins in the lost hour.
        assert [text.strip()[:5] for text in offered] == ["01:00", "01:30", "03:00", "03:30", "04:00"]
        page.locator('label.chip:has(input[name="choice.at"])').nth(1).click()
        guest.press("#buy button.no-js")
        expect(page.locator("#cost")).to_contain_text("01:30–04:30")
        guest.press('button.btn-primary:has-text("Order now")')
        page.wait_for_url("**/checkout/**")
        guest.sees("01:30–04:30")
        page.locator('[name="contact_name"]').first.fill("Sam")
        page.locator('[name="contact_phone"]').first.fill("13812345678")
        guest.press("form button.btn-primary:not([disabled])")
        page.wait_for_url("**/pay/**")
        buying.pay(guest)
        guest.sees("Payment received")
        expect(page.locator("#pay-status li")).to_contain_text("Sun 14 Mar, 01:30–04:30 (New York)")
        guest.press('#pay-status a[href^="/orders/"]')
        guest.sees("Sun 14 Mar, 01:30–04:30 (New York)")
        address = page.locator('a[href$="/calendar.ics"]').get_attribute("href") or ""
        [event] = Calendar.from_ical(guest.context.request.get(address).body()).walk("VEVENT")
        browser.close()
    told = [event[name] for name in ("DTSTART", "DTEND")]
    assert [each.params["TZID"] for each in told] == ["America/New_York"] * 2
    assert [each.to_ical() for each in told] == [b"20270314T013000", b"20270314T043000"]
