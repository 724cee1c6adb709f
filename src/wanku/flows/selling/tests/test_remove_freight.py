"""Removing freight templates."""

from dataclasses import replace

import pytest

from tests.cast import NOW, Shop
from wanku.flows.selling.remove_freight import remove_freight
from wanku.flows.selling.save_freight import save_freight
from wanku.flows.selling.tests.test_save_freight import GOOD
from wanku.kernel.refusal import Refusal
from wanku.pricing.models import FreightTemplate

pytestmark = pytest.mark.django_db


def test_the_one_in_force_goes_last(bo: Shop, cy: Shop) -> None:
    first = save_freight(bo.merchant.pk, GOOD, template_id=None, actor=bo.actor, now=NOW)
    second = save_freight(bo.merchant.pk, replace(GOOD, name="B"), template_id=None, actor=bo.actor, now=NOW)
    for merchant, actor, code in (
        (bo.merchant, cy.actor, "not_allowed"),
        (cy.merchant, cy.actor, "not_found"),
        (bo.merchant, bo.actor, "freight_in_force"),
    ):
        with pytest.raises(Refusal) as caught:
            remove_freight(merchant.pk, first.pk, actor=actor, now=NOW)
        assert caught.value.code.name == code
    remove_freight(bo.merchant.pk, second.pk, actor=bo.actor, now=NOW)
    remove_freight(bo.merchant.pk, first.pk, actor=bo.actor, now=NOW)
    assert not FreightTemplate.objects.exists()
