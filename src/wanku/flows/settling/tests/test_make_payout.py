"""The first person: what may be paid out, and that a refusal leaves everything as it was."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from tests.at_once import Meeting, at_once, locks_off
from tests.banks import Banks
from tests.cast import NOW, Shop
from tests.payouts import account, made, seat, settled
from tests.sale import balance
from wanku.access.actor import Actor
from wanku.audit.models import Act, Move
from wanku.flows.settling.make_payout import make_payout
from wanku.kernel.ids import new_id
from wanku.kernel.refusal import Refusal
from wanku.ledger.models import Entry
from wanku.ledger.post import PAYOUT_CLEARING, REFUNDS_DUE, Line, available, post
from wanku.merchants.models import Merchant
from wanku.payments.accounts import forget
from wanku.payments.models import ChannelAccount
from wanku.settlement.models import Payout, Settlement

pytestmark = pytest.mark.django_db


def refused(settlement: Settlement, actor: Actor) -> str:
    """The code; and nothing happened."""
    entries, moves, acts = Entry.objects.count(), Move.objects.count(), Act.objects.count()
    with pytest.raises(Refusal) as refusal:
        make_payout(settlement.pk, actor=actor, now=settlement.drawn_at)
    assert (Entry.objects.count(), Move.objects.count(), Act.objects.count()) == (entries, moves, acts)
    return refusal.value.code.name


def test_the_money_leaves_the_balance(ann_actor: Actor, bo: Shop, maker: Actor, banks: Banks) -> None:
    account(bo)
    settlement = settled(ann_actor, bo)
    payout = made(settlement, maker)
    assert (payout.state, payout.amount, payout.maker, payout.checker) == ("created", 97_000, maker.person_id, None)
    assert payout.due_at == settlement.drawn_at + timedelta(days=1)
    assert (balance(available(bo.merchant.pk)), balance(PAYOUT_CLEARING)) == (0, 97_000)
    settlement.refresh_from_db()
    assert (settlement.state, settlement.due_at) == ("paying", None)
    assert Act.objects.get(verb="make_payout").actor_id == maker.person_id


def test_what_went_back_meanwhile_takes_precedence(ann_actor: Actor, bo: Shop, maker: Actor, banks: Banks) -> None:
    account(bo)
    settlement = settled(ann_actor, bo)
    lines = [Line(available(bo.merchant.pk), -60_000, bo.merchant.pk), Line(REFUNDS_DUE, 60_000)]
    post(key="r1", reason="refund_due", ref_type="t", ref_id="t", currency="CNY", lines=lines, now=NOW)
    assert made(settlement, maker).amount == 37_000


def test_too_little_left(ann_actor: Actor, bo: Shop, maker: Actor, banks: Banks) -> None:
    account(bo)
    settlement = settled(ann_actor, bo)
    lines = [Line(available(bo.merchant.pk), -96_001, bo.merchant.pk), Line(REFUNDS_DUE, 96_001)]
    post(key="r1", reason="refund_due", ref_type="t", ref_id="t", currency="CNY", lines=lines, now=NOW)
    assert refused(settlement, maker) == "too_little"
    assert not Payout.objects.exists()


@pytest.mark.parametrize("standing", ["restricted", "suspended", "closed"])
def test_the_standing_forbids_it(standing: str, ann_actor: Actor, bo: Shop, maker: Actor, banks: Banks) -> None:
    account(bo)
    settlement = settled(ann_actor, bo)
    Merchant.objects.filter(pk=bo.merchant.pk).update(state=standing)
    assert refused(settlement, maker) == "standing_holds_money"
    assert not Payout.objects.exists()


def test_no_account_or_one_that_was_just_changed(ann_actor: Actor, bo: Shop, maker: Actor, banks: Banks) -> None:
    settlement = settled(ann_actor, bo)
    assert refused(settlement, maker) == "no_bank_account"
    account(bo)
    account(bo, at=settlement.drawn_at + timedelta(seconds=1))
    assert refused(settlement, maker) == "account_cooling"
    assert not Payout.objects.exists()


def test_no_bank(ann_actor: Actor, bo: Shop, maker: Actor) -> None:
    account(bo)
    ChannelAccount.objects.all().delete()
    forget()
    assert refused(settled(ann_actor, bo), maker) == "no_bank"


def test_only_finance(ann_actor: Actor, bo: Shop, banks: Banks) -> None:
    account(bo)
    settlement = settled(ann_actor, bo)
    for actor in (
        Actor(),
        ann_actor,
        bo.actor,
        Actor(person_id=ann_actor.person_id, platform=frozenset({"operations"})),
    ):
        assert refused(settlement, actor) in {"sign_in", "not_allowed"}
    assert not Payout.objects.exists()


def test_once_for_each_settlement(ann_actor: Actor, bo: Shop, maker: Actor, checker: Actor, banks: Banks) -> None:
    account(bo)
    settlement = settled(ann_actor, bo)
    made(settlement, maker)
    assert refused(settlement, checker) == "wrong_state"
    assert Payout.objects.count() == 1
    with pytest.raises(Refusal, match="not_found"):
        make_payout(new_id(), actor=maker, now=NOW)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("locked", [True, False], ids=["locked", "control: locks off"])
def test_two_payouts_at_once(
    locked: bool, ann_actor: Actor, bo: Shop, banks: Banks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One wins, the other is told. Without locks both find it unpaid, and only the database refuses the second."""
    account(bo)
    settlement = settled(ann_actor, bo)
    meeting = Meeting()
    meeting.before(monkeypatch, "wanku.flows.settling.make_payout.payable_to")
    if not locked:
        locks_off(monkeypatch)
    people = [seat("one"), seat("two")]
    answers = at_once(
        *[lambda who=who: make_payout(settlement.pk, actor=who, now=settlement.drawn_at) for who in people]
    )
    told = [answer for answer in answers if isinstance(answer, Exception)]
    assert len(told) == 1
    assert Payout.objects.count() == 1
    assert balance(PAYOUT_CLEARING) == 97_000
    if not locked:
        assert isinstance(told[0], IntegrityError), "nobody raced, so nothing is proven"
        return
    assert isinstance(told[0], Refusal)
    assert told[0].code.name == "wrong_state"
