"""A product becomes a service."""

from dataclasses import replace

import pytest

from tests.cast import NOW, Shop, product_of, variant_of
from tests.visits import hours_of, salon_of
from wanku.access.actor import Actor
from wanku.audit.models import Act
from wanku.flows.offering.set_service import set_service
from wanku.inventory.models import Supply
from wanku.kernel.refusal import Refusal
from wanku.kinds.visit.load import load_facts
from wanku.kinds.visit.models import Item, Longer, Service
from wanku.kinds.visit.rules import ServiceData

pytestmark = pytest.mark.django_db


def test_it_is_booked_as_it_says(bo: Shop) -> None:
    salon = salon_of(bo, "王")
    product = product_of(bo.merchant, "剪发", prices=(6800, 12_800), stock=0, add_ons=(("护理", 3000), ("茶", 0)))
    short, long = product.variants.all()
    care, tea = product.add_ons.order_by("position")
    data = ServiceData(
        "shop", {short.pk: 2, long.pk: 5}, {care.pk: 1, tea.pk: 0}, " 湖滨路 1 号 ", 1, 30, 30, [{"hours": 1, "bp": 0}]
    )
    opened = Supply.objects.count()
    service = set_service(product.pk, data, actor=bo.actor, now=NOW)
    product.refresh_from_db()
    assert product.kind == "visit" and service.shop_address == "湖滨路 1 号"
    facts = load_facts([short.pk, long.pk])
    assert (facts[short.pk].quarters, facts[long.pk].quarters, facts[long.pk].longer) == (2, 5, {care.pk: 1})
    # It reaches further ahead than the shop's other service, so its people's calendars do too.
    assert Supply.objects.count() == opened + 16 * 32
    assert hours_of(salon.people[0])["free"] == 32
    set_service(product.pk, replace(data, quarters={long.pk: 4}, longer={}), actor=bo.actor, now=NOW)
    assert list(load_facts([short.pk, long.pk])) == [long.pk]
    assert not Longer.objects.filter(add_on=care).exists()
    assert Act.objects.filter(verb="set_service").count() == 2


def test_refusals(bo: Shop, cy: Shop, ann_actor: Actor) -> None:
    product, theirs = product_of(bo.merchant), product_of(cy.merchant)
    variant = variant_of(product)
    good = ServiceData("home", {variant.pk: 4})
    cases: list[tuple[ServiceData, int, Actor, str, str | None]] = [
        (good, theirs.pk, bo.actor, "not_found", None),
        (good, product.pk, ann_actor, "not_found", None),
        (good, product.pk, replace(bo.actor, seats={bo.merchant.pk: "clerk"}), "not_allowed", None),
        (replace(good, quarters={variant_of(theirs).pk: 4}), product.pk, bo.actor, "bad_value", "quarters"),
        (replace(good, longer={99: 1}), product.pk, bo.actor, "bad_value", "longer"),
        (replace(good, place="moon"), product.pk, bo.actor, "bad_value", "place"),
        (replace(good, place="either"), product.pk, bo.actor, "bad_value", "shop_address"),
        (replace(good, step=3), product.pk, bo.actor, "bad_value", "step"),
        (replace(good, lead_minutes=-1), product.pk, bo.actor, "bad_value", "lead_minutes"),
        (replace(good, days_ahead=61), product.pk, bo.actor, "bad_value", "days_ahead"),
        (replace(good, quarters={}), product.pk, bo.actor, "bad_value", "quarters"),
        (replace(good, quarters={variant.pk: 49}), product.pk, bo.actor, "bad_value", f"quarters.{variant.pk}"),
        (replace(good, longer={5: 17}), product.pk, bo.actor, "bad_value", "longer.5"),
        (replace(good, cancellation=[{"hours": 1, "bp": 10_001}]), product.pk, bo.actor, "bad_value", "cancellation"),
        (
            replace(good, cancellation=[{"hours": 9, "bp": 50}, {"hours": 1, "bp": 0}]),
            product.pk,
            bo.actor,
            "bad_value",
            "cancellation",
        ),
    ]
    for data, product_id, actor, code, field in cases:
        with pytest.raises(Refusal) as caught:
            set_service(product_id, data, actor=actor, now=NOW)
        assert (caught.value.code.name, caught.value.field) == (code, field), data
    product.refresh_from_db()
    assert product.kind == "ship"
    assert not Service.objects.exists() and not Item.objects.exists() and not Act.objects.exists()
