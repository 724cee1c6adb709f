"""Finance asks for a bill; strangers do not."""

import pytest

from tests.billed import NEXT_MORNING, TODAY, Billed
from wanku.access.actor import Actor
from wanku.audit.models import Act
from wanku.flows.reconciling.ask_for_bill import ask_for_bill
from wanku.flows.reconciling.reconcile_day import reconcile_day
from wanku.flows.reconciling.tests.conftest import Pay
from wanku.kernel.refusal import Refusal
from wanku.reconciliation.models import Bill, FinanceCase


def test_a_corrected_bill(channel: Billed, pay: Pay, di_actor: Actor) -> None:
    attempt = pay()
    channel.change(attempt.number, amount=1)
    reconcile_day("sandbox", TODAY, now=NEXT_MORNING)
    channel.change(attempt.number, amount=9900)
    done = ask_for_bill(Bill.objects.get().pk, actor=di_actor, now=NEXT_MORNING)
    assert (done.matched, done.came_right) == (1, 1)
    assert FinanceCase.objects.get().state == "resolved"
    assert Act.objects.get().verb == "fetch_bill"


def test_refusals(channel: Billed, pay: Pay, di_actor: Actor, ann_actor: Actor) -> None:
    reconcile_day("sandbox", TODAY, now=NEXT_MORNING)
    bill = Bill.objects.get()
    channel.calls.clear()
    for actor, code in ((ann_actor, "not_allowed"), (Actor(), "sign_in")):
        with pytest.raises(Refusal) as no:
            ask_for_bill(bill.pk, actor=actor, now=NEXT_MORNING)
        assert no.value.code.name == code
    assert channel.calls == [] and not Act.objects.exists()
    channel.late = True
    with pytest.raises(Refusal) as no:
        ask_for_bill(bill.pk, actor=di_actor, now=NEXT_MORNING)
    assert no.value.code.name == "no_bill"
