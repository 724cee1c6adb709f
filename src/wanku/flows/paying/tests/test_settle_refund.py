"""What a channel says of a refund."""

import pytest

from tests.bank import Bank
from tests.cast import NOW
from tests.sale import Sale
from wanku.audit.models import Move
from wanku.flows.paying._refund import intend_refund, take
from wanku.flows.paying.settle_refund import settle_refund
from wanku.kernel.refusal import Refusal
from wanku.ledger.models import Entry
from wanku.payments.channel import RefundResult, RefundState
from wanku.payments.models import Attempt, ChannelEvent, Refund

pytestmark = pytest.mark.django_db


@pytest.fixture
def refund(bank: Bank, sale: Sale) -> Refund:
    """Sent, and not heard of yet."""
    attempt = sale.attempt()
    bank.pay(attempt.pay_url, attempt.number, NOW)
    paid = Attempt.objects.get(pk=attempt.pk)
    refund = intend_refund(paid, order=None, amount=paid.amount, reason="duplicate", now=NOW)
    take(Refund.objects.filter(pk=refund.pk), NOW, 1)
    return refund


def said(refund: Refund, state: RefundState, amount: int | None = None, event_id: str = "") -> RefundResult:
    return RefundResult(
        refund.number, state, "R1", gateway="sandbox", amount=amount, event_id=event_id, event_hash=b"x"
    )


def test_it_has_one_effect(refund: Refund) -> None:
    assert settle_refund(said(refund, RefundState.SUCCEEDED, refund.amount), now=NOW) == "applied"
    assert settle_refund(said(refund, RefundState.SUCCEEDED, refund.amount), now=NOW) == "ignored"
    assert settle_refund(said(refund, RefundState.FAILED), now=NOW) == "ignored"
    refund.refresh_from_db()
    assert refund.state == "succeeded"
    assert Entry.objects.filter(key=f"refund:{refund.pk}").count() == 1


def test_an_event_has_one_effect_and_is_kept_with_its_outcome(refund: Refund) -> None:
    succeeded = said(refund, RefundState.SUCCEEDED, refund.amount, "E1")
    assert [settle_refund(succeeded, now=NOW) for _ in range(2)] == ["applied", "repeated"]
    assert settle_refund(said(refund, RefundState.SUCCEEDED, refund.amount, "E2"), now=NOW) == "ignored"
    kept = list(ChannelEvent.objects.exclude(kind="captured").order_by("event_id").values_list("event_id", "outcome"))
    assert kept == [("E1", "applied"), ("E2", "ignored")]
    assert Move.objects.filter(subject_type="refund", event="succeed").count() == 1


def test_an_event_that_came_before_what_it_is_about_is_judged_anew(refund: Refund) -> None:
    early = RefundResult("20990101000000017", RefundState.SUCCEEDED, gateway="sandbox", event_id="E1", event_hash=b"x")
    with pytest.raises(Refusal, match="unknown_refund"):
        settle_refund(early, now=NOW)
    assert ChannelEvent.objects.get(event_id="E1").outcome == "unknown_refund"
    Refund.objects.filter(pk=refund.pk).update(number=early.number)
    assert settle_refund(early, now=NOW) == "applied"
    assert ChannelEvent.objects.get(event_id="E1").outcome == "applied"


def test_success_after_a_failure_is_believed(refund: Refund) -> None:
    assert settle_refund(said(refund, RefundState.FAILED), now=NOW) == "applied"
    assert settle_refund(said(refund, RefundState.SUCCEEDED), now=NOW) == "applied"
    refund.refresh_from_db()
    assert refund.state == "succeeded"


def test_another_amount_or_number_changes_nothing(refund: Refund) -> None:
    with pytest.raises(Refusal, match="refund_mismatch"):
        settle_refund(said(refund, RefundState.SUCCEEDED, refund.amount - 1), now=NOW)
    with pytest.raises(Refusal, match="unknown_refund"):
        settle_refund(RefundResult("no", RefundState.SUCCEEDED, gateway="sandbox"), now=NOW)
    refund.refresh_from_db()
    assert refund.state == "sent"
    assert not Entry.objects.filter(reason="refund").exists()
