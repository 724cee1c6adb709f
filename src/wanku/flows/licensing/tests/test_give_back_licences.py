"""Licences that nobody used go back."""

from datetime import timedelta

import pytest

from tests.bought import paid
from tests.cast import NOW, Shop, product_of
from wanku.access.actor import Actor
from wanku.flows.licensing.activate_licence import activate_licence
from wanku.flows.licensing.give_back_licences import give_back_licences
from wanku.flows.licensing.show_codes import Proof, show_codes
from wanku.flows.licensing.tests.bought_licences import bought, licences_of, plan_of
from wanku.flows.offering.revoke_licence import revoke_licence
from wanku.flows.paying.refund_order import refund_order
from wanku.kernel.refusal import Refusal
from wanku.kinds.issue import codes
from wanku.kinds.issue.models import FREE, Licence, Source
from wanku.kinds.issue.tests.selling import supply
from wanku.ledger.models import Entry
from wanku.orders.models import Order
from wanku.payments.models import Refund
from wanku.payments.refund_plan import Wanted

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=2)


def look(order: Order, actor: Actor) -> None:
    """See the codes."""
    show_codes(order.pk, proof=Proof(), source="", actor=actor, now=NOW)


def refused(order: Order, actor: Actor, *, days: int = 1) -> str:
    entries = Entry.objects.count()
    with pytest.raises(Refusal) as no:
        give_back_licences(order.pk, actor=actor, now=NOW + timedelta(days=days))
    assert not Refund.objects.exists() and Entry.objects.count() == entries
    return no.value.code.name


def test_everything_is_paid_back_and_the_codes_end(ann_actor: Actor, bo: Shop) -> None:
    order = bought(ann_actor, plan_of(bo.merchant), 2)
    look(order, ann_actor)
    refund = give_back_licences(order.pk, actor=ann_actor, now=LATER)
    order.refresh_from_db()
    assert (order.state, refund.amount) == ("closed", order.amount)
    assert {each.state for each in licences_of(order)} == {"revoked"}


def test_an_unseen_code_of_a_pool_can_be_sold_again(ann_actor: Actor, bo: Shop) -> None:
    plan = plan_of(bo.merchant, source=Source.POOL, stock=2)
    order = bought(ann_actor, plan, 2)
    give_back_licences(order.pk, actor=ann_actor, now=LATER)
    row = supply(plan)
    assert row.free == 2 == Licence.objects.filter(plan=plan, state=FREE).count()
    assert row.put_in == row.free + row.held + row.sold
    bought(ann_actor, plan, 2, now=LATER)


def test_never_once_activated(ann_actor: Actor, bo: Shop) -> None:
    order = bought(ann_actor, plan_of(bo.merchant), 2)
    activate_licence("bo", codes.opened(licences_of(order)[0].sealed), "mac-1", now=NOW)
    assert refused(order, ann_actor) == "licence_used"
    assert {each.state for each in licences_of(order)} == {"issued"}


def test_an_imported_code_that_was_seen_stays_sold(ann_actor: Actor, bo: Shop) -> None:
    order = bought(ann_actor, plan_of(bo.merchant, source=Source.POOL))
    look(order, ann_actor)
    assert refused(order, ann_actor) == "licence_seen"


def test_refusals(ann_actor: Actor, other_actor: Actor, bo: Shop) -> None:
    order = bought(ann_actor, plan_of(bo.merchant))
    goods = paid(ann_actor, (product_of(bo.merchant), 1))[0]
    assert refused(order, other_actor) == "not_found"
    assert refused(goods, ann_actor) == "not_found"
    assert refused(order, ann_actor, days=8) == "return_over"
    revoke_licence(licences_of(order)[0].pk, because="拒付", actor=bo.actor, now=NOW)
    assert refused(order, ann_actor) == "licence_revoked"


def test_once(ann_actor: Actor, bo: Shop) -> None:
    order = bought(ann_actor, plan_of(bo.merchant))
    give_back_licences(order.pk, actor=ann_actor, now=LATER)
    with pytest.raises(Refusal) as no:
        give_back_licences(order.pk, actor=ann_actor, now=LATER)
    assert no.value.code.name == "wrong_state" and Refund.objects.count() == 1


def test_a_refund_of_one_piece_ends_one_code_that_nobody_used(ann_actor: Actor, bo: Shop) -> None:
    """By the shop; the codes that were activated stay."""
    order = bought(ann_actor, plan_of(bo.merchant), 3)
    used = licences_of(order)[0]
    activate_licence("bo", codes.opened(used.sealed), "mac-1", now=NOW)
    line = order.lines.get()
    refund_order(order.pk, Wanted(pieces={line.pk: 1}), because="少买一个", actor=bo.actor, now=LATER)
    states = [each.state for each in licences_of(order)]
    assert sorted(states) == ["issued", "issued", "revoked"] and states[0] == "issued"
    refund_order(order.pk, Wanted(everything=True), because="全部退款", actor=bo.actor, now=LATER)
    assert {each.state for each in licences_of(order)} == {"revoked"}


def test_a_part_of_the_price_ends_no_code(ann_actor: Actor, bo: Shop) -> None:
    order = bought(ann_actor, plan_of(bo.merchant), 2)
    refund_order(order.pk, Wanted(amount=100), because="补偿", actor=bo.actor, now=LATER)
    assert {each.state for each in licences_of(order)} == {"issued"}
