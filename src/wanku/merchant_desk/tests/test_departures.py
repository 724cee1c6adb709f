"""Departures at the desk: set up, looked at, changed, called off, and who reads documents."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import NOW, Shop, product_of, variant_of
from tests.seats import seated, wish
from wanku.access.actor import Actor
from wanku.audit.models import Act
from wanku.inventory.models import Supply
from wanku.kinds.seat.models import Cabin, Departure, SeatTerms
from wanku.kinds.seat.states import CANCELLED, CONFIRMED
from wanku.kinds.seat.tests.world import CARDS, STARTS, departure_of, seat_product

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def series(product_id: int, variants: list[int], **more: object) -> dict[str, object]:
    """The form of a week of departures."""
    seats = {f"c{pk}-seats": "20" for pk in variants}
    return {
        "what": "departures",
        "origin": "上海",
        "destination": "杭州",
        "zone_from": "Asia/Shanghai",
        "zone_to": "Asia/Shanghai",
        "leaves": "08:00",
        "arrives": "20:00",
        "first": "2026-12-01",
        "last": "2026-12-14",
        "weekdays": ["5", "6"],
        "minimum": "4",
        "decide_hours": "48",
        **seats,
        **more,
    }


def test_from_goods_to_a_tour_on_offer(owner: Client, bo: Shop) -> None:
    product = product_of(bo.merchant, "西湖一日游", prices=(19900, 9900))
    address = f"/desk/bo/products/{product.pk}/departures/"
    assert "First save these" in owner.get(address).content.decode()
    terms = {"what": "terms", "t0-hours": "48", "t0-percent": "0", "t1-hours": "4", "t1-percent": "50"}
    assert owner.post(address, terms).status_code == 303
    stored = SeatTerms.objects.get()
    assert (stored.real_name, stored.cancellation) == (False, [{"hours": 48, "bp": 0}, {"hours": 4, "bp": 5000}])
    variants = [variant.pk for variant in product.variants.all()]
    price = {f"c{variants[1]}-price": "88.50"}
    assert owner.post(address, series(product.pk, variants, **price)).status_code == 303
    assert Departure.objects.count() == 4
    assert set(Cabin.objects.values_list("variant", "price")) == {(variants[0], None), (variants[1], 8850)}
    page = owner.get(address).content.decode()
    assert "4 missing" in page and "0/40" in page
    # The next series starts from what was said of the last.
    assert re.search(r'value="上海"', page) and re.search(r'value="08:00"', page)
    assert "/desk/bo/departures/" in owner.get("/desk/bo/").content.decode()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"first": ""}, "Choose a day."),
        ({"leaves": "soon"}, "Write a time like 09:30."),
        ({"minimum": "many"}, "Write a whole number."),
        ({"weekdays": ["2"], "last": "2026-12-01"}, "No such weekday"),
        ({"origin": ""}, "Write a place"),
    ],
    ids=["day", "time", "number", "weekday", "place"],
)
def test_what_is_wrong_is_said_and_stays_typed(owner: Client, bo: Shop, wrong: dict[str, object], said: str) -> None:
    product = seat_product(bo)
    variants = [variant.pk for variant in product.variants.all()]
    answer = owner.post(
        f"/desk/bo/products/{product.pk}/departures/", series(product.pk, variants, meeting_point="码头", **wrong)
    )
    page = answer.content.decode()
    assert answer.status_code == 422 and said in page and 'value="码头"' in page
    assert not Departure.objects.exists()


def test_the_list_is_read_in_a_fixed_number_of_statements(owner: Client, bo: Shop, ann_actor: Actor) -> None:
    product = seat_product(bo)
    row = departure_of(product, minimum=3)
    seated(ann_actor, wish(row, 2))
    owner.get("/desk/bo/departures/")
    with CaptureQueriesContext(connection) as few:
        page = owner.get("/desk/bo/departures/").content.decode()
    assert "1 missing" in page and "2/20" in page
    for day in range(1, 20):
        departure_of(product, starts_at=STARTS + timedelta(days=day))
    with CaptureQueriesContext(connection) as many:
        owner.get("/desk/bo/departures/")
    assert len(many) == len(few)


def test_one_departure_masks_its_travellers(owner: Client, bo: Shop, ann_actor: Actor) -> None:
    row = departure_of(seat_product(bo))
    order = seated(ann_actor, wish(row, 2))
    address = f"/desk/bo/departures/{row.pk}/"
    page = owner.get(address).content.decode()
    assert "王***明" in page and "****0134" in page
    assert "王小明" not in page and CARDS[0] not in page and not Act.objects.exists()
    shown = owner.post(f"{address}orders/{order.number}/")
    assert CARDS[0] in shown.content.decode() and shown["Cache-Control"] == "no-store"
    assert Act.objects.get().verb == "read_details"
    sheet = owner.post(f"{address}manifest/", {"form": "csv"})
    text = sheet.getvalue().decode()
    assert "王小明" in text and CARDS[1] in text and "attachment" in sheet["Content-Disposition"]
    assert set(Act.objects.values_list("verb", flat=True)) == {"read_details", "export_manifest"}
    assert owner.post(f"{address}manifest/", {"form": "xlsx"}).status_code == 200


def test_seats_and_price_of_a_cabin(owner: Client, bo: Shop) -> None:
    row = departure_of(seat_product(bo))
    variant = variant_of(row.product)
    address = f"/desk/bo/departures/{row.pk}/cabin/"
    assert owner.post(address, {"variant": variant.pk, "seats": "30", "price": "500"}).status_code == 303
    assert Supply.objects.get(key=row.key(variant.pk)).free == 30
    assert Cabin.objects.get(departure=row, variant=variant).price == 50000
    for typed in ({"seats": "x"}, {"seats": "5", "price": "x"}, {"seats": "-1"}):
        assert owner.post(address, {"variant": variant.pk, **typed}).status_code == 422
    assert Supply.objects.get(key=row.key(variant.pk)).free == 30


def test_promised_then_called_off(owner: Client, bo: Shop) -> None:
    row = departure_of(seat_product(bo), minimum=8)
    address = f"/desk/bo/departures/{row.pk}/"
    owner.post(f"{address}confirm/")
    assert Departure.objects.get().state == CONFIRMED
    assert owner.post(f"{address}cancel/", {"because": ""}).status_code == 422
    assert Departure.objects.get().state == CONFIRMED
    assert owner.post(f"{address}cancel/", {"because": "台风"}).status_code == 303
    assert Departure.objects.get().state == CANCELLED
    page = owner.get(address).content.decode()
    assert "台风" in page and "Call it off" not in page
    assert "Called off" in owner.get("/desk/bo/departures/?tab=cancelled").content.decode()


def test_another_desk_finds_nothing(other: Client, bo: Shop) -> None:
    row = departure_of(seat_product(bo))
    for path in (f"/desk/cy/departures/{row.pk}/", f"/desk/cy/products/{row.product_id}/departures/"):
        assert other.get(path).status_code == 404
    for verb in ("confirm", "cancel", "manifest", "cabin"):
        assert other.post(f"/desk/cy/departures/{row.pk}/{verb}/", {"because": "storm"}).status_code == 404
    assert not Act.objects.exists()
