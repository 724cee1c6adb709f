"""Departures from a table: all of it or nothing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.cast import NOW, Shop
from wanku.audit.models import Act
from wanku.catalog.models import Product
from wanku.flows.offering._sheet import Outcome
from wanku.flows.offering.import_departures import import_departures
from wanku.flows.offering.tests.departures import picture
from wanku.inventory.models import Supply
from wanku.kernel.refusal import Refusal
from wanku.kinds.seat.models import Cabin, Departure
from wanku.kinds.seat.states import CONFIRMED, OPEN
from wanku.kinds.seat.tests.world import seat_product

pytestmark = pytest.mark.django_db
HEAD = "sku,starts,ends,origin,destination,seats,price,minimum,decide_hours,sale_hours,zone_from,zone_to,meeting_point"


@pytest.fixture
def flight(bo: Shop) -> Product:
    product = seat_product(bo)
    for variant, sku in zip(product.variants.all(), ("ECO", "BUS"), strict=True):
        variant.sku = sku
        variant.save()
    return product


def taken(bo: Shop, *rows: str, head: str = HEAD) -> Outcome:
    return import_departures(bo.merchant.pk, "\n".join([head, *rows]).encode(), actor=bo.actor, now=NOW)


def test_a_row_for_each_cabin(bo: Shop, flight: Product) -> None:
    outcome = taken(
        bo,
        "ECO,2026-12-24 09:30,2026-12-24 13:20,上海,东京,150,,,,,,Asia/Tokyo,T2",
        "BUS,,,,,12,2100.00,,,,,,",
        "ECO,2026/12/25 9:30,2026/12/25 13:20,上海,东京,150,700,8,48,5,,Asia/Tokyo,",
        "BUS,2026/12/25 9:30,,上海,东京,6,,,,,,,",
    )
    assert (outcome.count("create"), outcome.faults, outcome.ignored) == (2, (), ())
    first, second = Departure.objects.order_by("starts_at")
    assert (first.starts_at, first.ends_at) == (
        datetime(2026, 12, 24, 1, 30, tzinfo=UTC),
        datetime(2026, 12, 24, 4, 20, tzinfo=UTC),
    )
    assert (first.state, first.minimum, first.zone_from, first.meeting_point) == (CONFIRMED, 1, "Asia/Shanghai", "T2")
    assert first.sale_until == first.starts_at - timedelta(hours=2)
    assert (second.state, second.minimum, second.due_at) == (OPEN, 8, second.starts_at - timedelta(hours=48))
    assert second.sale_until == second.starts_at - timedelta(hours=5)
    prices = Cabin.objects.order_by("departure__starts_at", "pk").values_list("variant__sku", "price")
    assert list(prices) == [("ECO", None), ("BUS", 210_000), ("ECO", 70_000), ("BUS", None)]
    keys = [first.key(cabin.variant_id) for cabin in first.cabins.all()]
    assert list(Supply.objects.filter(key__in=keys).order_by("-free").values_list("free", flat=True)) == [150, 12]
    assert Act.objects.get(verb="import_departures").facts == {"create": 2, "update": 0, "same": 0}


def test_the_same_table_again_changes_nothing(bo: Shop, flight: Product) -> None:
    row = "ECO,2026-12-24 09:30,2026-12-24 13:20,上海,东京,150,,,,,,,"
    taken(bo, row)
    counted = list(Supply.objects.values_list("key", "put_in"))
    outcome = taken(bo, row.replace(",150,", ",99,"))
    assert (outcome.count("create"), outcome.count("same")) == (0, 1)
    assert Departure.objects.count() == 1
    assert list(Supply.objects.values_list("key", "put_in")) == counted


def test_chinese_headings_and_times_of_a_round_tour(bo: Shop, flight: Product) -> None:
    head = "SKU,出发时间,到达时间,出发地,目的地,座位数,成团人数,备注"
    outcome = taken(bo, "ECO,2027年4月3日 8:00,2027年4月4日 17:30,杭州,杭州,20,8,赏花", head=head)
    assert outcome.ignored == ("备注",)
    row = Departure.objects.get()
    assert (row.minimum, row.ends_at - row.starts_at) == (8, timedelta(hours=33, minutes=30))


def test_refusals_change_nothing(bo: Shop, cy: Shop, flight: Product) -> None:
    good = "ECO,2026-12-24 09:30,2026-12-24 13:20,上海,东京,150,,,,,,,"
    bad = "NONE,2026-12-25 09:30,2026-12-25 13:20,上海,东京,150,,,,,,,"
    clerk = replace(bo.actor, seats={bo.merchant.pk: "clerk"})
    before = picture()
    for content, actor, code in (
        (f"{HEAD}\n{good}", cy.actor, "not_allowed"),
        (f"{HEAD}\n{good}", clerk, "not_allowed"),
        ("\x00\x01", bo.actor, "file_unreadable"),
        (HEAD, bo.actor, "file_empty"),
        ("sku,starts\nECO,2026-12-24 09:30", bo.actor, "headings_missing"),
        (f"{HEAD}\n" + f"{good}\n" * 401, bo.actor, "too_many_rows"),
        (f"{HEAD}\n{good}\n" + "x" * 2 * 1024 * 1024, bo.actor, "file_too_big"),
        (f"{HEAD}\n{good}\n{bad}", bo.actor, "faulty_rows"),
    ):
        with pytest.raises(Refusal) as no:
            import_departures(bo.merchant.pk, content.encode(), actor=actor, now=NOW)
        assert (no.value.code.name, picture()) == (code, before)
    # SKUs are those of one's own shop.
    with pytest.raises(Refusal, match="faulty_rows"):
        import_departures(cy.merchant.pk, f"{HEAD}\n{good}".encode(), actor=cy.actor, now=NOW)
    assert picture() == before
