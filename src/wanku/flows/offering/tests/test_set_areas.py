"""Where a shop comes to."""

from dataclasses import replace

import pytest

from tests.cast import NOW, Shop
from wanku.audit.models import Act
from wanku.flows.offering.set_areas import set_areas
from wanku.kernel.refusal import Refusal
from wanku.kinds.visit.models import Area
from wanku.kinds.visit.rules import AreaData

pytestmark = pytest.mark.django_db
WEST = AreaData("杭州", "西湖区", 0)


def test_one_list_takes_the_place_of_the_other(bo: Shop) -> None:
    set_areas(bo.merchant.pk, [WEST, AreaData("杭州", "", 2000)], actor=bo.actor, now=NOW)
    set_areas(bo.merchant.pk, [replace(WEST, fee=500)], actor=bo.actor, now=NOW)
    assert list(Area.objects.values_list("city", "district", "fee")) == [("杭州", "西湖区", 500)]


def test_refusals(bo: Shop, cy: Shop) -> None:
    for areas, actor, code, field in (
        ([WEST], cy.actor, "not_allowed", None),
        ([WEST], replace(bo.actor, seats={bo.merchant.pk: "clerk"}), "not_allowed", None),
        ([replace(WEST, city=" ")], bo.actor, "bad_value", "areas.0.city"),
        ([replace(WEST, district="x" * 41)], bo.actor, "bad_value", "areas.0.district"),
        ([replace(WEST, fee=-1)], bo.actor, "bad_value", "areas.0.fee"),
        ([WEST, AreaData("杭州市", "西湖", 1)], bo.actor, "bad_value", "areas.1.district"),
        ([WEST] * 401, bo.actor, "bad_value", "areas"),
    ):
        with pytest.raises(Refusal) as caught:
            set_areas(bo.merchant.pk, areas, actor=actor, now=NOW)
        assert (caught.value.code.name, caught.value.field) == (code, field)
    assert not Area.objects.exists() and not Act.objects.exists()
