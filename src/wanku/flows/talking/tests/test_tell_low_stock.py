"""Low stock: told once per fall."""

from datetime import timedelta

import pytest

from tests.at_once import at_once
from tests.cast import NOW, Shop, product_of, variant_of
from wanku.flows.talking.tell_low_stock import tell_low_stock
from wanku.inventory.models import Supply
from wanku.notices.models import Notice


def fall(supply: Supply, hours: int = 0) -> None:
    """The counter reaches its threshold."""
    Supply.objects.filter(pk=supply.pk).update(low_since=NOW + timedelta(hours=hours, microseconds=123456))


def test_once_per_fall(bo: Shop) -> None:
    variant = variant_of(product_of(bo.merchant, stock=3))
    supply = Supply.objects.get(key=variant.supply_key)
    later = NOW + timedelta(hours=9)
    assert tell_low_stock(now=later, limit=10) == 0
    fall(supply)
    assert tell_low_stock(now=later, limit=10) == 1
    assert tell_low_stock(now=later, limit=10) == 0
    notice = Notice.objects.get()
    assert (notice.reader, notice.kind, notice.channel) == (f"merchant:{bo.merchant.pk}", "stock_low", "in_app")
    assert (notice.facts["left"], notice.facts["sku"]) == (3, variant.sku)
    fall(supply, hours=1)
    assert tell_low_stock(now=later, limit=10) == 1
    assert tell_low_stock(now=later + timedelta(days=30), limit=10) == 0


def test_only_of_counters_in_use(bo: Shop) -> None:
    told, planned = (variant_of(product_of(bo.merchant, stock=0, kind=kind)) for kind in ("issue", "stay"))
    for variant in (told, planned):
        fall(Supply.objects.get(key=variant.supply_key))
    fall(Supply.objects.create(merchant=bo.merchant, key="night:1:2026-11-11"))
    assert tell_low_stock(now=NOW + timedelta(hours=1), limit=10) == 1
    assert Notice.objects.get().facts["sku"] == told.sku


@pytest.mark.django_db(transaction=True)
def test_two_sweepers_tell_once(bo: Shop) -> None:
    for _ in range(5):
        fall(Supply.objects.get(key=variant_of(product_of(bo.merchant)).supply_key))
    done = at_once(*[lambda: tell_low_stock(now=NOW + timedelta(hours=1), limit=10)] * 2)
    assert all(isinstance(count, int) for count in done), done
    assert Notice.objects.count() == 5
