"""Codes into the pool."""

from dataclasses import replace

import pytest

from tests.at_once import at_once
from tests.cast import NOW, Shop
from wanku.audit.models import Act
from wanku.flows.offering.import_codes import import_codes
from wanku.flows.offering.tests.test_receive_codes import receive
from wanku.inventory.models import StockLog
from wanku.kernel.refusal import Refusal
from wanku.kinds.issue import codes
from wanku.kinds.issue.models import Licence, Source
from wanku.kinds.issue.tests.selling import plan_of, supply


@pytest.mark.django_db
def test_the_counter_rises_by_the_codes_that_came(bo: Shop) -> None:
    plan = plan_of(bo.merchant, source=Source.POOL, stock=2)
    file = import_codes(receive(bo, plan, b"code\nAAAA-1111\nBBBB-2222\nbbbb2222\n").pk, actor=bo.actor, now=NOW)
    assert (file.outcome, file.sealed) == ({"added": 2, "skipped": 1}, "")
    assert supply(plan).free == 4 == Licence.objects.filter(plan=plan, state="free").count()
    assert StockLog.objects.get().change == 2 == Act.objects.get(verb="import_codes").facts["added"]
    kept = [row.sealed for row in Licence.objects.all()]
    assert not any("1111" in text for text in kept)
    assert "AAAA-1111" in [codes.opened(text) for text in kept]
    again = import_codes(file.pk, actor=bo.actor, now=NOW)
    assert again.outcome == file.outcome and supply(plan).free == 4


@pytest.mark.django_db
def test_strangers_import_nothing(bo: Shop, cy: Shop) -> None:
    plan = plan_of(bo.merchant, source=Source.POOL, stock=0)
    file = receive(bo, plan)
    clerk = replace(bo.actor, seats={bo.merchant.pk: "clerk"})
    for actor, name in ((cy.actor, "not_found"), (clerk, "not_allowed")):
        with pytest.raises(Refusal) as no:
            import_codes(file.pk, actor=actor, now=NOW)
        assert no.value.code.name == name
    assert not Licence.objects.exists() and supply(plan).free == 0


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_the_same_codes_bring_them_once(bo: Shop) -> None:
    one, two = (plan_of(bo.merchant, source=Source.POOL, stock=0) for _ in range(2))
    files = [receive(bo, one), receive(bo, two)]
    results = at_once(*(lambda file=file: import_codes(file.pk, actor=bo.actor, now=NOW) for file in files))
    assert not [each for each in results if isinstance(each, Exception)]
    assert Licence.objects.count() == 2 == supply(one).free + supply(two).free
