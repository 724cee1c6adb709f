"""Making sure that an attempt can no longer be paid."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.bank import Bank
from tests.cast import NOW, supply_of
from tests.sale import Sale
from tests.transfers import Desk, by_transfer, desk
from wanku.flows.buying.expire_trades import expire_trades
from wanku.flows.paying.close_attempt import close_attempt
from wanku.flows.paying.decline_transfer import decline_transfer
from wanku.orders.models import Order
from wanku.payments.channel import ChannelDown
from wanku.payments.models import Attempt
from wanku.sandbox import bank as books

__all__ = ["by_transfer", "desk"]
pytestmark = pytest.mark.django_db
Choose = Callable[..., Attempt]
LATER, QUARTER = NOW + timedelta(hours=5), timedelta(minutes=15)


def test_closed_here_and_at_the_bank(bank: Bank, sale: Sale) -> None:
    attempt = sale.attempt()
    assert close_attempt(attempt.pk, now=NOW) is True
    attempt.refresh_from_db()
    assert attempt.state == "closed"
    bank.pay(attempt.pay_url, attempt.number, NOW)
    assert sale.trade.state == "placed", "the link is dead"
    assert close_attempt(attempt.pk, now=NOW) is True


def test_paid_meanwhile_is_settled_instead(bank: Bank, sale: Sale) -> None:
    attempt = sale.attempt()
    bank.pay(attempt.pay_url, attempt.number, NOW, choice="never")
    assert close_attempt(attempt.pk, now=NOW) is False
    assert sale.trade.state == "paid"
    assert close_attempt(attempt.pk, now=NOW) is False


def test_refused_meanwhile_is_failed(bank: Bank, sale: Sale) -> None:
    attempt = sale.attempt()
    bank.visit(attempt.pay_url)
    books.answer(attempt.number, "refused", NOW)
    assert close_attempt(attempt.pk, now=NOW) is True
    attempt.refresh_from_db()
    assert (attempt.state, sale.trade.state) == ("failed", "placed")


def test_under_way_or_unknown_stays_open(bank: Bank, sale: Sale) -> None:
    attempt = sale.attempt()
    bank.pay(attempt.pay_url, attempt.number, NOW, choice="late")
    assert close_attempt(attempt.pk, now=NOW) is False
    bank.wire.cut = True
    with pytest.raises(ChannelDown):
        close_attempt(attempt.pk, now=NOW)
    attempt.refresh_from_db()
    assert attempt.state == "pending"


def waits_until(sale: Sale) -> timedelta:
    """How long after the order it is cancelled, as the trade and each of its orders say."""
    (due,) = {sale.trade.due_at, *Order.objects.filter(trade=sale.trade).values_list("due_at", flat=True)}
    assert due is not None
    return due - NOW


def test_who_leaves_the_transfer_for_another_way_has_the_ordinary_time_again(
    by_transfer: Choose, sale: Sale, bank: Bank
) -> None:
    by_transfer()
    assert waits_until(sale) == timedelta(days=3)
    assert sale.attempt(LATER).expires_at == LATER + QUARTER
    assert waits_until(sale) == LATER + QUARTER - NOW
    assert expire_trades(now=LATER + QUARTER - timedelta(seconds=1), limit=10) == 0
    assert expire_trades(now=LATER + QUARTER, limit=10) == 1
    assert (sale.trade.state, supply_of(sale.tea).held) == ("cancelled", 0)


def test_choosing_the_transfer_again_gives_what_was_left_of_its_days(
    by_transfer: Choose, sale: Sale, bank: Bank
) -> None:
    by_transfer()
    sale.attempt(LATER)
    by_transfer(LATER + timedelta(minutes=1))
    assert waits_until(sale) == timedelta(days=3)


def test_leaving_it_never_gives_more_time(by_transfer: Choose, sale: Sale, bank: Bank) -> None:
    by_transfer()
    sale.attempt(NOW + timedelta(days=3) - timedelta(minutes=2))
    assert waits_until(sale) == timedelta(days=3)


def test_an_ordinary_payment_that_ends_leaves_the_clock_alone(sale: Sale, bank: Bank) -> None:
    attempt, before = sale.attempt(), waits_until(sale)
    assert close_attempt(attempt.pk, now=NOW + timedelta(minutes=3)) is True
    assert waits_until(sale) == before == QUARTER


def test_what_finance_has_seen_is_waited_for(by_transfer: Choose, sale: Sale, bank: Bank, desk: Desk) -> None:
    left = by_transfer()
    sale.attempt(LATER)
    transfer = desk.report(left.number, now=LATER)
    held = waits_until(sale)
    assert held == LATER + timedelta(days=3) - NOW
    assert close_attempt(by_transfer(LATER).pk, now=LATER) is True
    assert waits_until(sale) == held, "one that is reported keeps the goods"
    decline_transfer(transfer.pk, because="不是这一笔", actor=desk.max, now=LATER)
    assert waits_until(sale) == LATER + QUARTER - NOW


def test_another_sum_for_a_transfer_that_was_left(by_transfer: Choose, sale: Sale, bank: Bank, desk: Desk) -> None:
    left = by_transfer()
    sale.attempt(LATER)
    assert desk.confirm(desk.report(left.number, 500, now=LATER), now=LATER) == "wrong_amount"
    assert waits_until(sale) == LATER + QUARTER - NOW


def test_a_declined_report_leaves_the_days_to_an_open_transfer(by_transfer: Choose, sale: Sale, desk: Desk) -> None:
    transfer = desk.report(by_transfer().number)
    decline_transfer(transfer.pk, because="不是这一笔", actor=desk.max, now=NOW)
    assert waits_until(sale) == timedelta(days=3)
