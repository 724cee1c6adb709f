"""Nobody acts: finance is reminded, and nothing is paid."""

import pytest

from tests.banks import Banks
from tests.cast import Shop
from tests.payouts import DAY, account, made, settled
from wanku.access.actor import Actor
from wanku.audit.models import Move
from wanku.flows.settling.remind_payouts import remind_payouts
from wanku.flows.settling.send_due_payouts import send_due_payouts
from wanku.settlement.models import Payout, Settlement

pytestmark = pytest.mark.django_db


def test_of_what_is_not_paid_and_of_what_is_not_approved(
    ann_actor: Actor, bo: Shop, maker: Actor, banks: Banks
) -> None:
    account(bo)
    settlement = settled(ann_actor, bo)
    day = settlement.drawn_at + DAY
    assert remind_payouts(now=settlement.drawn_at, limit=10) == 0
    assert remind_payouts(now=day, limit=10) == 1
    assert remind_payouts(now=day, limit=10) == 0
    settlement.refresh_from_db()
    assert (settlement.state, settlement.due_at) == ("payable", day + DAY)
    made(Settlement.objects.get(), maker)
    assert remind_payouts(now=day, limit=10) == 1
    assert Payout.objects.get().state == "created"
    assert send_due_payouts(now=day, limit=10) == 0
    reminded = Move.objects.filter(event="remind").order_by("id").values_list("subject_type", flat=True)
    assert list(reminded) == ["settlement", "payout"]
