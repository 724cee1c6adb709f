"""Departures in the database: what is read for pricing and for the page, who has seats, what the database refuses."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from tests.cast import NOW, Shop, product_of, variant_of
from wanku.audit.models import Move
from wanku.catalog.models import ShopVersion
from wanku.inventory.models import StockLog, Supply
from wanku.kinds.kind import Booked
from wanku.kinds.seat.kind import Seat
from wanku.kinds.seat.models import Cabin, Departure, Passage, SeatTerms
from wanku.kinds.seat.show import show_departures
from wanku.kinds.seat.states import CANCELLED, CONFIRMED, OPEN
from wanku.kinds.seat.tests.world import STARTS, TABLE, departure_of, seat_product, seats_left

pytestmark = pytest.mark.django_db
SEAT = Seat()


def booked(row: Departure, *, seats: int = 2, index: int = 0) -> Booked:
    """A line of an order for seats."""
    return Booked(
        line_id=uuid4(),
        order_id=uuid4(),
        merchant_id=row.merchant_id,
        product_id=row.product_id,
        variant_id=variant_of(row.product, index).pk,
        quantity=seats,
        choice={"departure": row.pk},
        starts_at=row.starts_at,
        ends_at=row.ends_at,
    )


def count(line: Booked, **change: int) -> None:
    """What the engine does to the counter before it tells the kind."""
    key = f"seat:{line.choice['departure']}:{line.variant_id}"
    Supply.objects.filter(key=key).update(**{name: F(name) + by * line.quantity for name, by in change.items()})


def place(*lines: Booked) -> None:
    """Order seats."""
    for line in lines:
        count(line, free=-1, held=1)
    SEAT.placed(lines, now=NOW)


def pay(line: Booked) -> None:
    """Pay for them."""
    count(line, held=-1, sold=1)
    SEAT.paid([line], now=NOW)


def test_facts_by_variant_in_three_statements(bo: Shop) -> None:
    product = seat_product(bo)
    first = departure_of(product, fares=[70000, None])
    departure_of(product, starts_at=STARTS + timedelta(days=7))
    variants = [variant.pk for variant in product.variants.all()]
    with CaptureQueriesContext(
        connection,
    ) as asked:
        found = SEAT.load(variants)
    assert len(asked) == 3
    assert set(found) == set(variants)
    assert [at.price for at in found[variants[0]].leaving.values()] == [70000, None]
    assert found[variants[0]].cancellation == TABLE
    assert found[variants[0]].leaving[first.pk].words["real_name"] is True


def test_without_terms_it_is_not_on_offer(bo: Shop) -> None:
    product = product_of(bo.merchant, kind="seat")
    departure_of(product)
    assert SEAT.load([variant_of(product).pk]) == {}


def test_every_table_that_is_read_touches_the_shop(bo: Shop) -> None:
    product = seat_product(bo)
    row = departure_of(product)
    cabin = Cabin.objects.filter(departure=row).first()
    assert cabin is not None

    def touches(change: Callable[[], Any]) -> bool:
        before = ShopVersion.objects.get(merchant=bo.merchant).version
        change()
        return ShopVersion.objects.get(merchant=bo.merchant).version > before

    assert touches(lambda: Departure.objects.filter(pk=row.pk).update(meeting_point="T2"))
    assert touches(lambda: Cabin.objects.filter(pk=cabin.pk).update(price=1))
    assert touches(lambda: SeatTerms.objects.filter(pk=product.pk).update(real_name=False))
    assert touches(cabin.delete)
    assert not touches(lambda: Supply.objects.filter(key=row.key(cabin.variant_id)).update(free=9, put_in=9))


@pytest.mark.parametrize(
    "wrong",
    [
        {"ends_at": STARTS},
        {"sale_until": STARTS + timedelta(hours=1)},
        {"minimum": 5},
        {"decide_at": STARTS},
        {"state": "lost"},
    ],
    ids=["no length", "sold too long", "nothing decides", "nothing to decide", "no such state"],
)
def test_the_database_refuses(bo: Shop, wrong: dict[str, Any]) -> None:
    row = departure_of(seat_product(bo))
    with pytest.raises(IntegrityError), transaction.atomic():
        Departure.objects.filter(pk=row.pk).update(**wrong)


def test_a_departure_stands_once_unless_the_other_was_cancelled(bo: Shop) -> None:
    product = seat_product(bo)
    row = departure_of(product)
    with pytest.raises(IntegrityError), transaction.atomic():
        departure_of(product)
    Departure.objects.filter(pk=row.pk).update(state=CANCELLED)
    assert departure_of(product).pk != row.pk


def test_seats_are_held_paid_and_freed(bo: Shop) -> None:
    line = booked(departure_of(seat_product(bo)))
    place(line)
    held = Passage.objects.get()
    assert (held.line_id, held.standing, held.seats) == (line.line_id, "held", 2)
    pay(line)
    assert Passage.objects.get().standing == "paid"
    SEAT.freed([line], because="refund", now=NOW)
    assert Passage.objects.get().standing == "freed"
    # Money came late and the seats were still there.
    place(line)
    assert Passage.objects.get().standing == "held"


def test_the_group_that_becomes_complete_goes(bo: Shop) -> None:
    row = departure_of(seat_product(bo), minimum=4)
    first, second = booked(row, seats=3), booked(row, seats=1, index=1)
    place(first, second)
    pay(first)
    assert Departure.objects.get(pk=row.pk).state == OPEN
    pay(second)
    row.refresh_from_db()
    assert (row.state, row.due_at) == (CONFIRMED, None)
    told = Move.objects.get(subject_type="departure")
    assert (told.event, told.actor, told.facts) == ("confirm", "system", {"seats": 4, "minimum": 4})
    # It was promised: it goes, even if one of them cancels.
    SEAT.freed([first], because="cancel", now=NOW)
    row.refresh_from_db()
    assert row.state == CONFIRMED


def test_seats_that_come_back_on_a_cancelled_departure_are_not_sold_again(bo: Shop) -> None:
    row = departure_of(seat_product(bo))
    other = departure_of(row.product, starts_at=STARTS + timedelta(days=1))
    line = booked(row)
    SEAT.placed([line], now=NOW)
    SEAT.freed([line], because="expired", now=NOW)
    assert (seats_left(row), StockLog.objects.count()) == (10, 0)
    Departure.objects.filter(pk=row.pk).update(state=CANCELLED)
    SEAT.freed([line], because="expired", now=NOW)
    assert (seats_left(row), seats_left(row, 1), seats_left(other)) == (0, 0, 10)
    assert set(StockLog.objects.values_list("change", "because")) == {(-10, "departure_cancelled")}


def test_seats_move_to_another_departure(bo: Shop) -> None:
    row = departure_of(seat_product(bo))
    other = departure_of(row.product, starts_at=STARTS + timedelta(days=1))
    line = booked(row)
    place(line)
    pay(line)
    moved = booked(other)
    SEAT.moved(Booked(**{**{n: getattr(moved, n) for n in moved.__slots__}, "line_id": line.line_id}), now=NOW)
    assert list(Passage.objects.values_list("departure", "standing")) == [(other.pk, "paid")]


def test_the_page_shows_what_can_be_booked_in_a_fixed_number_of_statements(bo: Shop) -> None:
    product = seat_product(bo)
    for week in range(16):
        departure_of(product, starts_at=STARTS + timedelta(weeks=week), minimum=2)
    departure_of(product, starts_at=NOW + timedelta(hours=1))
    gone = departure_of(product, starts_at=STARTS + timedelta(days=1))
    Departure.objects.filter(pk=gone.pk).update(state=CANCELLED)
    with CaptureQueriesContext(connection) as asked:
        shown = show_departures(product.pk, {}, now=NOW)
    assert len(asked) == 5
    assert len(shown["departures"]) == 10 and shown["later"] is not None
    assert gone.pk not in {one.row.pk for one in shown["departures"]}
    following = show_departures(product.pk, {"from_day": shown["later"].isoformat()}, now=NOW)
    assert following["departures"][0].day == shown["later"] and following["later"] is None


def test_the_page_says_who_is_missing_and_what_is_left(bo: Shop) -> None:
    row = departure_of(seat_product(bo), minimum=6, seats=3, fares=[None, 150000])
    line = booked(row)
    place(line)
    pay(line)
    [one] = show_departures(row.product_id, {"choice.departure": str(row.pk)}, now=NOW)["departures"]
    assert (one.missing, one.confirmed, one.checked, one.free) == (4, False, True, 4)
    assert [(berth.label, berth.price.amount, berth.free, berth.few) for berth in one.berths] == [
        ("1号", 68000, 1, True),
        ("2号", 150000, 3, True),
    ]
    assert one.cheapest is not None and one.cheapest.amount == 68000
    assert (one.leaves, one.arrives, one.shift, one.zones) == ("10:00", "14:00", 0, "UTC+8 → UTC+9")


@pytest.mark.parametrize("asked", [{"choice.departure": "x" * 50}, {"choice.departure": "²"}, {"from_day": "soon"}])
def test_strange_questions_are_no_errors(bo: Shop, asked: dict[str, str]) -> None:
    product = seat_product(bo)
    departure_of(product)
    assert len(show_departures(product.pk, asked, now=NOW)["departures"]) == 1
