"""A table of nights, looked at first."""

from dataclasses import replace

import pytest

from tests.cast import NOW, Shop
from wanku.flows.offering.preview_nights import preview_nights
from wanku.kernel.refusal import Refusal
from wanku.kinds.stay.models import Night
from wanku.kinds.stay.tests.houses import house_of

pytestmark = pytest.mark.django_db
ROWS = (
    ("1号房,2026-11-20,888,,,", None),
    ("9号房,2026-11-20,888,,,", "bad_value"),
    ("1号房,soon,888,,,", "bad_value"),
    ("1号房,2026-11-20,1,,,", "bad_value"),
    ("1号房,2026-11-21,free,,,", "cell_no_price"),
    ("1号房,2026-11-21,,maybe,,", "cell_no_choice"),
    ("1号房,2026-11-21,,,-1,", "cell_no_number"),
    ("1号房,2026-11-21,,,,", "bad_value"),
    ("1号房,2026-11-10,1,,,", "bad_value"),
    ("1号房,2027-11-10,1,,,", "bad_value"),
    ("1号房,2026-11-22,,no,0,3", None),
)


def test_each_row_says_what_becomes_of_it_or_what_is_wrong(bo: Shop) -> None:
    house = house_of(bo.merchant, ahead_days=30, nights=32)
    content = "\n".join(["room,date,price,closed,rooms,min_nights", *(row for row, _ in ROWS)]).encode()
    lines = preview_nights(house.pk, content, actor=bo.actor, now=NOW)
    assert [line.fault.code.name if line.fault else None for line in lines] == [code for _, code in ROWS]
    assert [line.number for line in lines] == list(range(2, len(ROWS) + 2))
    assert not Night.objects.exists()


def test_refusals(bo: Shop, cy: Shop) -> None:
    house = house_of(bo.merchant)
    content = b"room,date,price\nx,2026-11-20,1\n"
    for told, actor, code in (
        (content, cy.actor, "not_found"),
        (content, replace(bo.actor, seats={bo.merchant.pk: "clerk"}), "not_allowed"),
        (b"", bo.actor, "file_empty"),
        (b"room,price\nx,1\n", bo.actor, "no_night_columns"),
    ):
        with pytest.raises(Refusal) as caught:
            preview_nights(house.pk, told, actor=actor, now=NOW)
        assert caught.value.code.name == code
