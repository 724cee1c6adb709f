"""Bank transfers: one person reports a line of the statement, another confirms it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from wanku.access.can import Permission
from wanku.flows.paying.confirm_transfer import confirm_transfer
from wanku.flows.paying.decline_transfer import decline_transfer
from wanku.flows.paying.report_refund_transfer import report_refund_transfer
from wanku.flows.paying.report_transfer import report_transfer
from wanku.kernel.refusal import Refusal
from wanku.platform_desk import asked
from wanku.platform_desk.desk import act, page, show
from wanku.platform_desk.read import transfers as read
from wanku.platform_desk.statement import amount_of, day_of, line_of
from wanku.ui.request import Request


@require_safe
@page(Permission.TRANSFERS_HANDLE)
def listing(request: Request) -> HttpResponse:
    """What waits for a second person, refunds to pay, and what was decided."""
    return _listing(request)


@require_POST
@page(Permission.TRANSFERS_HANDLE)
def report(request: Request) -> HttpResponse:
    """Money that came in."""
    quoted = request.POST.get("quoted", "")
    return _act(
        request,
        lambda: report_transfer(quoted, line_of(request, read.currency()), actor=request.actor, now=request.now),
        done=_("Kept. Now somebody else must confirm it."),
    )


@require_POST
@page(Permission.TRANSFERS_HANDLE)
def confirm(request: Request, transfer_id: UUID) -> HttpResponse:
    """The second person has read the same."""
    return _act(
        request,
        lambda: confirm_transfer(
            transfer_id,
            amount=amount_of(request, read.currency()),
            booked_on=day_of(request),
            actor=request.actor,
            now=request.now,
        ),
        done=_("Confirmed and booked."),
    )


@require_POST
@page(Permission.TRANSFERS_HANDLE)
def decline(request: Request, transfer_id: UUID) -> HttpResponse:
    """The statement says otherwise."""
    because = request.POST.get("because", "")
    return _act(
        request,
        lambda: decline_transfer(transfer_id, because=because, actor=request.actor, now=request.now),
        done=_("Taken off the list. Nothing was booked."),
    )


@require_POST
@page(Permission.TRANSFERS_HANDLE)
def pay_back(request: Request, refund_id: UUID) -> HttpResponse:
    """A refund that was transferred."""
    return _act(
        request,
        lambda: report_refund_transfer(
            refund_id, line_of(request, read.currency()), actor=request.actor, now=request.now
        ),
        done=_("Kept. Now somebody else must confirm it."),
        view=read.REFUNDS,
    )


def _act(request: Request, deed: Callable[[], object], *, done: str, view: str = read.CHECK) -> HttpResponse:
    back = f"{reverse('platform_desk:transfers')}?view={view}"
    return act(request, deed, done=done, back=back, again=lambda problem: _listing(request, problem, view))


def _listing(request: Request, problem: Refusal | None = None, view: str = "") -> HttpResponse:
    view = view or asked.choice(request, "view", read.VIEWS, read.CHECK)
    counts = read.counts()
    labels = {
        read.CHECK: pgettext("bank transfers", "To confirm"),
        read.REFUNDS: pgettext("bank transfers", "Refunds to pay"),
        read.DONE: pgettext("bank transfers", "Decided"),
    }
    tabs = [
        {
            "label": labels[name],
            "url": f"?view={name}",
            "current": name == view,
            "count": counts.get(name, 0),
            "alert": name != read.DONE,
        }
        for name in read.VIEWS
    ]
    return show(
        request,
        "transfers.html",
        {"tabs": tabs, "view": view, "currency": read.currency(), "sent": _sent(request), **_rows(request, view)},
        problem=problem,
    )


def _rows(request: Request, view: str) -> dict[str, Any]:
    number = request.GET.get("page")
    if view == read.REFUNDS:
        refunds = read.refunds(number)
        return {"page": refunds, "rows": read.with_payers(list(refunds))}
    found = read.transfers(view, number)
    people = read.names(list(found))
    rows = [
        {
            "transfer": transfer,
            "maker": people.get(transfer.maker, ""),
            "checker": people.get(transfer.checker or 0, ""),
            "mine": transfer.maker == request.actor.person_id,
            "outcome": read.OUTCOMES.get(transfer.outcome, transfer.outcome),
        }
        for transfer in found
    ]
    return {"page": found, "rows": rows}


def _sent(request: Request) -> str:
    """Which of the forms on the page was sent, so that it alone shows what was wrong."""
    match = request.resolver_match
    found = (match.kwargs.get("transfer_id") or match.kwargs.get("refund_id")) if match else None
    return str(found or "report")
