"""Cases of finance: what differs, what may be done about it, and what was done."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wanku.access.can import Permission
from wanku.flows.reconciling.decide_case import decide_case
from wanku.flows.reconciling.resolve_case import resolve_case
from wanku.flows.reconciling.take_case import take_case
from wanku.kernel.money import Money
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.platform_desk import asked, differences, words
from wanku.platform_desk.desk import act, page, show
from wanku.platform_desk.read import reconciliation as read
from wanku.reconciliation.allowance import allowance
from wanku.reconciliation.models import FinanceCase
from wanku.reconciliation.policy import JUDGED, Resolution
from wanku.reconciliation.states import EXPECTED, OPEN
from wanku.ui.channels import channel_text
from wanku.ui.labels import label
from wanku.ui.request import Request
from wanku.ui.words import money_text


@require_safe
@page(Permission.RECONCILE)
def listing(request: Request) -> HttpResponse:
    """Cases by state, those that wait by their clock."""
    state = asked.choice(request, "state", read.CASE_STATES, read.CASE_STATES[0])
    counts = read.case_counts()
    tabs = [
        {
            "label": label("finance_case", name).text,
            "url": f"?state={name}",
            "current": name == state,
            "count": counts.get(name, 0),
            "alert": name in {"open", "proposed"},
        }
        for name in read.CASE_STATES
    ]
    found = read.cases(state, request.GET.get("page"))
    people = read.names([case.owner_id for case in found])
    rows = [
        {
            "case": case,
            "kind": differences.KINDS[case.kind][0],
            "channel": channel_text(case.gateway),
            "owner": people.get(case.owner_id or 0, ""),
            "done": differences.RESOLUTIONS[case.resolution][0] if case.resolution else "",
        }
        for case in found
    ]
    return show(request, "finance_cases.html", {"page": found, "rows": rows, "tabs": tabs, "state": state})


@require_safe
@page(Permission.RECONCILE)
def detail(request: Request, case_id: UUID) -> HttpResponse:
    """One case."""
    return _detail(request, case_id)


def _detail(request: Request, case_id: UUID, problem: Refusal | None = None) -> HttpResponse:
    case = read.case(case_id)
    if case is None:
        raise Refusal(NOT_FOUND)
    acts = read.acts("finance_case", case_id)
    people = read.names([case.owner_id, case.proposed_by, case.resolved_by, *(each.actor_id for each in acts)])
    known = case.attempt or case.refund
    context: dict[str, Any] = {
        "case": case,
        "kind": differences.KINDS[case.kind][0],
        "about": differences.KINDS[case.kind][1],
        "channel": channel_text(case.gateway),
        "trade_id": known.trade_id if known else None,
        "choices": _choices(case),
        "judged": [each.value for each in JUDGED],
        "second": _second(case, request) if case.state in (OPEN, EXPECTED) else "",
        "stake": case.stake,
        "writes_off": case.resolution == Resolution.WRITE_OFF,
        "own": case.proposed_by == request.actor.person_id,
        "mine": case.owner_id == request.actor.person_id,
        "owner": people.get(case.owner_id or 0, ""),
        "proposer": people.get(case.proposed_by or 0, ""),
        "resolver": people.get(case.resolved_by or 0, ""),
        "done": differences.RESOLUTIONS[case.resolution][0] if case.resolution else "",
        "timeline": [words.timeline_item(move) for move in read.history("finance_case", case_id)],
        "acts": [
            {"act": each, "text": words.act_text(each), "by": people.get(each.actor_id or 0, "")} for each in acts
        ],
    }
    return show(request, "finance_case.html", context, problem=problem)


def _second(case: FinanceCase, request: Request) -> str:
    """Why this reader cannot close it alone; empty if they can."""
    may = allowance(request.actor.person_id, case.currency, now=request.now)
    if may.covers(case.stake):
        return ""
    if case.stake > may.each:
        most = money_text(Money(may.each, case.currency))
        return _("Above %(most)s a second person has to agree.") % {"most": most}
    used, most = (money_text(Money(amount, case.currency)) for amount in (may.used, may.day))
    return _(
        "You have closed differences of %(used)s alone today. Above %(most)s in all a second person has to agree."
    ) % {"used": used, "most": most}


def _choices(case: FinanceCase) -> list[tuple[Resolution, Any, Any]]:
    refund = case.kind == "missing_there" and case.subject == "refund"
    again = case.state == "expected"
    return [
        (each, differences.RESOLUTIONS[each][0], differences.SENT_AGAIN if refund and each == "refund_buyer" else what)
        for each in case.offered
        for what in [differences.RESOLUTIONS[each][1]]
        if not (again and each == Resolution.EXPECTED_NEXT_DAY)
    ]


@require_POST
@page(Permission.RECONCILE)
def resolve(request: Request, case_id: UUID) -> HttpResponse:
    """Carry out what was chosen."""
    chosen, because = request.POST.get("resolution", ""), request.POST.get("because", "")
    return act(
        request,
        lambda: resolve_case(case_id, chosen, actor=request.actor, because=because, now=request.now),
        done=_("It was carried out. See below what followed."),
        back=reverse("platform_desk:finance_case", args=[case_id]),
        again=lambda problem: _detail(request, case_id, problem),
    )


@require_POST
@page(Permission.RECONCILE)
def decide(request: Request, case_id: UUID) -> HttpResponse:
    """The second person on what one may not close alone."""
    approve, because = request.POST.get("decision") == "approve", request.POST.get("because", "")
    return act(
        request,
        lambda: decide_case(case_id, approve=approve, actor=request.actor, because=because, now=request.now),
        done=_("It was carried out.") if approve else _("It was declined; the case is open again."),
        back=reverse("platform_desk:finance_case", args=[case_id]),
        again=lambda problem: _detail(request, case_id, problem),
    )


@require_POST
@page(Permission.RECONCILE)
def take(request: Request, case_id: UUID) -> HttpResponse:
    """From now on it is theirs."""
    return act(
        request,
        lambda: take_case(case_id, actor=request.actor, now=request.now),
        done=_("The case is yours."),
        back=reverse("platform_desk:finance_case", args=[case_id]),
        again=lambda problem: _detail(request, case_id, problem),
    )
