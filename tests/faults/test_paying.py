"""Payments and refunds beside a channel that is slow, silent or told twice. Controls show each race."""

import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest
from django.db import connections, transaction

from tests.at_once import Meeting, at_once, locks_off
from tests.bought import placed
from tests.cast import NOW, Shop, product_of
from tests.scripted import Scripted, locked_by_others
from wanku.access.actor import Actor
from wanku.audit.models import Move
from wanku.flows.buying.expire_trades import expire_trades
from wanku.flows.buying.withdraw_order import withdraw_order
from wanku.flows.paying.ask_due_attempts import ask_due_attempts
from wanku.flows.paying.close_attempt import close_attempt
from wanku.flows.paying.open_attempt import open_attempt
from wanku.flows.paying.send_due_refunds import send_due_refunds
from wanku.flows.paying.settle_attempt import settle_attempt
from wanku.flows.paying.settle_refund import settle_refund
from wanku.flows.proving.prove_books import prove_books
from wanku.inventory.models import Supply
from wanku.kernel.refusal import Refusal
from wanku.ledger.models import Entry
from wanku.orders.models import Order, Trade
from wanku.payments.channel import ChannelState, RefundResult, RefundState
from wanku.payments.models import Attempt, ChannelEvent, Refund

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault]
NEXT = NOW + timedelta(minutes=2)


class Paying:
    """A trade of Ann at Bo's, paid through the scripted channel."""

    def __init__(self, channel: Scripted, ann: Actor, bo: Shop) -> None:
        self.channel, self.ann = channel, ann
        self.trade = placed(ann, (product_of(bo.merchant, stock=5), 2))

    def start(self, method: str = "one") -> Attempt:
        return open_attempt(self.trade.pk, gateway="scripted", method=method, actor=self.ann, now=NOW)

    def pay(self) -> Attempt:
        attempt = self.start()
        self.channel.states[attempt.number] = ChannelState.CAPTURED
        settle_attempt(self.channel.result(attempt.number), now=NOW)
        return attempt

    def withdrawn(self) -> Refund:
        self.pay()
        withdraw_order(Order.objects.get().pk, actor=self.ann, because="x", now=NOW)
        return Refund.objects.get()


@pytest.fixture
def paying(scripted: Scripted, ann_actor: Actor, bo: Shop) -> Iterator[Paying]:
    yield Paying(scripted, ann_actor, bo)
    assert not [check for check in prove_books() if check.wrong]


def test_intents_are_committed_and_nothing_is_locked_while_a_channel_thinks(paying: Paying) -> None:
    """Whatever is asked of a channel: another connection sees why, and can lock everything."""
    seen: list[tuple[str, int, str]] = []

    def look(call: str) -> None:
        rows = Refund if "refund" in call else Attempt
        (states,) = at_once(lambda: ",".join(rows.objects.order_by("pk").values_list("state", flat=True)))
        seen.append((call, locked_by_others(), str(states)))

    paying.channel.during = look
    paying.start()
    paying.start("two")
    ask_due_attempts(now=NEXT, limit=10)
    paying.pay()
    withdraw_order(Order.objects.get().pk, actor=paying.ann, because="x", now=NOW)
    paying.channel.next_refund = RefundState.PROCESSING
    send_due_refunds(now=NOW, limit=10)
    paying.channel.refunds[Refund.objects.get().number] = RefundState.SUCCEEDED
    send_due_refunds(now=NEXT, limit=10)
    assert Refund.objects.get().state == "succeeded"
    assert {call for call, _, _ in seen} == {"open", "query", "close", "refund", "query_refund"}
    assert [(call, locks) for call, locks, _ in seen if locks] == []
    assert seen[0][2] == "created", "the intent of the attempt"
    assert [states for call, _, states in seen if call == "refund"] == ["sent"], "the intent of the refund"


def test_control_a_call_inside_a_transaction_is_noticed(paying: Paying) -> None:
    seen: list[int] = []
    with transaction.atomic():
        Trade.objects.select_for_update(no_key=True).get()
        seen.append(locked_by_others())
    assert seen[0] > 0


def test_two_tabs_with_two_methods_leave_one_payment_open(paying: Paying) -> None:
    meeting = Meeting()
    paying.channel.during = lambda call: meeting.wait() if call == "open" else None
    answers = at_once(partial(paying.start, "one"), partial(paying.start, "two"))
    assert all(isinstance(answer, (Attempt, Refusal)) for answer in answers), answers
    pending = Attempt.objects.filter(state="pending")
    assert pending.count() <= 1
    open_there = [number for number, state in paying.channel.states.items() if state == ChannelState.PENDING]
    assert open_there == list(pending.values_list("number", flat=True)), "nothing is open that we do not know of"


def told(refund: Refund, event_id: str) -> RefundResult:
    """The channel's word that a refund has arrived."""
    return RefundResult(
        refund.number, RefundState.SUCCEEDED, "R1", "", "scripted", refund.amount, event_id, b"x" if event_id else b""
    )


def sent(paying: Paying) -> Refund:
    """A refund that is on its way."""
    refund = paying.withdrawn()
    paying.channel.next_refund = RefundState.PROCESSING
    send_due_refunds(now=NOW, limit=10)
    return refund


def test_a_hundred_notices_of_one_refund_have_one_effect(paying: Paying) -> None:
    refund = sent(paying)
    answers = at_once(*[partial(settle_refund, told(refund, "E1"), now=NOW)] * 100)
    assert Counter(map(str, answers)) == {"applied": 1, "repeated": 99}
    assert Move.objects.filter(subject_type="refund", event="succeed").count() == 1
    assert Entry.objects.filter(reason="refund").count() == 1 == ChannelEvent.objects.filter(event_id="E1").count()


def test_control_without_locks_notices_of_a_refund_race(paying: Paying, monkeypatch: pytest.MonkeyPatch) -> None:
    refund = sent(paying)
    locks_off(monkeypatch)
    Meeting().before(monkeypatch, "wanku.flows.paying._refund.move")
    at_once(*[partial(settle_refund, told(refund, ""), now=NOW)] * 2)
    assert Move.objects.filter(subject_type="refund", event="succeed").count() == 2, (
        "nobody raced, so nothing is proven"
    )


def test_a_refund_told_before_its_payment_changes_nothing(paying: Paying) -> None:
    """Both arrive late and in the wrong order: the refund is unknown until it is ours, the payment stays a payment."""
    attempt = paying.start()
    early = RefundResult("20260101000000017", RefundState.SUCCEEDED, "R1", "", "scripted", 100, "E1", b"x")
    with pytest.raises(Refusal, match="unknown_refund"):
        settle_refund(early, now=NOW)
    assert not Refund.objects.exists() and not Entry.objects.exists()
    paying.channel.states[attempt.number] = ChannelState.CAPTURED
    assert settle_attempt(paying.channel.result(attempt.number), now=NOW) == "applied"
    with pytest.raises(Refusal, match="unknown_refund"):
        settle_refund(early, now=NOW)
    assert (Trade.objects.get().state, Entry.objects.count()) == ("paid", 1)


def test_a_notice_of_a_refund_before_our_own_answer(paying: Paying) -> None:
    """The channel tells that it has paid while its answer to our call is still on the way, and the answer is lost."""
    refund = paying.withdrawn()

    def overtake(call: str) -> None:
        if call == "refund":
            at_once(partial(settle_refund, told(refund, "E1"), now=NOW))

    paying.channel.during, paying.channel.lost = overtake, {"refund"}
    send_due_refunds(now=NOW, limit=10)
    send_due_refunds(now=NEXT, limit=10)
    assert (Refund.objects.get().state, Entry.objects.filter(reason="refund").count()) == ("succeeded", 1)


@pytest.mark.parametrize("reached", [True, False], ids=["the channel had it", "the channel had not"])
def test_kill_9_of_a_worker_in_the_middle_of_a_refund(paying: Paying, reached: bool) -> None:
    """The process dies while it waits for the channel: the next one asks first, and the buyer is paid once."""
    refund = paying.withdrawn()
    reading, writing = os.pipe()
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:

            def hang(call: str) -> None:
                os.write(writing, b"x")
                time.sleep(60)

            paying.channel.during = hang
            send_due_refunds(now=NOW, limit=10)
        finally:
            os._exit(1)
    assert os.read(reading, 1) == b"x"
    os.kill(child, signal.SIGKILL)
    assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
    assert Refund.objects.get().state == "sent", "its intent was committed"
    if reached:
        paying.channel.refunds[refund.number] = RefundState.SUCCEEDED
        paying.channel.sent[refund.number] = 1
    assert send_due_refunds(now=NOW, limit=10) == 0, "not before its clock"
    send_due_refunds(now=NEXT, limit=10)
    assert Refund.objects.get().state == "succeeded"
    assert paying.channel.sent == {refund.number: 1}
    assert Entry.objects.filter(reason="refund").count() == 1


def test_timed_out_but_captured(paying: Paying) -> None:
    """We never heard that the payment was opened, and it was paid: asking finds it."""
    paying.channel.lost = {"open"}
    with pytest.raises(Refusal, match="channel_down"):
        paying.start()
    attempt = Attempt.objects.get()
    paying.channel.states[attempt.number] = ChannelState.CAPTURED
    ask_due_attempts(now=NEXT, limit=10)
    attempt.refresh_from_db()
    assert (attempt.state, Trade.objects.get().state) == ("captured", "paid")


def test_unknown_at_first_and_captured_later(paying: Paying) -> None:
    """The channel knows nothing, the order expires, then the money is there after all: the goods are taken again."""
    attempt = paying.start()
    del paying.channel.states[attempt.number]
    ask_due_attempts(now=NEXT, limit=10)
    assert Trade.objects.get().state == "placed"
    expire_trades(now=NOW + timedelta(minutes=16), limit=10)
    assert Trade.objects.get().state == "cancelled"
    paying.channel.states[attempt.number] = ChannelState.CAPTURED
    assert settle_attempt(paying.channel.result(attempt.number, event_id="E1"), now=NEXT) == "applied"
    assert (Trade.objects.get().state, Refund.objects.count()) == ("paid", 0)


def test_money_in_another_currency_or_sum_changes_nothing(paying: Paying) -> None:
    """By notice and by asking alike; the attempt stays open, so that it is neither lost nor taken for paid."""
    attempt = paying.start()
    paying.channel.states[attempt.number] = ChannelState.CAPTURED
    for wrong in ((attempt.amount, "USD"), (attempt.amount - 1, "CNY"), (attempt.amount + 1, "CNY")):
        paying.channel.paid[attempt.number] = wrong
        with pytest.raises(Refusal, match="payment_mismatch"):
            settle_attempt(paying.channel.result(attempt.number, event_id="E1"), now=NOW)
        ask_due_attempts(now=NEXT + timedelta(hours=1), limit=10)
    assert (Attempt.objects.get().state, Trade.objects.get().state) == ("pending", "placed")
    assert not Entry.objects.exists() and not Refund.objects.exists()
    assert ChannelEvent.objects.get().outcome == "payment_mismatch"


@pytest.mark.parametrize("path", ["notice", "clock", "close"])
@pytest.mark.parametrize("why", ["duplicate", "late"])
def test_money_that_pays_nothing_goes_back_by_every_path(paying: Paying, path: str, why: str) -> None:
    """The second payment of a paid trade, and one for a trade whose goods are gone: all of it, once, by itself."""
    first = paying.start()
    if why == "duplicate":
        Attempt.objects.filter(pk=first.pk).update(state="closed", due_at=None)
        paying.pay()
        Attempt.objects.filter(pk=first.pk).update(state="pending", due_at=NOW)
    else:
        paying.channel.deciding = True
        expire_trades(now=NOW + timedelta(minutes=40), limit=10)
        Supply.objects.update(free=0, sold=0, put_in=0)
    paying.channel.states[first.number] = ChannelState.CAPTURED
    for _ in range(2):
        if path == "notice":
            settle_attempt(paying.channel.result(first.number, event_id="E1"), now=NEXT)
        elif path == "clock":
            ask_due_attempts(now=NEXT + timedelta(hours=2), limit=10)
        else:
            close_attempt(first.pk, now=NEXT)
    refund = Refund.objects.get()
    assert (refund.attempt_id, refund.reason, refund.amount) == (first.pk, why, first.amount)
    send_due_refunds(now=NEXT + timedelta(hours=3), limit=10)
    assert Refund.objects.get().state == "succeeded"
    assert Trade.objects.get().state == ("paid" if why == "duplicate" else "cancelled")
