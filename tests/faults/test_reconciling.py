"""Two at the same bill, two at the same case: one effect. Controls show each race."""

from collections.abc import Callable
from functools import partial

import pytest

from tests.at_once import Meeting, at_once, locks_off
from tests.billed import NEXT_MORNING, TODAY, Billed, pay_there
from tests.bought import placed
from tests.cast import NOW, Shop, product_of
from wanku.access.actor import Actor
from wanku.access.models import PlatformRole
from wanku.audit import rules
from wanku.audit.models import Act, Move
from wanku.flows.proving.prove_books import prove_books
from wanku.flows.reconciling.decide_case import decide_case
from wanku.flows.reconciling.fetch_bill import fetch_bill
from wanku.flows.reconciling.match_bill import match_bill
from wanku.flows.reconciling.reconcile_day import reconcile_day
from wanku.flows.reconciling.reconcile_due import reconcile_due
from wanku.flows.reconciling.resolve_case import resolve_case
from wanku.kernel.refusal import Refusal
from wanku.ledger.models import Entry
from wanku.payments.channel import BillRow
from wanku.payments.gateways import GATEWAYS
from wanku.reconciliation.models import Bill, BillLine, FinanceCase

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault]
both = pytest.mark.parametrize("locked", [True, False], ids=["locked", "control: locks off"])
FINANCE = frozenset({PlatformRole.FINANCE.value})
STRANGER = BillRow("payment", "stranger", "R", 50_000, 0, "CNY", NOW)


def events(kind: str, event: str) -> int:
    """How often something happened to a bill or a case."""
    return Move.objects.filter(subject_type=kind, event=event).count()


@both
def test_two_compare_one_bill(
    locked: bool, channel: Billed, ann_actor: Actor, bo: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    pay_there(channel, placed(ann_actor, (product_of(bo.merchant), 1)))
    channel.rows.append(STRANGER)
    bill = fetch_bill("sandbox", TODAY, now=NEXT_MORNING)
    Meeting().before(monkeypatch, "wanku.flows.reconciling._sql.match_lines")
    if not locked:
        locks_off(monkeypatch)
    answers = at_once(*[partial(match_bill, bill.pk, now=NEXT_MORNING)] * 2)
    assert not [answer for answer in answers if isinstance(answer, Exception)], answers
    # Whatever happens, the database lets no difference become two cases.
    assert FinanceCase.objects.count() == 1
    if not locked:
        assert events("bill", "match") == 2, "nobody raced, so nothing is proven"
        return
    assert events("bill", "match") == 1
    assert sorted(answer.cases for answer in answers) == [0, 1]  # type: ignore[union-attr]


@both
def test_two_fetch_one_bill(locked: bool, channel: Billed, monkeypatch: pytest.MonkeyPatch) -> None:
    channel.rows.append(STRANGER)
    bill = fetch_bill("sandbox", TODAY, now=NEXT_MORNING)
    channel.rows.append(BillRow("payment", "other", "R2", 1, 0, "CNY", NOW))
    Meeting().before(monkeypatch, "wanku.flows.reconciling.fetch_bill.keep")
    if not locked:
        locks_off(monkeypatch)
    at_once(*[partial(fetch_bill, "sandbox", TODAY, now=NEXT_MORNING)] * 2)
    assert BillLine.objects.filter(bill=bill, gone_at=None).count() == 2
    assert events("bill", "fetch") == (2 if locked else 3)


@both
def test_two_decide_on_one_write_off(
    locked: bool, channel: Billed, di_actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both approve: one of them is told that it is too late, and it is booked once."""
    channel.rows.append(STRANGER)
    reconcile_day("sandbox", TODAY, now=NEXT_MORNING)
    case = FinanceCase.objects.get()
    resolve_case(case.pk, "write_off", actor=di_actor, because="来源不明", now=NEXT_MORNING)
    Meeting().before(monkeypatch, "wanku.flows.reconciling.decide_case.move")
    if not locked:
        locks_off(monkeypatch)
    calls: list[Callable[[], object]] = [
        partial(
            decide_case, case.pk, approve=True, actor=Actor(person_id=pk, platform=FINANCE), because="核对过",
            now=NEXT_MORNING,
        )
        for pk in (91, 92)
    ]  # fmt: skip
    answers = at_once(*calls)
    assert Entry.objects.filter(reason="write_off").count() == 1, "the key of the entry books once, race or not"
    if not locked:
        assert events("finance_case", "approve") == 2, "nobody raced, so nothing is proven"
        return
    assert events("finance_case", "approve") == 1
    (late,) = [answer for answer in answers if isinstance(answer, Exception)]
    assert isinstance(late, Refusal) and late.code.name == "wrong_state"
    assert Act.objects.filter(verb="approve_write_off").count() == 1
    assert [check.rows for check in prove_books() if not check.holds] == []


@both
def test_one_person_closes_two_at_once(
    locked: bool, channel: Billed, di_actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each would be within the sum of the day, both are not: one of them waits for a second person."""
    rules.change("close_alone_day", 150, set_by=None, because="测试", now=NOW)
    channel.rows += [BillRow("payment", f"s{n}", f"R{n}", 10_000, 0, "CNY", NOW) for n in range(2)]
    reconcile_day("sandbox", TODAY, now=NEXT_MORNING)
    Meeting().before(monkeypatch, "wanku.flows.reconciling.resolve_case.move")
    if not locked:
        locks_off(monkeypatch)
    calls = [
        partial(resolve_case, case.pk, "write_off", actor=di_actor, because="来源不明", now=NEXT_MORNING)
        for case in FinanceCase.objects.order_by("number")
    ]
    answers = at_once(*calls)
    assert not [answer for answer in answers if isinstance(answer, Exception)], answers
    closed = FinanceCase.objects.filter(state="resolved").count()
    if not locked:
        assert closed == 2, "nobody raced, so nothing is proven"
        return
    assert (closed, FinanceCase.objects.filter(state="proposed").count()) == (1, 1)
    assert Entry.objects.filter(reason="write_off").count() == 1
    assert [check.rows for check in prove_books() if not check.holds] == []


def test_many_sweepers(channel: Billed, ann_actor: Actor, bo: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in GATEWAYS if name != channel.name]:
        monkeypatch.delitem(GATEWAYS, name)
    pay_there(channel, placed(ann_actor, (product_of(bo.merchant), 1)))
    channel.rows.append(STRANGER)
    answers = at_once(*[partial(reconcile_due, now=NEXT_MORNING, limit=9)] * 6)
    assert not [answer for answer in answers if isinstance(answer, Exception)], answers
    assert (Bill.objects.get().state, FinanceCase.objects.count()) == ("matched", 1)
    assert Entry.objects.filter(reason="channel_fees").count() == 1
    assert events("bill", "fetch") == 1 == events("bill", "match")
    assert [check.rows for check in prove_books() if not check.holds] == []
