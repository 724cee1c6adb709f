"""The clock of refunds."""

from datetime import timedelta

import pytest

from tests.bank import Bank
from tests.cast import NOW, Shop
from tests.sale import Sale, paid
from wanku.flows.buying.withdraw_order import withdraw_order
from wanku.flows.paying.send_due_refunds import send_due_refunds
from wanku.payments.channel import RefundCall, RefundResult
from wanku.payments.gateways.sandbox.gateway import SandboxGateway
from wanku.payments.models import Refund

pytestmark = pytest.mark.django_db


def test_only_what_is_due_is_sent_at_most_as_many_as_asked(bank: Bank, sale: Sale, bo: Shop, cy: Shop) -> None:
    paid(bank, sale)
    withdraw_order(sale.order_of(bo).pk, actor=sale.actor, because="x", now=NOW)
    withdraw_order(sale.order_of(cy).pk, actor=sale.actor, because="x", now=NOW + timedelta(hours=1))
    assert send_due_refunds(now=NOW - timedelta(seconds=1), limit=10) == 0
    assert send_due_refunds(now=NOW, limit=10) == 1
    assert sorted(Refund.objects.values_list("state", flat=True)) == ["created", "succeeded"]
    assert send_due_refunds(now=NOW + timedelta(hours=1), limit=1) == 1
    assert set(Refund.objects.values_list("state", flat=True)) == {"succeeded"}
    assert send_due_refunds(now=NOW + timedelta(days=9), limit=10) == 0


def test_one_that_cannot_be_sent_stops_no_other(
    bank: Bank, sale: Sale, bo: Shop, cy: Shop, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    paid(bank, sale)
    for shop in (bo, cy):
        withdraw_order(sale.order_of(shop).pk, actor=sale.actor, because="x", now=NOW)
    first = Refund.objects.order_by("due_at", "pk")[0]
    real = SandboxGateway.refund

    def refund(channel: SandboxGateway, call: RefundCall) -> RefundResult:
        if call.number == first.number:
            raise RuntimeError("broken")
        return real(channel, call)

    monkeypatch.setattr(SandboxGateway, "refund", refund)
    assert send_due_refunds(now=NOW, limit=10) == 2
    assert sorted(Refund.objects.values_list("state", flat=True)) == ["sent", "succeeded"]
    assert "could not be sent" in caplog.text
    assert send_due_refunds(now=NOW, limit=10) == 0, "its next clock is set: not again at once"
    monkeypatch.undo()
    assert Refund.objects.get(pk=first.pk).tries == 1
