"""What taking over a file would do."""

import pytest

from tests.cast import NOW, Shop
from wanku.flows.offering.import_codes import import_codes
from wanku.flows.offering.preview_codes import preview_codes
from wanku.flows.offering.tests.test_receive_codes import receive
from wanku.kernel.refusal import Refusal
from wanku.kinds.issue.models import Licence, Source
from wanku.kinds.issue.tests.selling import plan_of, supply

pytestmark = pytest.mark.django_db


def test_every_fault_is_named_by_its_row(bo: Shop, cy: Shop) -> None:
    plan = plan_of(bo.merchant, source=Source.POOL, stock=0)
    import_codes(receive(bo, plan, b"code\nKNOWN-0001\n").pk, actor=bo.actor, now=NOW)
    lines = [b"code", b"AAAA-1111", b"known 0001", b"aaaa1111", b"short", b"X" * 201, b"BBBB-2222"]
    file = receive(bo, plan, b"\n".join(lines))
    _, rows = preview_codes(file.pk, actor=bo.actor, now=NOW)
    assert [(row.number, row.fault.code.name if row.fault else "") for row in rows] == [
        (2, ""),
        (3, "code_known"),
        (4, "code_twice"),
        (5, "code_length"),
        (6, "code_length"),
        (7, ""),
    ]
    assert rows[2].fault is not None and rows[2].fault.facts == {"tail": "1111", "other": 2}
    assert Licence.objects.count() == 1 == supply(plan).free
    with pytest.raises(Refusal) as no:
        preview_codes(file.pk, actor=cy.actor, now=NOW)
    assert no.value.code.name == "not_found"


def test_what_another_shop_has_is_none_of_ones_business(bo: Shop, cy: Shop) -> None:
    theirs, ours = (plan_of(shop.merchant, source=Source.POOL, stock=0) for shop in (cy, bo))
    import_codes(receive(cy, theirs).pk, actor=cy.actor, now=NOW)
    _, rows = preview_codes(receive(bo, ours).pk, actor=bo.actor, now=NOW)
    assert [row.fault for row in rows] == [None, None]


def test_a_file_that_was_taken_over_has_no_preview(bo: Shop) -> None:
    file = receive(bo, plan_of(bo.merchant, source=Source.POOL, stock=0))
    import_codes(file.pk, actor=bo.actor, now=NOW)
    with pytest.raises(Refusal):
        preview_codes(file.pk, actor=bo.actor, now=NOW)
