"""A merchant or the platform pays an order back."""

from typing import Any
from uuid import uuid4

import pytest

from tests.bought import paid
from tests.cast import NOW, Shop, product_of, supply_of, variant_of
from tests.sale import balance
from wanku.access.actor import Actor
from wanku.audit.models import Act, Move
from wanku.flows.buying.withdraw_order import withdraw_order
from wanku.flows.fulfilling.confirm_receipt import confirm_receipt
from wanku.flows.fulfilling.ship_order import ship_order
from wanku.flows.paying import _give_back, _in_kind
from wanku.flows.paying.refund_order import refund_order
from wanku.flows.proving.prove_books import prove_books
from wanku.flows.settling.release_order import release_order
from wanku.kernel.refusal import Refusal
from wanku.ledger.models import Entry
from wanku.orders.models import Line, Order, PersonalCount
from wanku.payments.models import Refund, RefundLine
from wanku.payments.refund_plan import Wanted

pytestmark = pytest.mark.django_db


class Sold:
    """Three teapots and a cup of Bo, paid by Ann."""

    def __init__(self, ann: Actor, bo: Shop) -> None:
        self.tea = product_of(bo.merchant, prices=(10_000,), limit_per_person=5)
        self.cup = product_of(bo.merchant, prices=(3_333,))
        (self.order,) = paid(ann, (self.tea, 3), (self.cup, 1))
        self.lines = list(self.order.lines.order_by("-quantity"))
        self.bo, self.mine = bo, f"merchant:{bo.merchant.pk}"

    def refund(self, wanted: Wanted, **other: Any) -> Refund:
        fields = {"because": "少发一件", "actor": self.bo.actor, "now": NOW, **other}
        return refund_order(self.order.pk, wanted, **fields)

    def ship(self, pieces: dict[Any, int] | None = None) -> None:
        tracking = f"SF{Move.objects.count():013}"
        ship_order(self.order.pk, pieces=pieces, carrier="sf", tracking=tracking, actor=self.bo.actor, now=NOW)

    def state(self) -> str:
        return Order.objects.get(pk=self.order.pk).state


@pytest.fixture
def sold(ann_actor: Actor, bo: Shop) -> Sold:
    return Sold(ann_actor, bo)


def sound() -> None:
    """Every invariant holds."""
    assert not [check for check in prove_books() if check.wrong]


def test_pieces_that_have_not_left_are_called_off(sold: Sold) -> None:
    tea = sold.lines[0]
    refund = sold.refund(Wanted({tea.pk: 1}))
    assert (refund.amount, refund.freight, refund.reason, refund.note) == (10_000, 0, "refunded", "少发一件")
    part = RefundLine.objects.get()
    assert (part.line_id, part.quantity, part.called_off, part.amount) == (tea.pk, 1, 1, 10_000)
    supply = supply_of(variant_of(sold.tea))
    assert (supply.free, supply.sold) == (8, 2)
    assert PersonalCount.objects.get().pieces == 2
    assert sold.state() == "paid"
    assert (balance(f"{sold.mine}:held"), balance("buyer:refunds_due")) == (23_333, 10_000)
    assert Move.objects.get(event="refund_part").facts["note"] == "少发一件"
    assert Act.objects.get(verb="refund_order").merchant_id == sold.bo.merchant.pk
    sold.ship()
    assert sold.state() == "fulfilled"
    assert Line.objects.get(pk=tea.pk).shipped == 2
    sound()


def test_what_was_called_off_cannot_be_shipped(sold: Sold) -> None:
    tea = sold.lines[0]
    sold.refund(Wanted({tea.pk: 2}))
    with pytest.raises(Refusal, match="too_many_pieces"):
        sold.ship({tea.pk: 2})
    sold.ship({tea.pk: 1})
    assert sold.state() == "fulfilling"
    sound()


def test_calling_off_the_rest_of_a_part_shipment_fulfils(sold: Sold) -> None:
    tea, cup = sold.lines
    sold.ship({tea.pk: 2})
    refund = sold.refund(Wanted({tea.pk: 1, cup.pk: 1}))
    order = Order.objects.get(pk=sold.order.pk)
    assert (refund.amount, order.state, order.fulfilled_at) == (13_333, "fulfilled", NOW)
    assert order.due_at is not None
    sound()


def test_many_parts_until_the_order_is_closed(sold: Sold) -> None:
    tea, cup = sold.lines
    sold.ship()
    sums = [sold.refund(wanted).amount for wanted in (Wanted(amount=1), Wanted({tea.pk: 1}), Wanted({tea.pk: 2}))]
    assert sold.state() == "fulfilled"
    last = sold.refund(Wanted(everything=True))
    assert (sum(sums) + last.amount, sold.state()) == (sold.order.amount, "closed")
    assert balance(f"{sold.mine}:held") == 0
    assert balance("buyer:refunds_due") == sold.order.amount
    assert not PersonalCount.objects.get().pieces
    assert supply_of(variant_of(sold.tea)).sold == 3, "what has left is not on the shelf"
    with pytest.raises(Refusal, match="wrong_state"):
        sold.refund(Wanted({cup.pk: 1}))
    sound()


def test_before_anything_leaves_all_of_it_closes_the_order(sold: Sold) -> None:
    tea, cup = sold.lines
    sold.refund(Wanted({tea.pk: 1}))
    sold.refund(Wanted({tea.pk: 2, cup.pk: 1}))
    assert sold.state() == "closed"
    assert supply_of(variant_of(sold.tea)).free == 10
    sound()


def test_the_buyer_takes_back_what_is_left(sold: Sold, ann_actor: Actor) -> None:
    sold.refund(Wanted({sold.lines[0].pk: 1}))
    withdraw_order(sold.order.pk, actor=ann_actor, because="changed_mind", now=NOW)
    assert sorted(Refund.objects.values_list("amount", "reason")) == [(10_000, "refunded"), (23_333, "withdrawn")]
    assert (sold.state(), supply_of(variant_of(sold.tea)).free) == ("closed", 10)
    sound()


def test_after_the_release_commission_comes_back_and_the_merchant_may_owe(sold: Sold, ann_actor: Actor) -> None:
    sold.ship()
    confirm_receipt(sold.order.pk, actor=ann_actor, now=NOW)
    release_order(sold.order, now=NOW)
    taken = balance("platform:commission")
    assert taken > 0
    sold.refund(Wanted({sold.lines[0].pk: 1}))
    assert balance("platform:commission") < taken
    assert sold.state() == "completed"
    sold.refund(Wanted(everything=True))
    assert (balance("platform:commission"), balance(f"{sold.mine}:available")) == (0, 0)
    assert sold.state() == "closed"
    sound()


def test_a_form_that_is_sent_twice_pays_once(sold: Sold) -> None:
    sold.refund(Wanted(amount=500), seen=0)
    with pytest.raises(Refusal, match="refund_changed"):
        sold.refund(Wanted(amount=500), seen=0)
    assert Refund.objects.count() == 1 and Entry.objects.filter(reason="refund_due").count() == 1
    sold.refund(Wanted(amount=500), seen=1)


def test_who_may(sold: Sold, ann_actor: Actor, other_actor: Actor, cy: Shop, di_actor: Actor) -> None:
    seat = sold.bo.merchant.pk
    clerk = Actor(person_id=sold.bo.owner.pk, seats={seat: "clerk"}, merchant_id=seat)
    for actor, code in (
        (ann_actor, "not_allowed"),
        (other_actor, "not_found"),
        (cy.actor, "not_found"),
        (clerk, "not_allowed"),
    ):
        with pytest.raises(Refusal, match=code):
            sold.refund(Wanted(amount=1), actor=actor)
    assert not Refund.objects.exists() and not RefundLine.objects.exists()
    for role in ("manager", "finance"):
        sold.refund(Wanted(amount=1), actor=Actor(person_id=sold.bo.owner.pk, seats={seat: role}, merchant_id=seat))
    sold.refund(Wanted(amount=1), actor=di_actor)
    assert list(Act.objects.order_by("pk").values_list("merchant_id", flat=True)) == [seat, seat, None]


@pytest.mark.parametrize("because", ["", "x", "长" * 201])
def test_a_reason_is_needed(sold: Sold, because: str) -> None:
    with pytest.raises(Refusal) as no:
        sold.refund(Wanted(amount=1), because=because)
    assert no.value.field == "because"
    assert not Refund.objects.exists()


def test_at_most_fifty_per_payment(sold: Sold, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_give_back, "REFUNDS_MAX", 2)
    sold.refund(Wanted(amount=1))
    with pytest.raises(Refusal, match="too_many_refunds"):
        sold.refund(Wanted(amount=1))
    assert sold.refund(Wanted(everything=True)).amount == sold.order.amount - 1


def test_givers_in_kind_are_called_in_the_same_transaction(sold: Sold, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[tuple[int, bool]] = []
    monkeypatch.setattr(_in_kind, "GIVERS", (lambda refund, plan, now: given.append((refund.amount, plan.whole)),))
    sold.refund(Wanted(amount=7))
    assert given == [(7, False)]

    def broken(*_: object) -> None:
        raise ValueError("no coupon")

    monkeypatch.setattr(_in_kind, "GIVERS", (broken,))
    with pytest.raises(ValueError, match="no coupon"):
        sold.refund(Wanted(amount=7))
    assert Refund.objects.count() == 1 and balance("buyer:refunds_due") == 7


def test_an_unknown_order(sold: Sold) -> None:
    with pytest.raises(Refusal, match="not_found"):
        refund_order(uuid4(), Wanted(amount=1), because="为什么", actor=sold.bo.actor, now=NOW)
