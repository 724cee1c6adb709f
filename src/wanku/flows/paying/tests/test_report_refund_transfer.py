"""Refunds of bank transfers: on their way until two people saw them leave."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from tests.cast import NOW
from tests.sale import Sale, balance
from tests.transfers import DAY, Desk, by_transfer, desk
from wanku.access.actor import Actor
from wanku.flows.paying.confirm_transfer import confirm_transfer
from wanku.flows.paying.decline_transfer import decline_transfer
from wanku.flows.paying.report_refund_transfer import report_refund_transfer
from wanku.flows.paying.send_due_refunds import send_due_refunds
from wanku.flows.proving.prove_books import prove_books
from wanku.kernel.refusal import Refusal
from wanku.payments.models import Attempt, BankTransfer, Refund

__all__ = ["by_transfer", "desk"]
pytestmark = pytest.mark.django_db
SUM = 500


@pytest.fixture
def refund(by_transfer: Callable[..., Attempt], desk: Desk) -> Refund:
    """A wrong sum came in; it is to go back."""
    desk.confirm(desk.report(by_transfer().number, SUM))
    return Refund.objects.get()


def sent(refund: Refund, now: datetime = NOW) -> Refund:
    """Handed to finance."""
    send_due_refunds(now=now, limit=10)
    refund.refresh_from_db()
    return refund


def test_on_its_way_until_both_have_seen_it(refund: Refund, desk: Desk, sale: Sale) -> None:
    assert sent(refund).state == "sent"
    for hours in (1, 20, 100):
        assert sent(refund, NOW + timedelta(hours=hours)).state == "sent", "asking does not pay it"
    transfer = report_refund_transfer(refund.pk, desk.line(SUM), actor=desk.fay, now=NOW)
    assert sent(refund).state == "sent" and balance("buyer:refunds_due") == SUM
    with pytest.raises(Refusal, match="transfer_same_person"):
        confirm_transfer(transfer.pk, amount=SUM, booked_on=DAY, actor=desk.fay, now=NOW)
    assert sent(refund).state == "sent"
    assert desk.confirm(transfer) == "sent_back"
    refund.refresh_from_db()
    assert (refund.state, refund.channel_ref) == ("succeeded", transfer.reference)
    assert balance("buyer:refunds_due") == 0 == balance("gateway:transfer:clearing")
    assert [check.says for check in prove_books() if check.wrong] == []


def test_neither_another_sum_nor_twice(refund: Refund, desk: Desk) -> None:
    with pytest.raises(Refusal, match="wrong_state"):
        report_refund_transfer(refund.pk, desk.line(SUM), actor=desk.fay, now=NOW)
    sent(refund)
    with pytest.raises(Refusal, match="transfer_not_the_sum"):
        report_refund_transfer(refund.pk, desk.line(SUM - 1), actor=desk.fay, now=NOW)
    first = report_refund_transfer(refund.pk, desk.line(SUM), actor=desk.fay, now=NOW)
    with pytest.raises(Refusal, match="transfer_known"):
        report_refund_transfer(refund.pk, desk.line(SUM), actor=desk.max, now=NOW)
    decline_transfer(first.pk, because="付错了账户", actor=desk.max, now=NOW)
    again = report_refund_transfer(refund.pk, desk.line(SUM), actor=desk.fay, now=NOW)
    desk.confirm(again)
    with pytest.raises(Refusal, match="wrong_state"):
        report_refund_transfer(refund.pk, desk.line(SUM), actor=desk.fay, now=NOW)


def test_strangers_and_other_channels(refund: Refund, desk: Desk) -> None:
    sent(refund)
    with pytest.raises(Refusal, match="not_allowed"):
        report_refund_transfer(refund.pk, desk.line(SUM), actor=Actor(person_id=1), now=NOW)
    Attempt.objects.filter(pk=refund.attempt_id).update(gateway="sandbox")
    with pytest.raises(Refusal, match="not_found"):
        report_refund_transfer(refund.pk, desk.line(SUM), actor=desk.fay, now=NOW)
    assert BankTransfer.objects.filter(refund__isnull=False).count() == 0
