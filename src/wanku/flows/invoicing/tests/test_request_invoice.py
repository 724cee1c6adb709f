"""Buyers ask for invoices."""

from datetime import timedelta
from uuid import UUID

import pytest

from tests.bought import paid, placed
from tests.cast import NOW, Shop, product_of
from tests.clerk import Clerk
from wanku.access.actor import Actor
from wanku.audit.models import Move
from wanku.flows.invoicing.cancel_invoice import cancel_invoice
from wanku.flows.invoicing.issue_invoice import issue_invoice
from wanku.flows.invoicing.request_invoice import request_invoice
from wanku.flows.invoicing.tests.conftest import Refunded
from wanku.invoices.models import Invoice, Title
from wanku.invoices.titles import Wanted
from wanku.kernel.refusal import Refusal
from wanku.orders.models import Order

pytestmark = pytest.mark.django_db
ANN = Wanted("personal", "安小姐")
FIRM = Wanted("company", "玩酷科技", "91350100M000100Y43", "tax@example.com")


def refused(order_id: UUID, wanted: Wanted, actor: Actor) -> str:
    """The code, and that nothing happened."""
    before = list(Invoice.objects.values()), Move.objects.count()
    with pytest.raises(Refusal) as no:
        request_invoice(order_id, wanted, keep=True, actor=actor, now=NOW)
    assert (list(Invoice.objects.values()), Move.objects.count()) == before
    return no.value.code.name


def test_it_waits_for_the_shop_until_its_clock_runs_out(order: Order, ann_actor: Actor) -> None:
    invoice = request_invoice(order.pk, FIRM, keep=True, actor=ann_actor, now=NOW)
    assert (invoice.state, invoice.due_at, invoice.issue_by) == ("requested", NOW + timedelta(days=15), invoice.due_at)
    assert (invoice.tax_number, invoice.amount, invoice.lines) == ("91350100M000100Y43", 0, [])
    assert Move.objects.get(subject_type="invoice").event == "request"
    title = Title.objects.get()
    assert (title.title, title.is_usual, title.person_id) == ("玩酷科技", True, ann_actor.person_id)


def test_it_changes_until_it_is_issued_and_the_clock_goes_on(
    order: Order, ann_actor: Actor, bo: Shop, clerk: Clerk
) -> None:
    first = request_invoice(order.pk, ANN, actor=ann_actor, now=NOW)
    later = NOW + timedelta(days=3)
    again = request_invoice(order.pk, FIRM, actor=ann_actor, now=later)
    assert (again.pk, again.title, again.issue_by) == (first.pk, "玩酷科技", first.issue_by)
    request_invoice(order.pk, FIRM, actor=ann_actor, now=later)
    assert list(Move.objects.filter(subject_type="invoice").values_list("event", flat=True)) == ["request", "change"]
    issue_invoice(first.pk, actor=bo.actor, now=later)
    assert refused(order.pk, ANN, ann_actor) == "invoice_stands"


def test_a_guest_with_access_to_the_order_may(guest_actor: Actor, bo: Shop) -> None:
    order = paid(guest_actor, (product_of(bo.merchant), 1))[0]
    elsewhere = Actor(guest_key=UUID(int=8), granted=frozenset({order.trade_id}))
    invoice = request_invoice(order.pk, ANN, keep=True, actor=elsewhere, now=NOW)
    assert invoice.state == "requested" and not Title.objects.exists()


def test_others_find_nothing(order: Order, other_actor: Actor, bo: Shop, di_actor: Actor) -> None:
    for actor in (other_actor, Actor(guest_key=UUID(int=9)), bo.actor, di_actor):
        assert refused(order.pk, ANN, actor) == "not_found"


def test_an_unpaid_order_has_none(ann_actor: Actor, bo: Shop) -> None:
    trade = placed(ann_actor, (product_of(bo.merchant), 1))
    assert refused(Order.objects.get(trade=trade).pk, ANN, ann_actor) == "invoice_not_paid"


def test_nothing_is_left_to_invoice(order: Order, ann_actor: Actor, refunded: Refunded) -> None:
    refunded(order, order.amount, state="created")
    assert refused(order.pk, ANN, ann_actor) == "nothing_to_invoice"


def test_a_wrong_tax_number_is_named(order: Order, ann_actor: Actor) -> None:
    assert refused(order.pk, Wanted("company", "玩酷", "123"), ann_actor) == "bad_tax_number"
    assert not Title.objects.exists()


def test_a_cancelled_wish_makes_room_for_another(order: Order, ann_actor: Actor) -> None:
    first = request_invoice(order.pk, ANN, actor=ann_actor, now=NOW)
    cancel_invoice(first.pk, actor=ann_actor, now=NOW)
    assert request_invoice(order.pk, ANN, actor=ann_actor, now=NOW).pk != first.pk
