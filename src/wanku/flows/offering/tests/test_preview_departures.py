"""A table of departures, looked at first."""

from dataclasses import replace

import pytest

from tests.cast import NOW, Shop, product_of
from wanku.flows.offering.preview_departures import preview_departures
from wanku.flows.offering.tests.departures import picture
from wanku.kernel.refusal import Refusal
from wanku.kinds.seat.tests.world import seat_product

pytestmark = pytest.mark.django_db
HEAD = "sku,starts,ends,origin,destination,seats,price,minimum,decide_hours,sale_hours,zone_from,zone_to,meeting_point"
DAY = "2026-12-24 09:30,2026-12-24 13:20"


def told(bo: Shop, text: str) -> list[tuple[int, str, str]]:
    outcome = preview_departures(bo.merchant.pk, text.encode(), actor=bo.actor, now=NOW)
    return [(fault.row, fault.column, fault.refusal.code.name) for fault in outcome.faults]


def named(bo: Shop) -> None:
    for product, skus in ((seat_product(bo), ("ECO", "BUS")), (seat_product(bo, slug="tour"), ("WALK", "RIDE"))):
        for variant, sku in zip(product.variants.all(), skus, strict=True):
            variant.sku = sku
            variant.save()
    product_of(bo.merchant)


CASES = [
    ("ECO,,2026-12-24 13:20,上海,东京,5,,,,,,,", [(2, "starts", "cell_missing")]),
    ("ECO,tomorrow,2026-12-24 13:20,上海,东京,5,,,,,,,", [(2, "starts", "bad_value")]),
    ("ECO,2026-02-30 09:30,2026-12-24 13:20,上海,东京,5,,,,,,,", [(2, "starts", "bad_value")]),
    ("ECO,0001-01-01 00:00,2026-12-24 13:20,上海,东京,5,,,,,,,", [(2, "starts", "bad_value")]),
    ("ECO,2026-11-01 09:30,2026-11-01 13:20,上海,东京,5,,,,,,,", [(2, "starts", "bad_value")]),
    ("ECO,2026-12-24 09:30,,上海,东京,5,,,,,,,", [(2, "ends", "cell_missing")]),
    ("ECO,2026-12-24 09:30,2026-12-24 09:00,上海,东京,5,,,,,,,", [(2, "ends", "bad_value")]),
    ("ECO,2026-12-24 09:30,2026-12-20 09:00,上海,东京,5,,,,,,,", [(2, "ends", "bad_value")]),
    (f",{DAY},上海,东京,5,,,,,,,", [(2, "sku", "cell_missing")]),
    (f"NONE,{DAY},上海,东京,5,,,,,,,", [(2, "sku", "no_seat_sku")]),
    (f"ECO,{DAY},,东京,5,,,,,,,", [(2, "origin", "cell_missing")]),
    (f"ECO,{DAY},{'x' * 41},东京,5,,,,,,,", [(2, "origin", "cell_too_long")]),
    (f"ECO,{DAY},上海,东京,,,,,,,,", [(2, "seats", "cell_missing")]),
    (f"ECO,{DAY},上海,东京,2001,,,,,,,", [(2, "seats", "cell_no_number")]),
    (f"ECO,{DAY},上海,东京,5,free,,,,,,", [(2, "price", "cell_no_price")]),
    (f"ECO,{DAY},上海,东京,5,,6,,,,,", [(2, "minimum", "bad_value")]),
    (f"ECO,{DAY},上海,东京,5,,2,2000,,,,", [(2, "decide_hours", "bad_value")]),
    (f"ECO,{DAY},上海,东京,5,,,,2000,,,", [(2, "sale_hours", "bad_value")]),
    (f"ECO,{DAY},上海,东京,5,,,,,Mars,,", [(2, "zone_from", "bad_value"), (2, "zone_to", "bad_value")]),
    (f"ECO,{DAY},上海,东京,5,,,,,,,\nECO,,,,,5,,,,,,,", [(3, "sku", "sku_twice")]),
    (f"ECO,{DAY},上海,东京,5,,,,,,,\nWALK,,,,,5,,,,,,,", [(3, "sku", "other_journey")]),
    (f"ECO,{DAY},上海,东京,5,,,,,,,\nBUS,,,,,-1,x,,,,,,",
     [(3, "seats", "cell_no_number"), (3, "price", "cell_no_price")]),
    (f"ECO,{DAY},上海,东京,5,,,,,,,\nBUS,,,,,5,,,,,,,", []),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "faults"), CASES, ids=range(len(CASES)))
def test_what_is_wrong_is_named_by_row_and_column(bo: Shop, rows: str, faults: list[tuple[int, str, str]]) -> None:
    named(bo)
    before = picture()
    assert told(bo, f"{HEAD}\n{rows}") == faults
    assert picture() == before


def test_headings_are_named_as_the_file_has_them(bo: Shop) -> None:
    named(bo)
    head = "SKU,出发时间,到达时间,出发地,目的地,座位数"
    assert told(bo, f"{head}\nECO,{DAY},上海,东京,many") == [(2, "座位数", "cell_no_number")]


def test_a_product_without_terms(bo: Shop) -> None:
    product_of(bo.merchant, kind="seat", slug="bare").variants.update(sku="BARE")
    assert told(bo, f"{HEAD}\nBARE,{DAY},上海,东京,5,,,,,,,") == [(2, "", "no_terms")]


def test_who_may_not(bo: Shop, cy: Shop) -> None:
    for actor in (cy.actor, replace(bo.actor, seats={bo.merchant.pk: "clerk"})):
        with pytest.raises(Refusal, match="not_allowed"):
            preview_departures(bo.merchant.pk, f"{HEAD}\nECO,{DAY},a,b,1,,,,,,,".encode(), actor=actor, now=NOW)
