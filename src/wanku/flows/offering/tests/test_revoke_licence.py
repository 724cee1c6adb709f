"""A merchant ends licences."""

from dataclasses import replace

import pytest

from tests.bought import placed
from tests.cast import NOW, Shop
from wanku.access.actor import Actor
from wanku.audit.models import Act
from wanku.flows.licensing.tests.bought_licences import bought, licences_of, plan_of
from wanku.flows.offering.revoke_licence import revoke_licence
from wanku.kernel.refusal import Refusal
from wanku.kinds.issue.models import Licence, Source
from wanku.kinds.issue.tests.selling import supply

pytestmark = pytest.mark.django_db


def test_a_sold_licence_ends_and_no_counter_moves(ann_actor: Actor, bo: Shop) -> None:
    plan = plan_of(bo.merchant, source=Source.POOL, stock=3)
    (licence,) = licences_of(bought(ann_actor, plan))
    revoke_licence(licence.pk, because="拒付", actor=bo.actor, now=NOW)
    licence.refresh_from_db()
    assert (licence.state, licence.revoked_because) == ("revoked", "拒付")
    assert (supply(plan).free, supply(plan).sold) == (2, 1)
    assert Act.objects.get(verb="revoke_licence").facts == {"tail": licence.tail, "issued": True}
    with pytest.raises(Refusal) as no:
        revoke_licence(licence.pk, because="拒付", actor=bo.actor, now=NOW)
    assert no.value.code.name == "licence_revoked"


def test_a_code_leaves_the_pool_with_its_piece_of_the_counter(ann_actor: Actor, bo: Shop) -> None:
    plan = plan_of(bo.merchant, source=Source.POOL, stock=2)
    placed(ann_actor, (plan.variant, 1), address={})
    first, second = Licence.objects.order_by("pk")
    revoke_licence(first.pk, because="无效", actor=bo.actor, now=NOW)
    assert (supply(plan).free, supply(plan).held, supply(plan).put_in) == (0, 1, 1)
    # The last one is promised to an unpaid order.
    with pytest.raises(Refusal) as no:
        revoke_licence(second.pk, because="无效", actor=bo.actor, now=NOW)
    assert no.value.code.name == "stock_held"
    assert Licence.objects.get(pk=second.pk).state == "free"


def test_refusals(ann_actor: Actor, bo: Shop, cy: Shop) -> None:
    (licence,) = licences_of(bought(ann_actor, plan_of(bo.merchant)))
    clerk = replace(bo.actor, seats={bo.merchant.pk: "clerk"})
    cases = [(cy.actor, "why", "not_found"), (clerk, "why", "not_allowed"), (bo.actor, " ", "bad_value")]
    for actor, because, name in cases:
        with pytest.raises(Refusal) as no:
            revoke_licence(licence.pk, because=because, actor=actor, now=NOW)
        assert no.value.code.name == name
    licence.refresh_from_db()
    assert licence.state == "issued" and not Act.objects.filter(verb="revoke_licence").exists()
