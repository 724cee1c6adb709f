"""What is more than one may close alone is closed by a second person, or not at all."""

import pytest

from tests.billed import NEXT_MORNING, TODAY, Billed
from tests.cast import NOW
from wanku.access.actor import Actor
from wanku.access.models import PlatformRole
from wanku.audit.models import Act
from wanku.flows.proving.prove_books import prove_books
from wanku.flows.reconciling.decide_case import decide_case
from wanku.flows.reconciling.reconcile_day import reconcile_day
from wanku.flows.reconciling.resolve_case import resolve_case
from wanku.kernel.refusal import Refusal
from wanku.ledger.models import Entry
from wanku.payments.channel import BillRow
from wanku.reconciliation.models import Bill, FinanceCase

CHECKER = Actor(person_id=987_654, platform=frozenset({PlatformRole.FINANCE.value}))


@pytest.fixture
def proposed(channel: Billed, di_actor: Actor) -> FinanceCase:
    """A write-off of ¥500 that waits for a second person."""
    channel.rows.append(BillRow("payment", "stranger", "R", 50_000, 0, "CNY", NOW))
    reconcile_day("sandbox", TODAY, now=NEXT_MORNING)
    return resolve_case(
        FinanceCase.objects.get().pk, "write_off", actor=di_actor, because="来源不明", now=NEXT_MORNING
    )  # fmt: skip


def decide(case: FinanceCase, actor: Actor, *, approve: bool = True, because: str = "同意") -> FinanceCase:
    """As a person of finance does it."""
    return decide_case(case.pk, approve=approve, actor=actor, because=because, now=NEXT_MORNING)


def test_approved(proposed: FinanceCase, di_actor: Actor) -> None:
    case = decide(proposed, CHECKER)
    case.refresh_from_db()
    assert (case.state, case.resolution) == ("resolved", "write_off")
    assert (case.proposed_by, case.resolved_by) == (di_actor.person_id, CHECKER.person_id)
    assert Entry.objects.get(reason="write_off").ref_id == str(case.pk)
    bill = Bill.objects.get()
    assert bill.ours == bill.theirs
    assert list(Act.objects.order_by("id").values_list("verb", flat=True)) == ["propose_write_off", "approve_write_off"]
    assert [check.rows for check in prove_books() if not check.holds] == []


def test_declined(proposed: FinanceCase) -> None:
    case = decide(proposed, CHECKER, approve=False, because="再问问渠道")
    case.refresh_from_db()
    assert (case.state, case.resolution, case.proposed_by) == ("open", "", None)
    assert not Entry.objects.filter(reason="write_off").exists()


def test_refusals(proposed: FinanceCase, di_actor: Actor, ann_actor: Actor) -> None:
    for actor, because, code in (
        (di_actor, "同意", "own_proposal"),
        (ann_actor, "同意", "not_allowed"),
        (Actor(), "同意", "sign_in"),
        (CHECKER, "", "bad_value"),
    ):
        with pytest.raises(Refusal) as no:
            decide(proposed, actor, because=because)
        assert no.value.code.name == code
    assert not Entry.objects.filter(reason="write_off").exists()
    assert FinanceCase.objects.get().state == "proposed"
    decide(proposed, CHECKER)
    with pytest.raises(Refusal) as no:
        decide(proposed, CHECKER)
    assert no.value.code.name == "wrong_state"
    assert Entry.objects.filter(reason="write_off").count() == 1
