"""Payouts leave once, whatever happens on the way; what fails comes back."""

from datetime import timedelta

import pytest

from tests.at_once import Meeting, at_once, locks_off
from tests.banks import Banks
from tests.cast import NOW, Shop
from tests.payouts import CLOSED_NUMBER, DAY, account, approved, made, settled
from tests.sale import balance
from wanku.access.actor import Actor
from wanku.audit.models import Move
from wanku.flows.proving.prove_books import prove_books
from wanku.flows.settling import send_due_payouts as flow
from wanku.flows.settling.send_due_payouts import send_due_payouts
from wanku.ledger.models import Entry
from wanku.ledger.post import PAYOUT_CLEARING, available, bank
from wanku.merchants.models import Merchant
from wanku.sandbox.banks.books import Payment
from wanku.sandbox.banks.payout import PayoutBank
from wanku.settlement.bank import PayoutResult, PayoutState
from wanku.settlement.models import Payout, Plan, Settlement

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def settlement(ann_actor: Actor, bo: Shop, banks: Banks) -> Settlement:
    """To be paid."""
    account(bo)
    return settled(ann_actor, bo)


@pytest.fixture
def payout(settlement: Settlement, maker: Actor, checker: Actor) -> Payout:
    """Approved."""
    return approved(settlement, maker, checker)


def the_bank(banks: Banks) -> PayoutBank:
    """The one that carries payouts."""
    found = banks.banks["payout"]
    assert isinstance(found, PayoutBank)
    return found


def transfers(banks: Banks) -> int:
    """How many payouts the bank knows."""
    return len(banks.books.all(Payment, channel="payout"))


def money(payout: Payout) -> tuple[int, int, int]:
    """Available, under way, gone."""
    return balance(available(payout.merchant_id)), balance(PAYOUT_CLEARING), balance(bank("sandbox"))


def sound() -> bool:
    """Whether every invariant holds."""
    return all(check.holds for check in prove_books())


def test_paid(payout: Payout, settlement: Settlement, banks: Banks) -> None:
    now = settlement.drawn_at
    assert send_due_payouts(now=now, limit=10) == 1
    payout.refresh_from_db()
    settlement.refresh_from_db()
    assert (payout.state, payout.tries, payout.paid_at, settlement.state) == ("paid", 1, now, "paid")
    assert payout.bank_ref
    assert money(payout) == (0, 0, 97_000)
    assert the_bank(banks).paid_out() == 97_000
    assert send_due_payouts(now=now, limit=10) == 0
    assert sound()


def test_nothing_leaves_without_a_second_person(settlement: Settlement, maker: Actor, banks: Banks) -> None:
    payout = made(settlement, maker)
    assert send_due_payouts(now=settlement.drawn_at + 9 * DAY, limit=10) == 0
    assert (transfers(banks), Payout.objects.get().state) == (0, "created")
    assert money(payout) == (0, 97_000, 0)


@pytest.mark.parametrize("fault", ["lost_answer", "error", "altered"])
def test_an_unknown_outcome_is_settled_by_asking(
    fault: str, payout: Payout, settlement: Settlement, banks: Banks
) -> None:
    """The same number goes out again only where the bank has never heard of it."""
    now = settlement.drawn_at
    banks.fault("payout", "create", fault)
    send_due_payouts(now=now, limit=10)
    payout.refresh_from_db()
    assert (payout.state, payout.due_at, money(payout)) == ("sent", now + MINUTE, (0, 97_000, 0))
    assert send_due_payouts(now=now, limit=10) == 0, "not before its clock"
    send_due_payouts(now=now + MINUTE, limit=10)
    payout.refresh_from_db()
    assert (payout.state, payout.tries, money(payout)) == ("paid", 2, (0, 0, 97_000))
    assert (transfers(banks), the_bank(banks).paid_out()) == (1, 97_000)
    assert sound()


def test_a_bank_that_is_away_for_long(payout: Payout, settlement: Settlement, banks: Banks) -> None:
    """It is asked ever more rarely, and never given up: the money may have left."""
    now = settlement.drawn_at
    for call in ("create", "query"):
        banks.fault("payout", call, "error", times=20)
    waits = []
    for _ in range(12):
        assert send_due_payouts(now=now, limit=10) == 1
        payout.refresh_from_db()
        assert payout.due_at is not None
        waits.append(int((payout.due_at - now).total_seconds() // 60))
        now = payout.due_at
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360, 360]
    assert (payout.state, money(payout)) == ("sent", (0, 97_000, 0))


def test_money_that_arrives_later(payout: Payout, settlement: Settlement, banks: Banks) -> None:
    banks.fault("payout", "pay", "late", seconds=90)
    now = settlement.drawn_at
    send_due_payouts(now=now, limit=10)
    assert Payout.objects.get().state == "sent"
    banks.deliver(after=90)
    send_due_payouts(now=now + MINUTE, limit=10)
    assert Payout.objects.get().state == "paid"
    assert transfers(banks) == 1


def test_a_closed_account_brings_the_money_back(
    ann_actor: Actor, bo: Shop, maker: Actor, checker: Actor, banks: Banks
) -> None:
    account(bo, number=CLOSED_NUMBER)
    settlement = settled(ann_actor, bo)
    payout = approved(settlement, maker, checker)
    Plan.objects.update(period="weekly", due_at=settlement.drawn_at + 6 * DAY)
    send_due_payouts(now=settlement.drawn_at, limit=10)
    payout.refresh_from_db()
    settlement.refresh_from_db()
    assert (payout.state, payout.failure, settlement.state) == ("failed", "ACCOUNT_CLOSED", "failed")
    assert money(payout) == (97_000, 0, 0)
    due = Plan.objects.get().due_at
    assert settlement.drawn_at < due <= settlement.drawn_at + DAY, "settled anew at the next midnight"
    assert sound()


def test_what_comes_back_after_it_was_paid(payout: Payout, settlement: Settlement, banks: Banks) -> None:
    now = settlement.drawn_at
    send_due_payouts(now=now, limit=10)
    the_bank(banks).bounce(payout.number)
    assert send_due_payouts(now=now + DAY - MINUTE, limit=10) == 0
    assert send_due_payouts(now=now + DAY, limit=10) == 1
    payout.refresh_from_db()
    settlement.refresh_from_db()
    assert (payout.state, payout.failure, settlement.state) == ("failed", "RETURNED", "failed")
    assert money(payout) == (97_000, 0, 0)
    assert Entry.objects.filter(reason="payout_came_back").count() == 1
    assert send_due_payouts(now=now + 2 * DAY, limit=10) == 0
    assert sound()


def test_a_paid_one_is_watched_for_five_days(payout: Payout, settlement: Settlement, banks: Banks) -> None:
    now = settlement.drawn_at
    send_due_payouts(now=now, limit=10)
    looked = [send_due_payouts(now=now + day * DAY, limit=10) for day in range(1, 8)]
    assert looked == [1, 1, 1, 1, 1, 0, 0]
    assert Payout.objects.get().state == "paid"
    assert Move.objects.filter(subject_type="payout", event="pay").count() == 1


@pytest.mark.parametrize("change", ["suspended", "account", "cooling"])
def test_what_changed_since_it_was_approved(
    change: str, payout: Payout, settlement: Settlement, bo: Shop, banks: Banks
) -> None:
    now = settlement.drawn_at
    if change == "suspended":
        Merchant.objects.filter(pk=bo.merchant.pk).update(state="suspended")
    else:
        account(bo, at=now + DAY if change == "cooling" else now)
    assert send_due_payouts(now=now, limit=10) == 0
    payout.refresh_from_db()
    why = {"suspended": "standing_holds_money", "account": "account_changed", "cooling": "account_cooling"}[change]
    assert (payout.state, payout.failure, money(payout)) == ("failed", why, (97_000, 0, 0))
    assert transfers(banks) == 0
    assert sound()


def test_once_it_has_left_a_standing_stops_nothing(
    payout: Payout, settlement: Settlement, bo: Shop, banks: Banks
) -> None:
    banks.fault("payout", "create", "lost_answer")
    send_due_payouts(now=settlement.drawn_at, limit=10)
    Merchant.objects.filter(pk=bo.merchant.pk).update(state="suspended")
    send_due_payouts(now=settlement.drawn_at + MINUTE, limit=10)
    assert Payout.objects.get().state == "paid", "the bank has paid it, whatever we would like"


def test_another_amount_has_no_effect(
    payout: Payout,
    settlement: Settlement,
    banks: Banks,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    lie = PayoutResult(payout.number, PayoutState.PAID, "x", amount=96_999)
    monkeypatch.setattr(flow, "_call", lambda taken: lie)
    send_due_payouts(now=settlement.drawn_at, limit=10)
    assert (Payout.objects.get().state, money(payout)) == ("sent", (0, 97_000, 0))
    assert "could not be settled" in caplog.text


def test_killed_in_the_middle_of_the_call(
    payout: Payout, settlement: Settlement, banks: Banks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The intent was committed, the bank has paid, and the worker dies before it hears of it: one payout, one entry."""
    real = flow._call

    def dies(taken: Payout) -> PayoutResult:
        real(taken)
        raise KeyboardInterrupt

    monkeypatch.setattr(flow, "_call", dies)
    with pytest.raises(KeyboardInterrupt):
        send_due_payouts(now=settlement.drawn_at, limit=10)
    assert (Payout.objects.get().state, Payout.objects.get().tries, transfers(banks)) == ("sent", 1, 1)
    assert money(payout) == (0, 97_000, 0)
    monkeypatch.undo()
    assert send_due_payouts(now=settlement.drawn_at + MINUTE, limit=10) == 1
    assert (Payout.objects.get().state, transfers(banks)) == ("paid", 1)
    assert Entry.objects.filter(reason="payout_paid").count() == 1
    assert money(payout) == (0, 0, 97_000)


def test_nothing_is_locked_during_the_call(
    payout: Payout, settlement: Settlement, banks: Banks, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import connection

    depths: list[int] = []
    real = flow._call
    outside = len(connection.savepoint_ids)

    def call(taken: Payout) -> PayoutResult:
        depths.append(len(connection.savepoint_ids))
        return real(taken)

    monkeypatch.setattr(flow, "_call", call)
    send_due_payouts(now=settlement.drawn_at, limit=10)
    assert depths == [outside]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("locked", [True, False], ids=["locked", "control: locks off"])
def test_two_sweepers_send_it_once(
    locked: bool, payout: Payout, settlement: Settlement, banks: Banks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without locks both take it, and only the bank's memory of the number keeps it from being paid twice."""
    Meeting().before(monkeypatch, "wanku.flows.settling.send_due_payouts.payable_to")
    if not locked:
        locks_off(monkeypatch)
    at_once(*[lambda: send_due_payouts(now=settlement.drawn_at, limit=10)] * 2)
    sent = Move.objects.filter(subject_type="payout", event="send").count()
    assert sent == (1 if locked else 2), "nobody raced, so nothing is proven"
    assert (transfers(banks), the_bank(banks).paid_out()) == (1, 97_000)
    assert Entry.objects.filter(reason="payout_paid").count() == 1
    assert settlement.drawn_at > NOW
