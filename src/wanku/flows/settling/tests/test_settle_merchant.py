"""Finance settles a shop before its period ends."""

import pytest

from tests.cast import NOW, Shop
from tests.payouts import DAY, released
from wanku.access.actor import Actor
from wanku.audit.models import Act
from wanku.flows.settling.settle_merchant import settle_merchant
from wanku.kernel.refusal import Refusal
from wanku.merchants.models import Merchant
from wanku.settlement.models import Plan, Settlement

pytestmark = pytest.mark.django_db
LATER = NOW + 20 * DAY


def test_the_running_period_ends_with_it(ann_actor: Actor, bo: Shop, maker: Actor) -> None:
    released(ann_actor, bo)
    drawn = settle_merchant(bo.merchant.pk, actor=maker, because="商家急用", now=LATER)
    assert [(row.payable, row.until) for row in drawn] == [(97_000, LATER)]
    plan = Plan.objects.get()
    assert plan.since == LATER < plan.due_at
    assert Act.objects.get(verb="settle_merchant").facts == {"settlements": [drawn[0].number]}


def test_refused(ann_actor: Actor, bo: Shop, cy: Shop, maker: Actor) -> None:
    released(ann_actor, bo)
    plans = list(Plan.objects.values())
    for merchant, actor, because, code in (
        (bo.merchant.pk, maker, "", "bad_value"),
        (bo.merchant.pk, bo.actor, "我要钱", "not_allowed"),
        (cy.merchant.pk, maker, "没有钱", "nothing_to_settle"),
        (999_999_999, maker, "没有店", "not_found"),
    ):
        with pytest.raises(Refusal) as refusal:
            settle_merchant(merchant, actor=actor, because=because, now=LATER)
        assert refusal.value.code.name == code
    Merchant.objects.filter(pk=bo.merchant.pk).update(state="suspended")
    with pytest.raises(Refusal, match="standing_holds_money"):
        settle_merchant(bo.merchant.pk, actor=maker, because="商家急用", now=LATER)
    assert not Settlement.objects.exists() and not Act.objects.filter(verb="settle_merchant").exists()
    assert list(Plan.objects.values()) == plans
