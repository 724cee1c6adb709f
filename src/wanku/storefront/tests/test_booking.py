"""What is booked on its buyer's pages: who sees it, what it says, what can be done, and the calendar file."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from icalendar import Calendar

from tests.cast import Shop
from tests.seats import seated, wish
from tests.slots import COURSE, SlotKind, book, choice_of, hour_of, open_hours
from wanku.access.actor import Actor
from wanku.catalog.models import Variant
from wanku.flows.booking.accept_booking import accept_booking
from wanku.flows.booking.advance_booking import advance_booking
from wanku.flows.booking.reject_booking import reject_booking
from wanku.flows.booking.reschedule_booking import reschedule_booking
from wanku.fulfilment.codes import spaced_code
from wanku.fulfilment.models import Booking
from wanku.kinds.seat.tests.world import departure_of, seat_product, seats_left
from wanku.orders.models import Order
from wanku.people.models import Person
from wanku.storefront.tests.shopping import guest_browser, member_browser

NOW = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
STARTS = (NOW + timedelta(days=4)).replace(hour=3)


@pytest.fixture
def order(slots: SlotKind, ann_actor: Actor, bo: Shop) -> Order:
    """Ann's hour in four days."""
    return book(ann_actor, bo, STARTS, now=NOW)


def page(client: Client, order: Order) -> str:
    """The order's page in English."""
    answer = client.get(f"/orders/{order.number}/", headers={"accept-language": "en"})
    assert answer.status_code == 200
    return answer.content.decode()


def booking_of(order: Order) -> Booking:
    return Booking.objects.get(order=order)


@pytest.mark.parametrize("act", ["cancel/", "done/", "move/", "calendar.ics"])
def test_only_the_buyer(act: str, order: Order, bo: Shop, cy: Shop, guest_actor: Actor, client: Client) -> None:
    path = f"/orders/{order.number}/{act}"
    for browser in (client, guest_browser(guest_actor), member_browser(bo.owner), member_browser(cy.owner)):
        assert (browser.get(path) if act == "calendar.ics" else browser.post(path)).status_code == 404
    assert booking_of(order).state == "to_accept"


def test_from_waiting_to_confirmed(order: Order, ann: Person, bo: Shop) -> None:
    browser = member_browser(ann)
    text = page(browser, order)
    assert "waits for the shop" in text
    assert "The shop accepts" in text
    assert spaced_code(booking_of(order).code) not in text, "there is nothing to show yet"
    assert "Take the order back" not in text
    assert "Cancelling is free now" in text
    accept_booking(order.pk, actor=bo.actor, now=NOW)
    text = page(browser, order)
    assert spaced_code(booking_of(order).code) in text
    assert "The shop accepted" in text
    assert "A part was shipped" not in text
    listed = browser.get("/orders/", headers={"accept-language": "en"}).content.decode()
    assert "accepted" in listed and "To ship" not in listed.split("<article", 1)[1]


def test_declined_with_the_reason(order: Order, ann: Person, bo: Shop) -> None:
    reject_booking(order.pk, because="师傅生病了", actor=bo.actor, now=NOW)
    text = page(member_browser(ann), order)
    assert "师傅生病了" in text
    assert "Refund under way" in text


def test_cancelled_for_free(order: Order, ann: Person) -> None:
    browser = member_browser(ann)
    answer = browser.post(f"/orders/{order.number}/cancel/", {"fee": "0", "because": "changed_mind"}, follow=True)
    assert answer.status_code == 200
    assert booking_of(order).state == "cancelled"
    assert Order.objects.get(pk=order.pk).state == "closed"


def test_cancelled_at_the_fee_that_is_shown(order: Order, ann: Person) -> None:
    browser = member_browser(ann)
    with time_machine.travel(STARTS - timedelta(hours=10)):
        browser.force_login(ann)
        text = page(browser, order)
        assert "Cancelling now costs ¥50.00; ¥50.00 go back" in text
        answer = browser.post(f"/orders/{order.number}/cancel/", {"fee": "0"}, follow=True)
        assert booking_of(order).state == "to_accept", "nobody agreed to the fee"
        assert "¥50.00" in answer.content.decode()
        browser.post(f"/orders/{order.number}/cancel/", {"fee": "5000"})
        assert booking_of(order).state == "cancelled"
        assert Order.objects.get(pk=order.pk).state == "completed"


def test_the_buyer_says_that_it_is_done(order: Order, ann: Person, bo: Shop) -> None:
    accept_booking(order.pk, actor=bo.actor, now=NOW)
    browser = member_browser(ann)
    assert f"/orders/{order.number}/done/" not in page(browser, order)
    with time_machine.travel(STARTS + timedelta(hours=1)):
        browser.force_login(ann)
        assert f"/orders/{order.number}/done/" in page(browser, order)
        browser.post(f"/orders/{order.number}/done/")
        assert Order.objects.get(pk=order.pk).state == "completed"


def test_the_merchants_word_is_confirmed(order: Order, ann: Person, bo: Shop) -> None:
    accept_booking(order.pk, actor=bo.actor, now=NOW)
    advance_booking(order.pk, "finish", actor=bo.actor, now=STARTS + timedelta(hours=1), note="一切正常")
    browser = member_browser(ann)
    text = page(browser, order)
    assert "一切正常" in text and "Confirm that all is well" in text
    browser.post(f"/orders/{order.number}/confirm/")
    assert Order.objects.get(pk=order.pk).state == "completed"


def test_moved(slots: SlotKind, ann: Person, ann_actor: Actor, bo: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    variant = hour_of(bo)
    order = book(ann_actor, bo, STARTS, variant=variant, now=NOW)
    later = STARTS + timedelta(days=1)
    open_hours(variant, later)
    browser, path = member_browser(ann), f"/orders/{order.number}/move/"
    # Any template that needs nothing: a kind brings its own.
    monkeypatch.setattr(SlotKind, "template", "storefront/buy/order_licences.html")
    refused = browser.post(path, {"choice.day": f"{later:%Y-%m-%d}", "choice.hour": "18"})
    assert refused.status_code == 422
    assert booking_of(order).starts_at == STARTS
    moved = browser.post(path, {"choice.day": f"{later:%Y-%m-%d}", "choice.hour": str(later.hour)})
    assert moved.status_code == 302
    assert booking_of(order).starts_at == later


def test_kinds_that_do_not_move_offer_nothing(order: Order, ann: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SlotKind, "course", replace(COURSE, move=False))
    assert f"/orders/{order.number}/move/" not in page(member_browser(ann), order)


def event_of(client: Client, order: Order) -> tuple[Any, Any]:
    """The calendar file, parsed back."""
    answer = client.get(f"/orders/{order.number}/calendar.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    calendar = Calendar.from_ical(answer.content)
    return calendar, calendar.walk("VEVENT")


def test_the_calendar_file(order: Order, ann: Person, ann_actor: Actor, bo: Shop) -> None:
    browser = member_browser(ann)
    _, [event] = event_of(browser, order)
    assert event.decoded("dtstart") == STARTS
    assert event["dtstart"].params["TZID"] == "Asia/Shanghai"
    assert event["status"] == "TENTATIVE"
    assert "138" not in browser.get(f"/orders/{order.number}/calendar.ics").content.decode()
    first = str(event["uid"])
    later = STARTS + timedelta(days=1)
    open_hours(Variant.objects.get(pk=order.lines.get().variant_id), later)
    reschedule_booking(order.pk, choice=choice_of(later), actor=ann_actor, now=NOW)
    _, [event] = event_of(browser, order)
    assert (str(event["uid"]), event["sequence"]) == (first, 1)
    assert event.decoded("dtstart") == later


@pytest.mark.parametrize(
    ("zone", "start"),
    [
        ("America/New_York", datetime(2026, 11, 1, 1, 30, tzinfo=ZoneInfo("America/New_York"))),
        ("America/New_York", datetime(2026, 11, 1, 1, 30, fold=1, tzinfo=ZoneInfo("America/New_York"))),
        ("Europe/Berlin", datetime(2027, 3, 28, 1, 30, tzinfo=ZoneInfo("Europe/Berlin"))),
        ("Asia/Shanghai", datetime(2026, 12, 31, 23, 0, tzinfo=ZoneInfo("Asia/Shanghai"))),
    ],
    ids=["before the hour that comes twice", "after it", "into the hour that is left out", "over new year"],
)
def test_a_calendar_reads_the_same_moment(zone: str, start: datetime, order: Order, ann: Person) -> None:
    begin = start.astimezone(UTC)
    end = begin + timedelta(hours=2)
    Booking.objects.filter(order=order).update(zone=zone, starts_at=begin, ends_at=end)
    calendar, [event] = event_of(member_browser(ann), order)
    read = event["dtstart"].dt, event["dtend"].dt
    assert [moment.astimezone(UTC) for moment in read] == [begin, end]
    # Another program knows the zone only by the rules in the file.
    rules = {str(each["tzid"]): each.to_tz() for each in calendar.walk("VTIMEZONE")}
    assert set(rules) == {zone}
    for name, moment in (("dtstart", begin), ("dtend", end)):
        if "TZID" in event[name].params:
            assert event[name].dt.replace(tzinfo=rules[zone]).astimezone(UTC) == moment


def test_a_foreign_zone_is_named(order: Order, ann: Person) -> None:
    Booking.objects.filter(order=order).update(zone="America/New_York")
    assert "New York" in page(member_browser(ann), order)


def test_seats_of_two_cabins_are_moved_on_one_page(ann: Person, ann_actor: Actor, bo: Shop) -> None:
    """Departures are chosen, cabins and travellers stay what they are."""
    product = seat_product(bo)
    old = departure_of(product, starts_at=STARTS + timedelta(days=30))
    new = departure_of(product, starts_at=STARTS + timedelta(days=33))
    order = seated(ann_actor, wish(old), wish(old, index=1), now=NOW)
    browser, path = member_browser(ann), f"/orders/{order.number}/move/"
    assert path in page(browser, order)
    asked = browser.get(path).content.decode()
    assert f'value="{new.pk}"' in asked and 'type="radio" name="variant"' not in asked
    assert "¥680.00" in asked and "¥1,880.00" in asked
    moved = browser.post(path, {"choice.departure": str(new.pk)})
    assert moved.status_code == 302
    assert booking_of(order).starts_at == new.starts_at
    assert [seats_left(row, cabin) for row in (old, new) for cabin in (0, 1)] == [10, 10, 9, 9]
    full = departure_of(product, starts_at=STARTS + timedelta(days=36), seats=1)
    seated(ann_actor, wish(full, index=1), now=NOW)
    refused = browser.post(path, {"choice.departure": str(full.pk)})
    assert refused.status_code == 422
    assert booking_of(order).starts_at == new.starts_at
