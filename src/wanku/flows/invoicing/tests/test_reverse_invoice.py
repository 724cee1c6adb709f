"""A shop takes a wrong invoice back."""

import pytest

from tests.cast import NOW, Shop
from tests.clerk import Clerk
from wanku.access.actor import Actor
from wanku.flows.invoicing.issue_invoice import issue_invoice
from wanku.flows.invoicing.request_invoice import request_invoice
from wanku.flows.invoicing.reverse_invoice import reverse_invoice
from wanku.flows.invoicing.send_due_invoices import send_due_invoices
from wanku.invoices.models import Invoice
from wanku.invoices.provider import Pending
from wanku.invoices.titles import Wanted
from wanku.kernel.refusal import Refusal
from wanku.orders.models import Order

pytestmark = pytest.mark.django_db


@pytest.fixture
def issued(order: Order, ann_actor: Actor, bo: Shop, clerk: Clerk) -> Invoice:
    """With a wrong name on it."""
    asked = request_invoice(order.pk, Wanted("personal", "按"), actor=ann_actor, now=NOW)
    return issue_invoice(asked.pk, actor=bo.actor, now=NOW)


def test_a_red_letter_and_room_for_another(issued: Invoice, order: Order, ann_actor: Actor, bo: Shop) -> None:
    red = reverse_invoice(issued.pk, because="抬头错误", actor=bo.actor, now=NOW)
    issued.refresh_from_db()
    assert (red.state, red.amount, issued.state, issued.reversed_at) == ("issued", -issued.amount, "reversed", NOW)
    assert Invoice.objects.count() == 2
    again = request_invoice(order.pk, Wanted("personal", "安"), actor=ann_actor, now=NOW)
    assert issue_invoice(again.pk, actor=bo.actor, now=NOW).amount == order.amount


@pytest.mark.parametrize("because", ["", " ", "长" * 61])
def test_a_reason_is_needed(issued: Invoice, bo: Shop, because: str) -> None:
    with pytest.raises(Refusal) as no:
        reverse_invoice(issued.pk, because=because, actor=bo.actor, now=NOW)
    assert no.value.field == "because" and Invoice.objects.count() == 1


def test_not_twice_and_never_a_red_letter(issued: Invoice, bo: Shop, clerk: Clerk) -> None:
    clerk.answer = Pending()
    red = reverse_invoice(issued.pk, because="错", actor=bo.actor, now=NOW)
    assert red.state == "sent" and Invoice.objects.get(pk=issued.pk).state == "issued"
    for each in (issued, red):
        with pytest.raises(Refusal) as no:
            reverse_invoice(each.pk, because="错", actor=bo.actor, now=NOW)
        assert no.value.code.name == "wrong_state"
    assert Invoice.objects.count() == 2 and send_due_invoices(now=NOW) == 0


def test_strangers_and_the_buyer_may_not(issued: Invoice, ann_actor: Actor, cy: Shop, other_actor: Actor) -> None:
    for actor, code in ((ann_actor, "not_allowed"), (cy.actor, "not_found"), (other_actor, "not_found")):
        with pytest.raises(Refusal) as no:
            reverse_invoice(issued.pk, because="错", actor=actor, now=NOW)
        assert no.value.code.name == code
    assert Invoice.objects.count() == 1
