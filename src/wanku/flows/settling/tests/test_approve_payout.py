"""The second person is somebody else, and says yes once."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.at_once import Meeting, at_once, locks_off
from tests.banks import Banks
from tests.cast import Shop
from tests.payouts import account, made, seat, settled
from wanku.access.actor import Actor
from wanku.audit.models import Act, Move
from wanku.flows.settling.approve_payout import approve_payout
from wanku.kernel.ids import new_id
from wanku.kernel.refusal import Refusal
from wanku.merchants.models import Merchant
from wanku.settlement.models import Payout

pytestmark = pytest.mark.django_db


@pytest.fixture
def payout(ann_actor: Actor, bo: Shop, maker: Actor, banks: Banks) -> Payout:
    """Made, and waiting."""
    account(bo)
    return made(settled(ann_actor, bo), maker)


def refused(payout: Payout, actor: Actor) -> str:
    """The code; and nothing happened."""
    moves, acts, before = Move.objects.count(), Act.objects.count(), Payout.objects.values().get()
    with pytest.raises(Refusal) as refusal:
        approve_payout(payout.pk, actor=actor, now=payout.created_at)
    assert (Move.objects.count(), Act.objects.count(), Payout.objects.values().get()) == (moves, acts, before)
    return refusal.value.code.name


def test_it_is_due_to_leave(payout: Payout, checker: Actor) -> None:
    approve_payout(payout.pk, actor=checker, now=payout.created_at)
    payout.refresh_from_db()
    assert (payout.state, payout.checker, payout.due_at) == ("approved", checker.person_id, payout.created_at)
    assert Act.objects.get(verb="approve_payout").facts["maker"] == payout.maker
    assert refused(payout, checker) == "wrong_state"


def test_not_by_who_made_it(payout: Payout, maker: Actor) -> None:
    assert refused(payout, maker) == "same_person"
    administrator = Actor(person_id=maker.person_id, platform=frozenset({"admin", "finance"}))
    assert refused(payout, administrator) == "same_person", "another role makes no other person"


def test_the_database_knows_that_it_takes_two(payout: Payout, maker: Actor) -> None:
    for fields in ({"checker": maker.person_id}, {"state": "approved"}, {"state": "sent"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Payout.objects.update(**fields)


def test_only_finance(payout: Payout, ann_actor: Actor, bo: Shop) -> None:
    for actor in (
        Actor(),
        ann_actor,
        bo.actor,
        Actor(person_id=ann_actor.person_id, platform=frozenset({"operations"})),
    ):
        assert refused(payout, actor) in {"sign_in", "not_allowed"}
    with pytest.raises(Refusal, match="not_found"):
        approve_payout(new_id(), actor=Actor(person_id=1, platform=frozenset({"finance"})), now=payout.created_at)


def test_standing_and_account_count_again(payout: Payout, checker: Actor, bo: Shop) -> None:
    Merchant.objects.filter(pk=bo.merchant.pk).update(state="suspended")
    assert refused(payout, checker) == "standing_holds_money"
    Merchant.objects.filter(pk=bo.merchant.pk).update(state="active")
    account(bo, at=payout.created_at + timedelta(hours=1))
    assert refused(payout, checker) == "account_cooling"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("locked", [True, False], ids=["locked", "control: locks off"])
def test_two_approvals_at_once(locked: bool, payout: Payout, monkeypatch: pytest.MonkeyPatch) -> None:
    """One wins, the other is told. Without locks both approve."""
    people = [seat("one"), seat("two")]
    Meeting().before(monkeypatch, "wanku.flows.settling.approve_payout.payable_to")
    if not locked:
        locks_off(monkeypatch)
    answers = at_once(*[lambda who=who: approve_payout(payout.pk, actor=who, now=payout.created_at) for who in people])
    moves = Move.objects.filter(subject_type="payout", event="approve").count()
    if not locked:
        assert moves == 2, "nobody raced, so nothing is proven"
        return
    assert moves == 1
    told = [answer for answer in answers if isinstance(answer, Refusal)]
    assert [refusal.code.name for refusal in told] == ["wrong_state"]
