"""Every kind of difference is found once, and what agrees is settled; midnight waits for the next day."""

from datetime import timedelta

import pytest

from tests.billed import NEXT_MORNING, TODAY, Billed
from tests.bought import opened, placed
from tests.cast import NOW, Shop, product_of
from wanku.access.actor import Actor
from wanku.audit.models import Move
from wanku.flows.buying.withdraw_order import withdraw_order
from wanku.flows.paying.send_due_refunds import send_due_refunds
from wanku.flows.reconciling.fetch_bill import fetch_bill
from wanku.flows.reconciling.match_bill import match_bill
from wanku.flows.reconciling.reconcile_day import reconcile_day
from wanku.flows.reconciling.tests.conftest import Pay
from wanku.kernel.refusal import Refusal
from wanku.orders.models import Order
from wanku.payments.accounts import add_account
from wanku.payments.channel import BillRow
from wanku.payments.models import Refund
from wanku.reconciliation.models import Bill, BillLine, FinanceCase

DAY = timedelta(days=1)
MIDNIGHT = NOW.replace(hour=16)
"""In Shanghai, between the 11th and the 12th."""


def kinds() -> list[str]:
    """The kinds of all cases."""
    return sorted(FinanceCase.objects.values_list("kind", flat=True))


def looked(channel: Billed, day: int = 0) -> None:
    """Reconcile a day on its next morning."""
    reconcile_day("sandbox", TODAY + day * DAY, now=NEXT_MORNING + day * DAY)


def test_zero_difference(channel: Billed, pay: Pay) -> None:
    for _ in range(3):
        pay()
    done = reconcile_day("sandbox", TODAY, now=NEXT_MORNING)
    assert (done.rows, done.matched, done.carried, done.cases) == (3, 3, 0, 0)
    bill = Bill.objects.get()
    assert (bill.state, bill.due_at) == ("matched", None)
    assert bill.theirs == {"CNY": {"in": 29_700, "back": 0, "fee": 177}} == bill.ours
    assert not FinanceCase.objects.exists()


def test_missing_in_our_books(channel: Billed, pay: Pay, ann_actor: Actor, bo: Shop) -> None:
    pay()
    unheard = opened(placed(ann_actor, (product_of(bo.merchant, "杯"), 1)))
    channel.paid(unheard)
    channel.rows.append(BillRow("payment", "stranger", "R0", 500, 3, "CNY", NOW))
    looked(channel)
    known, stranger = FinanceCase.objects.order_by("-theirs")
    assert kinds() == ["missing_here", "missing_here"]
    assert (known.number, known.attempt_id, known.ours, known.theirs) == (unheard.number, unheard.pk, None, 9900)
    assert (stranger.number, stranger.attempt_id, stranger.state) == ("stranger", None, "open")
    assert stranger.due_at == NEXT_MORNING + DAY
    bill = Bill.objects.get()
    assert bill.theirs["CNY"]["in"] - bill.ours["CNY"]["in"] == 10_400


def test_missing_at_the_channel(channel: Billed, pay: Pay) -> None:
    pay()
    lost = pay()
    channel.forget(lost.number)
    for day in (-1, 0, 1):
        looked(channel, day)
    case = FinanceCase.objects.get()
    assert (case.kind, case.number, case.ours, case.theirs) == ("missing_there", lost.number, 9900, None)
    assert case.bill == Bill.objects.get(day=TODAY)
    bill = Bill.objects.get(day=TODAY)
    assert (bill.ours["CNY"]["in"], bill.theirs["CNY"]["in"]) == (19_800, 9900)


def test_amount_and_currency_differ(channel: Billed, pay: Pay, ann_actor: Actor, bo: Shop) -> None:
    less, other = pay(), pay()
    channel.change(less.number, amount=9800)
    channel.change(other.number, currency="USD")
    short = opened(placed(ann_actor, (product_of(bo.merchant, "杯"), 1)))
    channel.paid(short, amount=1)
    looked(channel)
    assert kinds() == ["amount", "amount", "currency"]
    assert list(FinanceCase.objects.filter(kind="amount").order_by("theirs").values_list("ours", "theirs")) == [
        (None, 1),
        (9900, 9800),
    ]
    assert FinanceCase.objects.get(kind="currency").number == other.number


def test_the_same_number_twice(channel: Billed, pay: Pay) -> None:
    pay()
    channel.rows.append(channel.rows[0])
    looked(channel)
    assert kinds() == ["twice"]
    assert sorted(BillLine.objects.values_list("found", flat=True)) == ["matched", "twice"]


def test_fees_beside_what_was_agreed(channel: Billed, pay: Pay) -> None:
    add_account("sandbox", public={"fee_bp": "60"}, secret={}, set_by=None, now=NOW)
    right, wrong = pay(), pay()
    channel.change(right.number, fee=60)
    channel.change(wrong.number, fee=99)
    looked(channel)
    case = FinanceCase.objects.get()
    assert (case.kind, case.number, case.ours, case.theirs) == ("fee", wrong.number, 59, 99)


def test_a_bill_that_carries_only_the_channels_numbers(channel: Billed, pay: Pay) -> None:
    attempt = pay()
    channel.change(attempt.number, number="")
    looked(channel)
    assert BillLine.objects.get().number == attempt.number
    assert not FinanceCase.objects.exists()


def test_refunds(channel: Billed, pay: Pay, ann_actor: Actor) -> None:
    order = Order.objects.get(trade=pay().trade_id)
    withdraw_order(order.pk, actor=ann_actor, because="changed_mind", now=NOW)
    send_due_refunds(now=NOW, limit=9)
    assert Refund.objects.get().state == "succeeded"
    done = reconcile_day("sandbox", TODAY, now=NEXT_MORNING)
    assert (done.rows, done.matched, done.cases) == (2, 2, 0)
    assert Bill.objects.get().theirs["CNY"] == {"in": 9900, "back": 9900, "fee": 59}


def test_a_refund_that_has_not_arrived_here_waits_and_then_is_a_case(
    channel: Billed, pay: Pay, ann_actor: Actor
) -> None:
    order = Order.objects.get(trade=pay().trade_id)
    withdraw_order(order.pk, actor=ann_actor, because="changed_mind", now=NOW)
    refund = Refund.objects.get()
    channel.rows.append(BillRow("refund", refund.number, "RR", refund.amount, 0, "CNY", NOW))
    looked(channel)
    assert (Bill.objects.get().carried, kinds()) == (1, [])
    looked(channel, 6)
    assert kinds() == ["missing_here"]
    send_due_refunds(now=NOW + 7 * DAY, limit=9)
    looked(channel, 7)
    case = FinanceCase.objects.get()
    assert (case.state, case.resolution) == ("resolved", "came_right")


def test_a_payment_before_midnight_that_we_booked_after(channel: Billed, pay: Pay) -> None:
    attempt = pay(at=MIDNIGHT - timedelta(seconds=3), booked=MIDNIGHT + timedelta(minutes=2))
    looked(channel)
    assert BillLine.objects.get().number == attempt.number
    looked(channel, 1)
    assert not FinanceCase.objects.exists()


def test_a_line_before_midnight_that_we_have_not_booked_yet(channel: Billed, ann_actor: Actor, bo: Shop) -> None:
    at = MIDNIGHT - timedelta(seconds=3)
    unheard = opened(placed(ann_actor, (product_of(bo.merchant), 1), now=at), now=at)
    channel.paid(unheard, at=at)
    looked(channel)
    assert (Bill.objects.get().carried, kinds()) == (1, [])
    looked(channel, 1)
    assert kinds() == ["missing_here"]
    assert FinanceCase.objects.get().day == TODAY


def test_a_booking_before_midnight_is_judged_with_the_next_day(channel: Billed, pay: Pay) -> None:
    late, early = MIDNIGHT + timedelta(minutes=1), MIDNIGHT - timedelta(minutes=1)
    pay(at=late, booked=early)
    lost = pay(at=late, booked=early)
    channel.forget(lost.number)
    for day in (-1, 0):
        looked(channel, day)
    assert kinds() == []
    looked(channel, 1)
    assert [(case.kind, case.number) for case in FinanceCase.objects.all()] == [("missing_there", lost.number)]


def test_bookings_of_days_without_their_bills_are_not_judged(channel: Billed, pay: Pay) -> None:
    lost = pay(at=MIDNIGHT - timedelta(minutes=1))
    channel.forget(lost.number)
    looked(channel, -1)
    looked(channel, 0)
    assert kinds() == []


def test_looking_again_makes_nothing_new(channel: Billed, pay: Pay) -> None:
    channel.change(pay().number, amount=1)
    looked(channel)
    moves = Move.objects.count()
    again = match_bill(Bill.objects.get().pk, now=NEXT_MORNING + DAY)
    looked(channel)
    assert (again.cases, again.came_right, FinanceCase.objects.count(), Move.objects.count()) == (0, 0, 1, moves)


def test_a_bill_that_is_not_here(channel: Billed, pay: Pay) -> None:
    bill = fetch_bill("sandbox", TODAY, now=NEXT_MORNING)
    Bill.objects.update(state="late")
    with pytest.raises(Refusal) as refused:
        match_bill(bill.pk, now=NEXT_MORNING)
    assert refused.value.code.name == "wrong_state"


def test_statements_do_not_grow_with_the_bill(channel: Billed, pay: Pay, django_assert_num_queries: object) -> None:
    for _ in range(20):
        pay()
    channel.change(pay().number, amount=1)
    bill = fetch_bill("sandbox", TODAY, now=NEXT_MORNING)
    with django_assert_num_queries(18):  # type: ignore[operator]
        match_bill(bill.pk, now=NEXT_MORNING)
