"""Nights from a table."""

from dataclasses import replace

import pytest

from tests.cast import NOW, Shop
from wanku.audit.models import Act
from wanku.flows.offering.import_nights import import_nights
from wanku.inventory.models import StockLog, Supply
from wanku.kernel.refusal import Refusal
from wanku.kinds.stay.models import Night, Property
from wanku.kinds.stay.tests.houses import house_of

pytestmark = pytest.mark.django_db
HEAD = "room,date,price,closed,rooms,min_nights\n"
GOOD = f"{HEAD}1号房,2026-11-20,888,,,2\n1号房,2026/11/21,888,,,2\n2号房,2026-11-20,,yes,1,\n".encode()


@pytest.fixture
def house(bo: Shop) -> Property:
    return house_of(bo.merchant, prices=(50_000, 80_000), ahead_days=30, nights=32)


def special() -> list[tuple[str, int, int | None, bool, int | None]]:
    rows = Night.objects.order_by("room__position", "date")
    return [(n.room.name, n.date.day, n.price, n.closed, n.min_nights) for n in rows.select_related("room")]


def test_all_rows_are_taken_over(bo: Shop, house: Property) -> None:
    assert import_nights(house.pk, GOOD, actor=bo.actor, now=NOW) == 3
    assert special() == [
        ("1号房", 20, 88_800, False, 2),
        ("1号房", 21, 88_800, False, 2),
        ("2号房", 20, None, True, None),
    ]
    assert Supply.objects.get(key__endswith="2026-11-20", put_in=1).free == 1
    assert Act.objects.get(verb="import_nights").facts == {"nights": 3}
    # Sent again, nothing changes.
    log = StockLog.objects.count()
    import_nights(house.pk, GOOD, actor=bo.actor, now=NOW)
    assert len(special()) == 3
    assert StockLog.objects.count() == log


def test_chinese_headings(bo: Shop, house: Property) -> None:
    content = "房型,日期,价格,停售\n1号房,2026-11-20,666,否\n".encode()
    import_nights(house.pk, content, actor=bo.actor, now=NOW)
    assert special() == [("1号房", 20, 66_600, False, None)]


def test_refusals_change_nothing(bo: Shop, cy: Shop, house: Property) -> None:
    for content, actor, code in (
        (GOOD, cy.actor, "not_found"),
        (GOOD, replace(bo.actor, seats={bo.merchant.pk: "clerk"}), "not_allowed"),
        (b"\x00\x01", bo.actor, "file_unreadable"),
        (b"a,b\n1,2\n", bo.actor, "no_night_columns"),
        (GOOD + "1号房,2026-11-20,1,,,\n".encode(), bo.actor, "faulty_rows"),
        (GOOD + "3号房,2026-11-22,1,,,\n".encode(), bo.actor, "faulty_rows"),
    ):
        with pytest.raises(Refusal) as caught:
            import_nights(house.pk, content, actor=actor, now=NOW)
        assert caught.value.code.name == code
    assert special() == []
    assert not Supply.objects.filter(key__startswith="night:").exclude(put_in=2).exists()
