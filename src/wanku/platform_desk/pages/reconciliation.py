"""Reconciliation: bills of the channels beside our books."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wanku.access.can import Permission
from wanku.flows.reconciling._bill_file import COLUMNS
from wanku.flows.reconciling.ask_for_bill import ask_for_bill
from wanku.flows.reconciling.receive_bill import BYTES_MAX, ROWS_MAX, receive_bill
from wanku.kernel.refusal import BAD_VALUE, NOT_FOUND, Refusal, gettext_noop
from wanku.payments.gateways import GATEWAYS
from wanku.platform_desk import asked, differences, words
from wanku.platform_desk.desk import act, page, show
from wanku.platform_desk.read import reconciliation as read
from wanku.reconciliation.models import Found
from wanku.reconciliation.states import FETCHED, MATCHED
from wanku.ui.channels import channel_text
from wanku.ui.request import Request
from wanku.ui.words import refusal_text

NO_FILE = gettext_noop("Choose a file.")
NO_DAY = gettext_noop("Choose the day of the bill.")


@require_safe
@page(Permission.RECONCILE)
def listing(request: Request) -> HttpResponse:
    """Bills by day and channel: theirs, ours, and what differs."""
    known = read.gateways()
    gateway = asked.choice(request, "channel", known)
    found = read.bills(gateway, request.GET.get("page"))
    tabs = [{"label": _("All channels"), "url": "?", "current": not gateway}]
    tabs += [{"label": channel_text(name), "url": f"?channel={name}", "current": name == gateway} for name in known]
    context = {
        "page": found,
        "rows": [{"bill": bill, "channel": channel_text(bill.gateway), "sums": read.sums(bill)} for bill in found],
        "tabs": tabs,
        "standing": read.standing(),
    }
    return show(request, "bills.html", context)


@require_safe
@page(Permission.RECONCILE)
def detail(request: Request, bill_id: UUID) -> HttpResponse:
    """One bill, line by line."""
    return _detail(request, bill_id)


def _detail(request: Request, bill_id: UUID, problem: Refusal | None = None) -> HttpResponse:
    bill = read.bill(bill_id)
    if bill is None:
        raise Refusal(NOT_FOUND)
    tab = asked.choice(request, "lines", read.LINE_TABS)
    counts = read.line_counts(bill_id)
    labels = {
        "": _("All lines"),
        read.DIFFERS: _("Differ"),
        Found.CARRIED.value: _("Carried over"),
        Found.MATCHED.value: _("Agree"),
        "gone": _("Replaced"),
    }
    found = read.lines(bill_id, tab, asked.text(request, "q"), request.GET.get("page"))
    context: dict[str, Any] = {
        "bill": bill,
        "here": bill.state in (FETCHED, MATCHED),
        "channel": channel_text(bill.gateway),
        "sums": [{"sum": each, "rows": _named(each)} for each in read.sums(bill)],
        "tab": tab,
        "q": asked.text(request, "q"),
        "tabs": [
            {"label": label, "url": f"?lines={name}", "current": name == tab, "count": counts[name]}
            for name, label in labels.items()
        ],
        "page": found,
        "cases": [{"case": case, "kind": differences.KINDS[case.kind][0]} for case in read.cases_of(bill_id)],
        "timeline": [words.timeline_item(move) for move in read.history("bill", bill_id)],
    }
    return show(request, "bill.html", context, problem=problem)


def _named(each: read.Sum) -> list[dict[str, Any]]:
    return [
        {"label": differences.SIDES[part], "theirs": theirs, "ours": ours, "difference": difference}
        for part, theirs, ours, difference in each.rows
    ]


@require_POST
@page(Permission.RECONCILE)
def fetch(request: Request, bill_id: UUID) -> HttpResponse:
    """Ask the channel now."""
    return act(
        request,
        lambda: ask_for_bill(bill_id, actor=request.actor, now=request.now),
        done=_("The bill was fetched and compared."),
        back=reverse("platform_desk:bill", args=[bill_id]),
        again=lambda problem: _detail(request, bill_id, problem),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.RECONCILE)
def receive(request: Request) -> HttpResponse:
    """A bill as a file."""
    problem = None
    if request.method == "POST":
        try:
            bill_id = _receive(request)
        except Refusal as refusal:
            if refusal.code.status in {401, 403, 404}:
                raise
            problem = refusal
        else:
            messages.success(request, _("The bill was taken in and compared."))
            return HttpResponseRedirect(reverse("platform_desk:bill", args=[bill_id]), status=303)
    faults = [refusal_text(each) for each in problem.every()] if problem and problem.field == "file" else []
    asked_for = asked.identifier(request, "bill")
    known = read.bill(asked_for) if asked_for else None
    context = {
        "channels": [(name, channel_text(name)) for name in GATEWAYS],
        "chosen": request.POST.get("channel") or (known.gateway if known else "transfer"),
        "day": request.POST.get("day") or (known.day.isoformat() if known else ""),
        "faults": faults,
        "columns": [names[:2] for names in COLUMNS.values()],
        "megabytes": BYTES_MAX // 1024 // 1024,
        "rows_max": ROWS_MAX,
    }
    return show(request, "bill_file.html", context, problem=problem)


def _receive(request: Request) -> UUID:
    upload, day = request.FILES.get("file"), asked.as_day(request.POST.get("day", ""))
    if day is None:
        raise Refusal(BAD_VALUE, field="day", problem=NO_DAY)
    if upload is None:
        raise Refusal(BAD_VALUE, field="file", problem=NO_FILE)
    return receive_bill(
        request.POST.get("channel", ""),
        day,
        upload.read(BYTES_MAX + 1),
        actor=request.actor,
        because=request.POST.get("because", ""),
        now=request.now,
    )
