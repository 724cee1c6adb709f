"""A case has an owner, and the trail tells who took it from whom."""

import pytest

from tests.billed import NEXT_MORNING, TODAY, Billed
from tests.cast import NOW
from wanku.access.actor import Actor
from wanku.audit.models import Act
from wanku.flows.reconciling.reconcile_day import reconcile_day
from wanku.flows.reconciling.take_case import take_case
from wanku.kernel.refusal import Refusal
from wanku.payments.channel import BillRow
from wanku.reconciliation.models import FinanceCase


@pytest.fixture
def case(channel: Billed, db: None) -> FinanceCase:
    """A payment that we do not know."""
    channel.rows.append(BillRow("payment", "stranger", "R", 500, 0, "CNY", NOW))
    reconcile_day("sandbox", TODAY, now=NEXT_MORNING)
    return FinanceCase.objects.get()


def test_taken_once(case: FinanceCase, di_actor: Actor) -> None:
    for _ in range(2):
        take_case(case.pk, actor=di_actor, now=NEXT_MORNING)
    case.refresh_from_db()
    assert (case.owner_id, case.state) == (di_actor.person_id, "open")
    assert Act.objects.get().facts == {"before": None}


def test_refusals(case: FinanceCase, ann_actor: Actor, di_actor: Actor) -> None:
    with pytest.raises(Refusal) as no:
        take_case(case.pk, actor=ann_actor, now=NEXT_MORNING)
    assert no.value.code.name == "not_allowed"
    FinanceCase.objects.update(state="resolved", resolution="explained", due_at=None)
    with pytest.raises(Refusal) as no:
        take_case(case.pk, actor=di_actor, now=NEXT_MORNING)
    assert no.value.code.name == "wrong_state"
    assert FinanceCase.objects.get().owner_id is None
