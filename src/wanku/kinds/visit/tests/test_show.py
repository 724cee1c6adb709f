"""What the product page shows of a service."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import NOW, Shop
from tests.visits import TEN, TOMORROW, salon_of, visit_checkout, wish_of, worker_of
from wanku.access.actor import Actor
from wanku.flows.buying.place_order import place_order
from wanku.inventory.models import Supply
from wanku.kinds.visit.models import Absence, Item, SpecialDay
from wanku.kinds.visit.show import show_slots
from wanku.storefront.read.cards import product_url

pytestmark = pytest.mark.django_db


def test_free_times_by_person(bo: Shop, ann_actor: Actor) -> None:
    salon = salon_of(bo)
    wang, li = salon.people
    place_order(visit_checkout(wish_of(salon, worker=wang), ann_actor, "v"), now=NOW)
    both = show_slots(salon.product.pk, {"day": TOMORROW.isoformat()}, now=NOW)
    # Two hours between nine and six with a break and half an hour on the road before each.
    labels = ["09:30", "10:00", "13:30", "14:00", "14:30", "15:00", "15:30", "16:00"]
    assert [slot.label for slot in both["slots"]] == labels
    free = {slot.label: {person.id for person in slot.people} for slot in both["slots"]}
    assert free["10:00"] == {li.pk} and free["13:30"] == {wang.pk, li.pk}
    hers = show_slots(salon.product.pk, {"day": "2026-11-12", "choice.worker": str(wang.pk)}, now=NOW)
    assert [slot.label for slot in hers["slots"]] == labels[2:]
    assert [face.chosen for face in hers["people"]] == [True, False]
    # Today is over but for what begins an hour from now.
    today = show_slots(salon.product.pk, {"day": "2026-11-11"}, now=NOW)
    assert today["slots"][0].label == "13:30"
    assert [day.state for day in both["days"]] == ["free"] * 14
    assert both["slots"][0].at == "2026-11-12T09:30+08:00"


def test_one_statement_for_all_that_is_free(bo: Shop) -> None:
    salon = salon_of(bo, "王")
    with CaptureQueriesContext(connection) as few:
        show_slots(salon.product.pk, {}, now=NOW)
    for name in "李张赵钱":
        worker_of(bo, name, salon.variant)
    with CaptureQueriesContext(connection) as many:
        show_slots(salon.product.pk, {}, now=NOW)
    assert len(few) == len(many)
    assert sum("inventory_supply" in query["sql"] for query in many) == 1


def test_full_and_closed_days_say_so(bo: Shop) -> None:
    salon = salon_of(bo, "王")
    [wang] = salon.people
    SpecialDay.objects.create(worker=wang, day=date(2026, 11, 14), windows=[])
    Absence.objects.create(merchant=bo.merchant, first=date(2026, 11, 15), last=date(2026, 11, 16))
    Supply.objects.filter(key__startswith=f"hour:{wang.pk}:20261112T").update(free=0, held=1)
    shown = show_slots(salon.product.pk, {"day": "2026-11-12"}, now=NOW)
    states = {day.day.day: day.state for day in shown["days"]}
    assert (states[11], states[12], states[13]) == ("free", "full", "free")
    assert (states[14], states[15], states[16], states[17]) == ("closed", "closed", "closed", "free")
    assert shown["state"] == "full" and shown["slots"] == ()
    # The first free day is shown to whoever has not chosen one.
    Supply.objects.filter(key__startswith=f"hour:{wang.pk}:20261111T").update(free=0, held=1)
    assert show_slots(salon.product.pk, {}, now=NOW)["day"] == date(2026, 11, 13)


def test_strange_wishes_mean_nothing_was_asked(bo: Shop) -> None:
    salon = salon_of(bo, "王")
    usual = show_slots(salon.product.pk, {}, now=NOW)
    for asked in (
        {"variant": "x"},
        {"choice.worker": "99"},
        {"choice.worker": "-"},
        {"day": "2026-13-99"},
        {"from": "1999-01-01"},
        {"choice.at": "when?"},
        {"choice.at": "2026-11-12T10:00"},
        {"add_on": "x,,9"},
    ):
        shown = show_slots(salon.product.pk, asked, now=NOW)
        assert [slot.at for slot in shown["slots"]] == [slot.at for slot in usual["slots"]] or "choice.at" in asked
        assert shown["at"] == ""
    far = show_slots(salon.product.pk, {"from": "2099-01-01"}, now=NOW)
    assert [day.day for day in far["days"]] == [date(2026, 11, 25)] and far["earlier"] == TOMORROW - timedelta(days=1)
    longer = show_slots(salon.product.pk, {"add_on": str(salon.product.add_ons.get().pk)}, now=NOW)
    assert longer["length"] != usual["length"] and len(longer["slots"]) < len(usual["slots"])
    chosen = show_slots(salon.product.pk, {"choice.at": TEN.isoformat()}, now=NOW)
    assert chosen["at"] == "2026-11-12T10:00+08:00" and chosen["day"] == TOMORROW
    Item.objects.all().delete()
    assert show_slots(salon.product.pk, {}, now=NOW) == {"ready": False}


def test_the_page_works_without_script(bo: Shop, client: Client) -> None:
    salon = salon_of(bo, "王阿姨")
    salon.product.refresh_from_db()
    url = product_url(salon.product)
    with time_machine.travel(NOW, tick=False):
        page = client.get(url).content.decode()
    assert "王阿姨" in page and 'name="choice.at"' in page
    assert page.count('name="variant"') == 1
