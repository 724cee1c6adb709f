"""What a variant grants."""

from dataclasses import replace
from typing import Any

import pytest

from tests.bought import paid
from tests.cast import NOW, Shop, product_of, variant_of
from wanku.access.actor import Actor
from wanku.audit.models import Act
from wanku.flows.licensing.tests.bought_licences import bought, licences_of, plan_of
from wanku.flows.offering.set_licence_plan import PlanData, set_licence_plan
from wanku.flows.proving.prove_books import prove_books
from wanku.flows.selling.restock_variant import restock_variant
from wanku.inventory.models import Supply
from wanku.kernel.refusal import Refusal
from wanku.kinds.issue.models import LicencePlan
from wanku.kinds.issue.signing import public_keys

pytestmark = pytest.mark.django_db
DATA = PlanData(source="signed", edition=" 专业版 ", term_days=365, seats=5, machines=2)


def test_a_product_becomes_one_of_licences(bo: Shop) -> None:
    product = product_of(bo.merchant)
    Supply.objects.all().delete()
    plan = set_licence_plan(product.pk, variant_of(product).pk, DATA, actor=bo.actor, now=NOW)
    product.refresh_from_db()
    assert (product.kind, plan.edition, plan.term_days, plan.machines) == ("issue", "专业版", 365, 2)
    assert Supply.objects.get().key == f"sku:{plan.pk}" and len(public_keys(bo.merchant.pk)) == 1
    assert Act.objects.get().verb == "set_licence_plan"


def test_what_was_sold_keeps_what_it_grants(ann_actor: Actor, bo: Shop) -> None:
    plan = plan_of(bo.merchant, edition="旧版", machines=3)
    order = bought(ann_actor, plan)
    set_licence_plan(plan.variant.product_id, plan.pk, DATA, actor=bo.actor, now=NOW)
    (licence,) = licences_of(order)
    assert (licence.edition, licence.machines) == ("旧版", 3)


def test_refusals(ann_actor: Actor, bo: Shop, cy: Shop) -> None:
    product, other, ordered = product_of(bo.merchant), product_of(bo.merchant), product_of(bo.merchant)
    paid(ann_actor, (ordered, 1))
    clerk = replace(bo.actor, seats={bo.merchant.pk: "clerk"})
    variant = variant_of(product).pk
    cases: list[tuple[int, int, PlanData, Any, str]] = [
        (product.pk, variant, DATA, cy.actor, "not_found"),
        (product.pk, variant, DATA, clerk, "not_allowed"),
        (product.pk, variant_of(other).pk, DATA, bo.actor, "not_found"),
        (ordered.pk, variant_of(ordered).pk, DATA, bo.actor, "ordered_as_another_kind"),
        (product.pk, variant, replace(DATA, source="x"), bo.actor, "bad_value"),
        (product.pk, variant, replace(DATA, edition=""), bo.actor, "bad_value"),
        (product.pk, variant, replace(DATA, term_days=0), bo.actor, "bad_value"),
        (product.pk, variant, replace(DATA, seats=0, machines=1001), bo.actor, "bad_value"),
    ]
    fields = []
    for product_id, variant_id, data, actor, name in cases:
        with pytest.raises(Refusal) as no:
            set_licence_plan(product_id, variant_id, data, actor=actor, now=NOW)
        assert no.value.code.name == name
        fields += [each.field for each in no.value.every() if name == "bad_value"]
    assert fields == ["source", "edition", "term_days", "seats", "machines"]
    product.refresh_from_db()
    assert product.kind == "ship" and not LicencePlan.objects.exists() and not Act.objects.exists()


def test_where_codes_come_from_stays_once_there_are_some(ann_actor: Actor, bo: Shop) -> None:
    plan = plan_of(bo.merchant)
    set_licence_plan(plan.variant.product_id, plan.pk, replace(DATA, source="pool"), actor=bo.actor, now=NOW)
    assert Supply.objects.get().free == 0 and all(check.holds for check in prove_books()), "no codes, none to sell"
    set_licence_plan(plan.variant.product_id, plan.pk, DATA, actor=bo.actor, now=NOW)
    restock_variant(plan.pk, 5, because="", actor=bo.actor, now=NOW)
    bought(ann_actor, plan)
    with pytest.raises(Refusal) as no:
        set_licence_plan(plan.variant.product_id, plan.pk, replace(DATA, source="pool"), actor=bo.actor, now=NOW)
    assert no.value.code.name == "source_fixed"
    assert LicencePlan.objects.get().source == "signed"


def test_pieces_in_unpaid_orders_keep_it_from_becoming_a_pool(ann_actor: Actor, bo: Shop) -> None:
    plan = plan_of(bo.merchant)
    Supply.objects.update(free=8, held=2)
    with pytest.raises(Refusal) as no:
        set_licence_plan(plan.variant.product_id, plan.pk, replace(DATA, source="pool"), actor=bo.actor, now=NOW)
    assert no.value.code.name == "stock_held"
    assert LicencePlan.objects.get().source == "signed" and Supply.objects.get().free == 8
