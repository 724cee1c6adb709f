"""Bills beside our books, and the cases of finance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Min, Q

from wanku.audit.models import Act, Move
from wanku.people.models import Person
from wanku.reconciliation.models import Bill, BillLine, FinanceCase, Found
from wanku.reconciliation.states import EXPECTED, LATE, OPEN, PROPOSED, RESOLVED

BILLS, LINES, CASES = 30, 50, 30
CASE_STATES = (OPEN, PROPOSED, EXPECTED, RESOLVED)
DIFFERS = "differs"
LINE_TABS = ("", DIFFERS, Found.CARRIED.value, Found.MATCHED.value, "gone")
UNSETTLED = Q(gone_at=None) & ~Q(found__in=[Found.MATCHED, Found.CARRIED, Found.NEW])


@dataclass(frozen=True, slots=True)
class Sum:
    """One currency of a bill: what came in, went back and was charged, on both sides, in minor units."""

    currency: str
    theirs: Mapping[str, int]
    ours: Mapping[str, int]

    @property
    def rows(self) -> Sequence[tuple[str, int, int, int]]:
        """What, theirs, ours, and theirs less ours."""
        parts = ((part, self.theirs.get(part, 0), self.ours.get(part, 0)) for part in ("in", "back", "fee"))
        return [(part, theirs, ours, theirs - ours) for part, theirs, ours in parts]

    @property
    def net_theirs(self) -> int:
        """What the channel owes us for the day."""
        return net(self.theirs)

    @property
    def net_ours(self) -> int:
        """The same by our books."""
        return net(self.ours)

    @property
    def difference(self) -> int:
        """Theirs less ours."""
        return self.net_theirs - self.net_ours


def net(side: Mapping[str, int]) -> int:
    """In, less what went back and what was charged."""
    return side.get("in", 0) - side.get("back", 0) - side.get("fee", 0)


def sums(bill: Bill) -> list[Sum]:
    """Both sides of a bill by currency."""
    codes = sorted({*bill.theirs, *bill.ours})
    return [Sum(code, bill.theirs.get(code, {}), bill.ours.get(code, {})) for code in codes]


def bills(gateway: str, number: str | None) -> Page[Any]:
    """Bills of a channel or of all, the latest day first, with the cases that are open."""
    rows = Bill.objects.annotate(open_cases=Count("cases", filter=Q(cases__due_at__isnull=False)))
    if gateway:
        rows = rows.filter(gateway=gateway)
    return Paginator(rows.order_by("-day", "gateway"), BILLS).get_page(number)


def gateways() -> list[str]:
    """Channels that were ever billed."""
    return list(Bill.objects.order_by("gateway").values_list("gateway", flat=True).distinct())


@dataclass(frozen=True, slots=True)
class Standing:
    """What waits: open cases with the oldest, write-offs that need a second person, and late bills."""

    open: int
    oldest: Any
    proposed: int
    expected: int
    late_bills: int


def standing() -> Standing:
    """The figures above the list."""
    found = FinanceCase.objects.filter(due_at__isnull=False).aggregate(
        open=Count("pk", filter=Q(state=OPEN)),
        proposed=Count("pk", filter=Q(state=PROPOSED)),
        expected=Count("pk", filter=Q(state=EXPECTED)),
        oldest=Min("opened_at", filter=Q(state=OPEN)),
    )
    return Standing(**found, late_bills=Bill.objects.filter(due_at__isnull=False, state=LATE).count())


def bill(bill_id: UUID) -> Bill | None:
    """One bill."""
    return Bill.objects.filter(pk=bill_id).first()


def lines(bill_id: UUID, tab: str, q: str, number: str | None) -> Page[Any]:
    """Lines of a bill: those that count, those that differ, those of one outcome, or those that were replaced."""
    rows = BillLine.objects.filter(bill=bill_id, gone_at__isnull=tab != "gone")
    if tab == DIFFERS:
        rows = rows.filter(UNSETTLED)
    elif tab not in ("", "gone"):
        rows = rows.filter(found=tab)
    if q:
        rows = rows.filter(Q(number=q) | Q(channel_ref=q))
    return Paginator(rows.order_by("at", "pk").select_related("attempt", "refund"), LINES).get_page(number)


def line_counts(bill_id: UUID) -> Mapping[str, int]:
    """How many lines are behind each tab."""
    found: Mapping[str, int] = BillLine.objects.filter(bill=bill_id).aggregate(
        all=Count("pk", filter=Q(gone_at=None)),
        differs=Count("pk", filter=UNSETTLED),
        carried=Count("pk", filter=Q(gone_at=None, found=Found.CARRIED)),
        matched=Count("pk", filter=Q(gone_at=None, found=Found.MATCHED)),
        gone=Count("pk", filter=Q(gone_at__isnull=False)),
    )
    return {"": found["all"], **found}


def cases_of(bill_id: UUID) -> list[FinanceCase]:
    """The cases of a bill, what waits first."""
    return list(FinanceCase.objects.filter(bill=bill_id).order_by("due_at", "opened_at", "pk")[:CASES])


def cases(state: str, number: str | None) -> Page[FinanceCase]:
    """Cases in a state: those that wait by their clock, the resolved ones the latest first."""
    order = ("-resolved_at", "-pk") if state == RESOLVED else ("due_at", "pk")
    return Paginator(FinanceCase.objects.filter(state=state).order_by(*order), CASES).get_page(number)


def case_counts() -> Mapping[str, int]:
    """How many cases are in each state."""
    return {row["state"]: row["count"] for row in FinanceCase.objects.values("state").annotate(count=Count("pk"))}


def case(case_id: UUID) -> FinanceCase | None:
    """One case with everything that it points to."""
    related = ("bill", "line", "attempt", "refund")
    return FinanceCase.objects.select_related(*related).filter(pk=case_id).first()


def history(kind: str, subject_id: UUID) -> list[Move]:
    """What happened to a bill or a case, the latest first."""
    return list(Move.objects.filter(subject_type=kind, subject_id=str(subject_id)).order_by("-id")[:BILLS])


def acts(kind: str, subject_id: UUID) -> list[Act]:
    """What people did to it, the latest first."""
    return list(Act.objects.filter(subject_type=kind, subject_id=str(subject_id)).order_by("-id")[:BILLS])


def names(ids: Sequence[int | None]) -> Mapping[int, str]:
    """People's names by id."""
    return dict(Person.objects.filter(pk__in=[pk for pk in ids if pk]).values_list("pk", "name"))
