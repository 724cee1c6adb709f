"""One person closes small differences alone, and not many of them a day; what is more takes a second one."""

from datetime import datetime, timedelta

import pytest

from tests.billed import NEXT_MORNING, TODAY, Billed
from tests.cast import NOW
from wanku.access.actor import Actor
from wanku.access.models import PlatformRole
from wanku.audit import rules
from wanku.audit.models import Act
from wanku.flows.proving.prove_books import prove_books
from wanku.flows.reconciling.decide_case import decide_case
from wanku.flows.reconciling.reconcile_day import reconcile_day
from wanku.flows.reconciling.remind_cases import remind_cases
from wanku.flows.reconciling.resolve_case import resolve_case
from wanku.kernel.refusal import Refusal
from wanku.ledger.models import Entry
from wanku.payments.channel import BillRow
from wanku.reconciliation.allowance import allowance
from wanku.reconciliation.models import FinanceCase
from wanku.reconciliation.policy import Allowance, Kind, stake

DAY = timedelta(days=1)
OTHER = Actor(person_id=987_654, platform=frozenset({PlatformRole.FINANCE.value}))


def cases(channel: Billed, *amounts: int, currency: str = "CNY") -> list[FinanceCase]:
    """A difference of each amount: lines of a bill that nobody knows."""
    for n, amount in enumerate(amounts):
        name = f"stranger-{currency}-{n}"
        channel.rows.append(BillRow("payment", name, f"R{name}", amount, 0, currency, NOW))
    reconcile_day("sandbox", TODAY, now=NEXT_MORNING)
    found = {case.number: case for case in FinanceCase.objects.filter(currency=currency)}
    return [found[f"stranger-{currency}-{n}"] for n in range(len(amounts))]


def close(case: FinanceCase, actor: Actor, how: str = "write_off", at: datetime = NEXT_MORNING) -> str:
    """The state that it is in afterwards."""
    return resolve_case(case.pk, how, actor=actor, because="核对过渠道与银行", now=at).state


def booked() -> int:
    """Entries of write-offs."""
    return Entry.objects.filter(reason="write_off").count()


def test_the_sum_of_a_day(channel: Billed, di_actor: Actor) -> None:
    found = cases(channel, 10_000, 10_000, 9_999, 2, 1)
    hows = ("write_off", "explained", "write_off", "write_off", "explained")
    assert [close(case, di_actor, how) for case, how in zip(found, hows, strict=True)] == [
        "resolved", "resolved", "resolved", "proposed", "resolved"
    ]  # fmt: skip
    assert booked() == 2
    assert FinanceCase.objects.get(pk=found[3].pk).proposed_by == di_actor.person_id
    assert allowance(di_actor.person_id, "CNY", now=NEXT_MORNING) == Allowance(10_000, 30_000, 30_000)


def test_another_person_day_or_currency_has_a_sum_of_its_own(channel: Billed, di_actor: Actor) -> None:
    found = cases(channel, 10_000, 10_000, 10_000, 10_000, 10_000)
    dollars = cases(channel, 10_000, currency="USD")
    assert {close(case, di_actor) for case in found[:3]} == {"resolved"}
    assert close(found[3], OTHER) == "resolved"
    assert close(dollars[0], di_actor, "explained") == "resolved"
    late = NEXT_MORNING.replace(hour=15, minute=59)  # one minute to midnight in China
    assert close(found[4], di_actor, at=late) == "proposed"
    decide_case(found[4].pk, approve=False, actor=OTHER, because="再问问", now=late)
    assert close(found[4], di_actor, at=late + timedelta(minutes=1)) == "resolved"


def test_what_two_agreed_on_counts_for_nobody(channel: Billed, di_actor: Actor) -> None:
    large, *small = cases(channel, 50_000, 10_000, 10_000, 10_000)
    assert close(large, di_actor) == "proposed"
    decide_case(large.pk, approve=True, actor=OTHER, because="同意", now=NEXT_MORNING)
    assert [allowance(who.person_id, "CNY", now=NEXT_MORNING).used for who in (di_actor, OTHER)] == [0, 0]
    assert {close(case, di_actor) for case in small} == {"resolved"}


def test_explained_takes_two_and_books_nothing(channel: Billed, di_actor: Actor) -> None:
    (case,) = cases(channel, 10_001)
    assert close(case, di_actor, "explained") == "proposed"
    before = list(FinanceCase.objects.values())
    for actor, code in ((di_actor, "own_proposal"), (Actor(), "sign_in")):
        with pytest.raises(Refusal) as no:
            decide_case(case.pk, approve=True, actor=actor, because="同意", now=NEXT_MORNING)
        assert no.value.code.name == code
    assert list(FinanceCase.objects.values()) == before and Act.objects.count() == 1
    decide_case(case.pk, approve=True, actor=OTHER, because="同意", now=NEXT_MORNING)
    case.refresh_from_db()
    assert (case.state, case.resolution, case.resolved_by) == ("resolved", "explained", OTHER.person_id)
    assert list(Act.objects.order_by("id").values_list("verb", flat=True)) == [
        "propose_explanation",
        "approve_explanation",
    ]
    assert booked() == 0
    assert [check.rows for check in prove_books() if not check.holds] == []


@pytest.mark.parametrize("how", ["write_off", "explained"])
def test_declined_or_lapsed_it_is_open_again_and_nothing_is_booked(channel: Billed, di_actor: Actor, how: str) -> None:
    (case,) = cases(channel, 10_001)
    for end in ("decline", "lapse"):
        assert close(case, di_actor, how) == "proposed"
        if end == "decline":
            decide_case(case.pk, approve=False, actor=OTHER, because="证据不足", now=NEXT_MORNING)
        else:
            remind_cases(now=NEXT_MORNING + 2 * DAY, limit=9)
        case.refresh_from_db()
        assert (case.state, case.resolution, case.proposed_by) == ("open", "", None)
        assert booked() == 0
        assert allowance(di_actor.person_id, "CNY", now=NEXT_MORNING).used == 0


def test_the_rules_in_force_decide(channel: Billed, di_actor: Actor) -> None:
    found = cases(channel, 6_000, 6_000, 1)
    rules.change("close_alone_day", 60, set_by=None, because="收紧", now=NOW)
    assert [close(case, di_actor) for case in found[:2]] == ["resolved", "proposed"]
    rules.change("close_alone", 0, set_by=None, because="一律双人", now=NOW)
    rules.change("close_alone_day", 9_000, set_by=None, because="一律双人", now=NOW)
    assert close(found[2], di_actor) == "proposed"


@pytest.mark.parametrize(
    ("kind", "ours", "theirs", "expected"),
    [
        (Kind.AMOUNT, 9_900, 9_890, 10),
        (Kind.MISSING_THERE, 9_900, None, 9_900),
        (Kind.MISSING_HERE, None, 9_900, 9_900),
        (Kind.FEE, 59, 40, 19),
        (Kind.CURRENCY, 9_900, 9_900, 9_900),
        (Kind.CURRENCY, 9_900, 1_400, 9_900),
    ],
)
def test_what_is_at_stake(kind: Kind, ours: int | None, theirs: int | None, expected: int) -> None:
    assert stake(kind, ours, theirs) == expected
