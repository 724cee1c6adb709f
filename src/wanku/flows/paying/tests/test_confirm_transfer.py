"""Money by bank transfer: two people, the right sum in time, and every other sum, time and person."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.at_once import Meeting, at_once, locks_off
from tests.cast import NOW, supply_of
from tests.sale import Sale, balance
from tests.transfers import DAY, Desk, by_transfer, desk
from wanku.access.actor import Actor
from wanku.access.models import PlatformRole
from wanku.audit.models import Act
from wanku.flows.buying.expire_trades import expire_trades
from wanku.flows.paying.ask_due_attempts import ask_due_attempts
from wanku.flows.paying.confirm_transfer import confirm_transfer
from wanku.flows.paying.decline_transfer import decline_transfer
from wanku.flows.paying.open_attempt import open_attempt
from wanku.flows.proving.prove_books import prove_books
from wanku.flows.talking.tell_moves import tell_moves
from wanku.kernel.refusal import Refusal
from wanku.ledger.models import Entry
from wanku.notices.models import Notice
from wanku.orders.models import Trade
from wanku.payments.models import Attempt, BankTransfer, Refund

__all__ = ["by_transfer", "desk"]
pytestmark = pytest.mark.django_db
Choose = Callable[..., Attempt]


def nothing_happened(sale: Sale, transfer: BankTransfer) -> None:
    """Not booked, not paid, still on the list."""
    transfer.refresh_from_db()
    assert (transfer.state, transfer.checker) == ("reported", None)
    assert not Entry.objects.exists() and sale.trade.state == "placed"


def sound() -> None:
    """All invariants hold."""
    assert [check.says for check in prove_books() if check.wrong] == []


def test_the_page_shows_the_account_and_the_goods_are_held_for_days(by_transfer: Choose, sale: Sale) -> None:
    attempt = by_transfer()
    shown = json.loads(attempt.pay_url)
    assert (attempt.shown_as, shown["quote"], shown["account"]) == ("transfer", attempt.number, "1219 0000 1234 567")
    assert sale.trade.due_at == attempt.expires_at == NOW + timedelta(days=3)
    assert by_transfer(NOW + timedelta(days=2)).pk == attempt.pk
    assert sale.trade.due_at == NOW + timedelta(days=3), "choosing it again does not give more time"
    assert expire_trades(now=NOW + timedelta(days=2, hours=23), limit=10) == 0
    assert supply_of(sale.tea).held == 2
    assert expire_trades(now=NOW + timedelta(days=3), limit=10) == 1
    assert sale.trade.state == "cancelled" and supply_of(sale.tea).free == 10


def test_asking_never_captures(by_transfer: Choose, sale: Sale) -> None:
    attempt = by_transfer()
    for hours in (1, 30, 71):
        ask_due_attempts(now=NOW + timedelta(hours=hours), limit=10)
    attempt.refresh_from_db()
    assert attempt.state == "pending" and sale.trade.state == "placed"


def test_reported_by_one_and_confirmed_by_another(by_transfer: Choose, desk: Desk, sale: Sale) -> None:
    attempt = by_transfer()
    transfer = desk.report(attempt.number)
    nothing_happened(sale, transfer)
    assert desk.confirm(transfer) == "paid"
    transfer.refresh_from_db()
    assert (transfer.state, transfer.maker, transfer.checker) == ("confirmed", desk.fay.person_id, desk.max.person_id)
    assert sale.trade.state == "paid" and supply_of(sale.tea).sold == 2
    assert balance("gateway:transfer:clearing") == -31_800
    assert set(Act.objects.values_list("verb", flat=True)) == {"report_transfer", "confirm_transfer"}
    sound()


def test_the_number_of_the_order_will_do(by_transfer: Choose, desk: Desk, sale: Sale) -> None:
    attempt = by_transfer()
    assert desk.report(str(sale.trade)).attempt == attempt


def test_nobody_confirms_what_they_reported(by_transfer: Choose, desk: Desk, sale: Sale) -> None:
    transfer = desk.report(by_transfer().number)
    with pytest.raises(Refusal, match="transfer_same_person"):
        confirm_transfer(transfer.pk, amount=transfer.amount, booked_on=DAY, actor=desk.fay, now=NOW)
    nothing_happened(sale, transfer)


def test_the_database_holds_to_two_people_as_well(by_transfer: Choose, desk: Desk) -> None:
    transfer = desk.report(by_transfer().number)
    for checker in (transfer.maker, None):
        with pytest.raises(IntegrityError, match="two_people"), transaction.atomic():
            BankTransfer.objects.filter(pk=transfer.pk).update(state="confirmed", checker=checker, due_at=None)


@pytest.mark.parametrize("role", [None, *[r for r in PlatformRole if r not in ("finance", "admin")]])
def test_others_may_not(by_transfer: Choose, desk: Desk, sale: Sale, role: str | None) -> None:
    transfer = desk.report(by_transfer().number)
    actor = replace(desk.max, platform=frozenset({role} if role else ()))
    for deed in (
        lambda: confirm_transfer(transfer.pk, amount=31_800, booked_on=DAY, actor=actor, now=NOW),
        lambda: decline_transfer(transfer.pk, because="看错了", actor=actor, now=NOW),
    ):
        with pytest.raises(Refusal, match="not_allowed"):
            deed()
    with pytest.raises(Refusal, match="sign_in"):
        confirm_transfer(transfer.pk, amount=31_800, booked_on=DAY, actor=Actor(), now=NOW)
    nothing_happened(sale, transfer)


@pytest.mark.parametrize(("amount", "day"), [(31_801, DAY), (31_800, DAY - timedelta(days=1))])
def test_the_second_reads_it_anew(by_transfer: Choose, desk: Desk, sale: Sale, amount: int, day: object) -> None:
    transfer = desk.report(by_transfer().number)
    with pytest.raises(Refusal, match="transfer_differs"):
        confirm_transfer(transfer.pk, amount=amount, booked_on=day, actor=desk.max, now=NOW)  # type: ignore[arg-type]
    nothing_happened(sale, transfer)


@pytest.mark.parametrize("amount", [31_799, 31_801, 1])
def test_another_sum_goes_back_whole_and_pays_nothing(by_transfer: Choose, desk: Desk, sale: Sale, amount: int) -> None:
    attempt = by_transfer()
    assert desk.confirm(desk.report(attempt.number, amount)) == "wrong_amount"
    refund = Refund.objects.get()
    assert (refund.amount, refund.reason, refund.order) == (amount, "wrong_amount", None)
    assert sale.trade.state == "placed" and balance("buyer:refunds_due") == amount
    sound()
    assert by_transfer() == attempt, "the right sum may still come"
    assert desk.confirm(desk.report(attempt.number)) == "paid"
    assert sale.trade.state == "paid"
    sound()


def test_a_second_transfer_goes_back(by_transfer: Choose, desk: Desk, sale: Sale) -> None:
    attempt = by_transfer()
    first, second = desk.report(attempt.number), desk.report(attempt.number)
    assert (desk.confirm(first), desk.confirm(second)) == ("paid", "duplicate")
    assert Refund.objects.get().amount == 31_800 and balance("gateway:transfer:clearing") == -63_600
    sound()


@pytest.mark.parametrize("with_stock", [True, False])
def test_money_after_the_order_was_cancelled(by_transfer: Choose, desk: Desk, sale: Sale, with_stock: bool) -> None:
    attempt = by_transfer()
    late = NOW + timedelta(days=4)
    assert expire_trades(now=late, limit=10) == 1
    if not with_stock:
        supply = supply_of(sale.tea)
        supply.free = supply.put_in = 1
        supply.save()
    outcome = desk.confirm(desk.report(attempt.number, now=late), now=late)
    assert outcome == ("paid" if with_stock else "late")
    assert sale.trade.state == ("paid" if with_stock else "cancelled")
    assert Refund.objects.count() == (0 if with_stock else 1)
    sound()


def test_what_was_reported_in_time_holds_the_order(by_transfer: Choose, desk: Desk, sale: Sale) -> None:
    attempt = by_transfer()
    at = NOW + timedelta(days=2, hours=23)
    transfer = desk.report(attempt.number, now=at)
    assert expire_trades(now=NOW + timedelta(days=3, hours=1), limit=10) == 0
    ask_due_attempts(now=NOW + timedelta(days=3, hours=1), limit=10)
    attempt.refresh_from_db()
    assert attempt.state == "pending", "it is not closed while money for it is looked at"
    with pytest.raises(Refusal, match="payment_under_way"):
        open_attempt(sale.trade.pk, gateway="sandbox", method="page", actor=sale.actor, now=at)
    assert desk.confirm(transfer, now=at + timedelta(hours=20)) == "paid"


@pytest.mark.parametrize("with_stock", [True, False])
def test_nobody_confirms_what_was_reported(by_transfer: Choose, desk: Desk, sale: Sale, with_stock: bool) -> None:
    """The goods wait three days more; then the buyer is told the truth, and the money finds its way."""
    Trade.objects.update(contact_email="an@example.com")
    attempt = by_transfer()
    at = NOW + timedelta(days=2, hours=23)
    transfer = desk.report(attempt.number, now=at)
    assert sale.trade.due_at == at + timedelta(days=3)
    assert expire_trades(now=at + timedelta(days=2, hours=23), limit=10) == 0
    for minutes in (1, 12):
        expire_trades(now=at + timedelta(days=3, minutes=minutes), limit=10)
    assert sale.trade.state == "cancelled" and supply_of(sale.tea).free == 10
    transfer.refresh_from_db()
    assert transfer.state == "reported", "finance still has it on its list"
    tell_moves(now=at + timedelta(days=3, hours=1), limit=100)
    kinds = set(Notice.objects.values_list("kind", flat=True))
    assert "trade_unconfirmed" in kinds and "trade_expired" not in kinds
    if not with_stock:
        supply = supply_of(sale.tea)
        supply.free = supply.put_in = 1
        supply.save()
    outcome = desk.confirm(transfer, now=at + timedelta(days=4))
    assert outcome == ("paid" if with_stock else "late")
    assert Refund.objects.count() == (0 if with_stock else 1)
    sound()


def test_another_sum_holds_the_order_for_a_day_only(by_transfer: Choose, desk: Desk, sale: Sale) -> None:
    attempt = by_transfer()
    at = NOW + timedelta(days=2, hours=23)
    desk.report(attempt.number, 31_799, now=at)
    assert sale.trade.due_at == at + timedelta(days=1)


def test_paid_by_another_way_meanwhile(by_transfer: Choose, desk: Desk, sale: Sale) -> None:
    attempt = by_transfer()
    open_attempt(sale.trade.pk, gateway="sandbox", method="page", actor=sale.actor, now=NOW)
    attempt.refresh_from_db()
    assert attempt.state == "closed"
    assert desk.confirm(desk.report(attempt.number)) == "paid", "money is money"


def test_once(by_transfer: Choose, desk: Desk, sale: Sale) -> None:
    transfer = desk.report(by_transfer().number)
    desk.confirm(transfer)
    with pytest.raises(Refusal, match="wrong_state"):
        desk.confirm(transfer)
    assert Entry.objects.filter(reason="capture").count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("locks", [True, False])
def test_two_checkers_at_once(by_transfer: Choose, desk: Desk, monkeypatch: pytest.MonkeyPatch, locks: bool) -> None:
    transfer = desk.report(by_transfer().number)
    meeting = Meeting()
    meeting.before(monkeypatch, "wanku.flows.paying.confirm_transfer._came")
    if not locks:
        locks_off(monkeypatch)
    done = at_once(*[lambda: _confirm(desk, transfer)] * 2)
    assert meeting.met is not locks
    assert sorted(map(str, done)) == ["paid", "wrong_state" if locks else "paid"]
    assert Entry.objects.filter(reason="capture").count() == 1 and not Refund.objects.exists()
    assert Act.objects.filter(verb="confirm_transfer").count() == (1 if locks else 2)


def _confirm(desk: Desk, transfer: BankTransfer) -> str:
    try:
        return desk.confirm(transfer)
    except Refusal as no:
        return no.code.name
