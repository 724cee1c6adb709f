"""A payout that finance calls off: its money is available again."""

import pytest

from tests.banks import Banks
from tests.cast import Shop
from tests.payouts import account, approved, made, settled
from tests.sale import balance
from wanku.access.actor import Actor
from wanku.audit.models import Act, Move
from wanku.flows.settling.decline_payout import decline_payout
from wanku.flows.settling.make_payout import make_payout
from wanku.flows.settling.settle_merchant import settle_merchant
from wanku.kernel.ids import new_id
from wanku.kernel.refusal import Refusal
from wanku.ledger.models import Entry
from wanku.ledger.post import PAYOUT_CLEARING, available
from wanku.settlement.models import Payout, Settlement

pytestmark = pytest.mark.django_db


@pytest.fixture
def settlement(ann_actor: Actor, bo: Shop, banks: Banks) -> Settlement:
    """To be paid."""
    account(bo)
    return settled(ann_actor, bo)


def test_the_money_is_available_again(settlement: Settlement, maker: Actor, checker: Actor) -> None:
    payout = made(settlement, maker)
    decline_payout(payout.pk, actor=checker, because="金额有误", now=settlement.drawn_at)
    payout.refresh_from_db()
    settlement.refresh_from_db()
    assert (payout.state, payout.failure, settlement.state) == ("failed", "declined", "failed")
    assert (balance(available(settlement.merchant_id)), balance(PAYOUT_CLEARING)) == (97_000, 0)
    assert Act.objects.get(verb="decline_payout").because == "金额有误"
    with pytest.raises(Refusal, match="wrong_state"):
        make_payout(settlement.pk, actor=maker, now=settlement.drawn_at)
    again = settle_merchant(settlement.merchant_id, actor=maker, because="重新结算", now=settlement.drawn_at)[0]
    assert (again.opening, again.payouts, again.payable) == (97_000, 0, 97_000)
    assert make_payout(again.pk, actor=maker, now=settlement.drawn_at).amount == 97_000


def test_refused(settlement: Settlement, maker: Actor, checker: Actor, bo: Shop) -> None:
    payout = approved(settlement, maker, checker)
    moves, entries = Move.objects.count(), Entry.objects.count()
    for payout_id, actor, because, code in (
        (payout.pk, checker, "太晚了", "wrong_state"),
        (payout.pk, checker, "", "bad_value"),
        (payout.pk, bo.actor, "我的钱", "not_allowed"),
        (new_id(), checker, "没有", "not_found"),
    ):
        with pytest.raises(Refusal) as refusal:
            decline_payout(payout_id, actor=actor, because=because, now=settlement.drawn_at)
        assert refusal.value.code.name == code
    assert (Move.objects.count(), Entry.objects.count()) == (moves, entries)
    assert Payout.objects.get().state == "approved"
