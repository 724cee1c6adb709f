"""The profile: what may change, what stays as it was checked."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from tests.cast import NOW, Shop
from tests.kitchen import dish_of, kitchen_of, meal_checkout, meal_wish, open_kitchen
from tests.visits import TEN, booked, hours_of, salon_of, visit_checkout, wish_of
from wanku.access.actor import Actor
from wanku.audit.models import Act
from wanku.files.models import Picture
from wanku.flows.booking.reschedule_booking import reschedule_booking
from wanku.flows.buying.place_order import place_order
from wanku.flows.selling.edit_profile import edit_profile
from wanku.flows.selling.tests.test_apply_merchant import GOOD
from wanku.fulfilment.models import Booking
from wanku.kernel.refusal import Refusal
from wanku.kinds.visit.models import Appointment
from wanku.merchants.models import Merchant
from wanku.orders.models import Trade

pytestmark = pytest.mark.django_db


def picture(owner: str) -> Picture:
    return Picture.objects.create(owner=owner, sha256=b"", width=1, height=1, bytes=1, created_at=NOW)


def edit(shop: Shop, **more: Any) -> Merchant:
    options = {"low_stock_at": 5, "logo_id": None, "actor": shop.actor, "now": NOW, "details": GOOD, **more}
    return edit_profile(shop.merchant.pk, options.pop("details"), **options)


def test_profile_is_stored_and_the_company_stays(bo: Shop) -> None:
    logo = picture(f"merchant:{bo.merchant.pk}")
    merchant = edit(bo, low_stock_at=9, logo_id=logo.pk)
    merchant.refresh_from_db()
    assert (merchant.name, merchant.low_stock_at, merchant.logo_id) == (GOOD.name, 9, logo.pk)
    assert merchant.legal_name == "Bo 茶行有限公司"
    act = Act.objects.get(verb="edit_profile")
    assert "name" in act.facts["fields"]
    edit(bo, low_stock_at=9, logo_id=logo.pk)
    assert Act.objects.count() == 1


def test_an_applicant_may_correct_the_company(bo: Shop) -> None:
    Merchant.objects.filter(pk=bo.merchant.pk).update(state="applying", due_at=NOW)
    assert edit(bo).legal_name == GOOD.legal_name


def test_refusals_change_nothing(bo: Shop, cy: Shop) -> None:
    foreign = picture(f"merchant:{cy.merchant.pk}")
    clerk = replace(bo.actor, seats={bo.merchant.pk: "clerk"})
    for more, code in (
        ({"actor": cy.actor}, "not_allowed"),
        ({"actor": clerk}, "not_allowed"),
        ({"logo_id": foreign.pk}, "not_found"),
        ({"logo_id": uuid4()}, "not_found"),
        ({"low_stock_at": -1}, "bad_value"),
        ({"details": replace(GOOD, name="Cy 箱包")}, "name_taken"),
        ({"details": replace(GOOD, contact_email="x")}, "bad_value"),
        ({"details": replace(GOOD, zone="Mars/Base")}, "bad_value"),
        ({"details": replace(GOOD, zone="")}, "bad_value"),
    ):
        with pytest.raises(Refusal) as caught:
            edit(bo, **more)
        assert caught.value.code.name == code
    bo.merchant.refresh_from_db()
    assert bo.merchant.name == "Bo 茶行"
    assert not Act.objects.exists()


NEW_YORK = replace(GOOD, zone="America/New_York")
TEN_THERE = datetime(2026, 11, 12, 15, 0, tzinfo=UTC)
"""Ten in the morning in New York, on the day of `tests.visits.TEN`."""


def test_another_zone_moves_the_hours_and_not_what_is_booked(bo: Shop, ann_actor: Actor) -> None:
    salon = salon_of(bo, "王", place="shop")
    [wang] = salon.people
    order = booked(salon, ann_actor)
    sold = hours_of(wang)["sold"]
    edit(bo, details=NEW_YORK)
    booking, appointment = Booking.objects.get(order=order), Appointment.objects.get(order_id=order.pk)
    order.refresh_from_db()
    assert (order.starts_at, booking.starts_at, appointment.starts_at) == (TEN, TEN, TEN)
    assert (booking.zone, order.terms["zone"], hours_of(wang)["sold"]) == ("Asia/Shanghai", "Asia/Shanghai", sold)
    with pytest.raises(Refusal, match="visit_not_offered"):
        place_order(visit_checkout(wish_of(salon, TEN.replace(hour=5)), ann_actor, "a"), now=NOW)
    place_order(visit_checkout(wish_of(salon, TEN_THERE), ann_actor, "b"), now=NOW)
    later = TEN_THERE.replace(hour=19)
    reschedule_booking(order.pk, choice=json.dumps({"at": later.isoformat()}), actor=ann_actor, now=NOW)
    booking.refresh_from_db()
    assert (booking.starts_at, booking.zone) == (later, "America/New_York")


def test_another_zone_moves_a_kitchen(bo: Shop, ann_actor: Actor) -> None:
    dish = dish_of(bo.merchant, portions=5)
    kitchen_of(bo.merchant, ahead_days=2)
    open_kitchen(bo.merchant, NOW)
    edit(bo, details=NEW_YORK)
    # Noon in Shanghai is in the middle of the night there, noon there in that of Shanghai.
    with pytest.raises(Refusal):
        place_order(meal_checkout([meal_wish(dish, at="2026-11-12T04:00Z")], ann_actor, 2800), now=NOW)
    placed = place_order(meal_checkout([meal_wish(dish, at="2026-11-12T17:00Z")], ann_actor, 2800), now=NOW)
    assert Trade.objects.get(pk=placed.trade_id).state == "placed"
