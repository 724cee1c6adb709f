"""Standing goes down and up, and the shop with it."""

import pytest

from tests.cast import NOW, Shop, product_of
from wanku.access.actor import NOBODY, Actor
from wanku.audit.models import Act, Move
from wanku.catalog.models import Product
from wanku.flows.policing.change_standing import STEPS, change_standing
from wanku.kernel.refusal import Refusal
from wanku.merchants.states import CAPABILITIES, MERCHANT_MACHINE, Capability, capable


def test_a_suspended_shop_is_out_of_the_lists_and_comes_back(bo: Shop, di_actor: Actor) -> None:
    product_of(bo.merchant)
    change_standing(bo.merchant.pk, "suspend", because="假货，证据见附件", actor=di_actor, now=NOW)
    bo.merchant.refresh_from_db()
    assert bo.merchant.state == "suspended"
    assert bo.merchant.decided_because == "假货，证据见附件"
    assert not Product.objects.on_sale().exists()
    assert not capable(bo.merchant.state, Capability.SELL)
    assert capable(bo.merchant.state, Capability.SERVE)

    change_standing(bo.merchant.pk, "restore", because="申诉成立", actor=di_actor, now=NOW)
    bo.merchant.refresh_from_db()
    assert (bo.merchant.state, bo.merchant.decided_because) == ("active", "")
    assert Product.objects.on_sale().exists()
    assert [act.verb for act in Act.objects.order_by("id")] == ["suspend_merchant", "restore_merchant"]
    assert Act.objects.order_by("id")[0].facts == {"from": "active", "to": "suspended"}


def test_a_restricted_shop_is_shown_and_does_not_sell(bo: Shop, di_actor: Actor) -> None:
    product_of(bo.merchant)
    change_standing(bo.merchant.pk, "restrict", because="发货太慢", actor=di_actor, now=NOW)
    bo.merchant.refresh_from_db()
    assert Product.objects.on_sale().exists()
    assert not capable(bo.merchant.state, Capability.SELL)


def test_closing_is_final(bo: Shop, di_actor: Actor) -> None:
    change_standing(bo.merchant.pk, "close", because="商家要求关店", actor=di_actor, now=NOW)
    for step in STEPS:
        with pytest.raises(Refusal, match="wrong_state"):
            change_standing(bo.merchant.pk, step, because="再来一次", actor=di_actor, now=NOW)
    assert Act.objects.count() == 1


def test_every_standing_has_its_capabilities_and_still_serves() -> None:
    assert set(CAPABILITIES) == set(MERCHANT_MACHINE.states())
    for state in ("active", "restricted", "suspended", "closed"):
        assert capable(state, Capability.SERVE)


@pytest.mark.parametrize(
    ("step", "because", "code", "field"),
    [
        ("approve", "not a step of this flow", "bad_value", "step"),
        ("", "no step at all", "bad_value", "step"),
        ("suspend", "", "bad_value", "because"),
    ],
)
def test_refused(bo: Shop, di_actor: Actor, step: str, because: str, code: str, field: str) -> None:
    with pytest.raises(Refusal) as refused:
        change_standing(bo.merchant.pk, step, because=because, actor=di_actor, now=NOW)
    assert (refused.value.code.name, refused.value.field) == (code, field)
    bo.merchant.refresh_from_db()
    assert bo.merchant.state == "active"
    assert not Move.objects.exists()


def test_others_may_not(bo: Shop, cy: Shop) -> None:
    for actor in (NOBODY, bo.actor, cy.actor, Actor(person_id=5, platform=frozenset({"finance", "senior"}))):
        with pytest.raises(Refusal, match=r"sign_in|not_allowed"):
            change_standing(bo.merchant.pk, "restore", because="because I can", actor=actor, now=NOW)


def test_unknown(di_actor: Actor) -> None:
    with pytest.raises(Refusal, match="not_found"):
        change_standing(999, "suspend", because="nobody there", actor=di_actor, now=NOW)
