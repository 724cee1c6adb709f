"""Freight templates: one in force, rows that make sense."""

from dataclasses import replace

import pytest

from tests.cast import NOW, Shop
from wanku.flows.selling.save_freight import save_freight
from wanku.kernel.refusal import Refusal
from wanku.pricing.freight import Rate
from wanku.pricing.models import FreightTemplate
from wanku.pricing.template_rules import TemplateData

pytestmark = pytest.mark.django_db
MARS = Rate(("Mars",), 1, 1000, 1, 200)
REST = Rate((), 1, 1000, 1, 200)
GOOD = TemplateData("标准", "count", (Rate(("西藏自治区",), 1, 2000, 1, 500), REST), free_from=9900)


def test_the_first_is_in_force_until_another_is(bo: Shop) -> None:
    first = save_freight(bo.merchant.pk, GOOD, template_id=None, actor=bo.actor, now=NOW)
    second = save_freight(bo.merchant.pk, replace(GOOD, name="B"), template_id=None, actor=bo.actor, now=NOW)
    assert [t.is_default for t in FreightTemplate.objects.order_by("pk")] == [True, False]
    save_freight(bo.merchant.pk, replace(GOOD, is_default=True), template_id=second.pk, actor=bo.actor, now=NOW)
    assert FreightTemplate.objects.get(is_default=True) == second
    assert second.rates.count() == 2
    # A template in force stays so when it is edited.
    save_freight(bo.merchant.pk, GOOD, template_id=second.pk, actor=bo.actor, now=NOW)
    assert FreightTemplate.objects.get(is_default=True) == second
    assert first.rates.first() is not None


def test_refusals(bo: Shop, cy: Shop) -> None:
    theirs = save_freight(cy.merchant.pk, GOOD, template_id=None, actor=cy.actor, now=NOW)
    for told, template, actor, code, field in (
        (GOOD, None, cy.actor, "not_allowed", None),
        (GOOD, None, replace(bo.actor, seats={bo.merchant.pk: "clerk"}), "not_allowed", None),
        (GOOD, theirs.pk, bo.actor, "not_found", None),
        (replace(GOOD, name=" "), None, bo.actor, "bad_value", "name"),
        (replace(GOOD, by="size"), None, bo.actor, "bad_value", "by"),
        (replace(GOOD, free_from=0), None, bo.actor, "bad_value", "free_from"),
        (replace(GOOD, rates=()), None, bo.actor, "bad_value", "rates"),
        (replace(GOOD, rates=(REST, REST)), None, bo.actor, "bad_value", "rates.1.provinces"),
        (
            replace(GOOD, rates=(MARS, REST)),
            None,
            bo.actor,
            "bad_value",
            "rates.0.provinces",
        ),
        (replace(GOOD, rates=(replace(REST, first=0),)), None, bo.actor, "bad_value", "rates.0.first"),
        (replace(GOOD, rates=(replace(REST, step_fee=-1),)), None, bo.actor, "bad_value", "rates.0.first_fee"),
        (replace(GOOD, rates=(GOOD.rates[0], GOOD.rates[0], REST)), None, bo.actor, "bad_value", "rates.1.provinces"),
        (replace(GOOD, rates=(REST,) * 41), None, bo.actor, "bad_value", "rates"),
    ):
        with pytest.raises(Refusal) as caught:
            save_freight(bo.merchant.pk, told, template_id=template, actor=actor, now=NOW)
        assert (caught.value.code.name, caught.value.field) == (code, field)
    assert FreightTemplate.objects.count() == 1
