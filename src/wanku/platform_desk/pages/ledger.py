"""The ledger: entries, accounts, and the proof."""

from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from wanku.access.can import Permission
from wanku.flows.proving.ask_proof import ask_proof
from wanku.flows.proving.prove_books import prove_books
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.ledger.accounts import names
from wanku.ledger.days import day_of
from wanku.ledger.proof import from_json
from wanku.platform_desk import asked, words
from wanku.platform_desk.desk import page, show
from wanku.platform_desk.read import ledger as read
from wanku.ui.request import Request
from wanku.ui.sheets import TYPES, download

BOOKED = (
    "capture",
    "capture_unwanted",
    "release",
    "commission",
    "commission_back",
    "refund_due",
    "refund",
    "freeze",
    "thaw",
    "payout",
    "payout_paid",
    "payout_failed",
    "payout_came_back",
    "channel_fees",
    "write_off",
)
"""Reasons of entries, to choose from."""


@require_safe
@page(Permission.LEDGER_SEE)
def entries(request: Request) -> HttpResponse:
    """Entries with their postings, by account, order, reason and day."""
    wanted = read.Search(
        account=asked.text(request, "account"),
        order=asked.text(request, "order"),
        reason=asked.text(request, "reason"),
        since=asked.day(request, "since"),
        until=asked.day(request, "until"),
        after=asked.identifier(request, "after"),
    )
    found = read.listing(wanted)
    reasons = [("", _("All reasons")), *((name, words.REASONS[name]) for name in BOOKED)]
    rows = [{"entry": entry, "text": words.REASONS.get(entry.reason, entry.reason)} for entry in found.entries]
    context = {"rows": rows, "orders": found.orders, "older": found.older, "asked": wanted, "reasons": reasons}
    return show(request, "ledger.html", context)


@require_safe
@page(Permission.LEDGER_SEE)
def accounts(request: Request) -> HttpResponse:
    """Balances by account, by days and postings, beside what is cached."""
    q, every = asked.text(request, "q"), names()
    totals = [
        {"currency": row["currency"], "parts": [(words.TOTALS[kind], row[kind]) for kind in words.TOTALS]}
        for row in read.totals(every)
    ]
    found = read.accounts(every, q, request.GET.get("page"))
    return show(request, "accounts.html", {"page": found, "q": q, "totals": totals})


@require_safe
@page(Permission.LEDGER_SEE)
def account(request: Request, account: str) -> HttpResponse:
    """What each day brought to an account and took from it."""
    until = asked.day(request, "until") or day_of(request.now)
    found, older = read.days_of(_known(account), until)
    context = {"account": account, "days": found, "older": older, "until": until}
    return show(request, "account_days.html", context)


@require_safe
@page(Permission.LEDGER_SEE)
def account_export(request: Request, account: str, form: str) -> HttpResponseBase:
    """The same as a sheet, oldest first, at most a year."""
    if form not in TYPES:
        raise Refusal(NOT_FOUND)
    until = asked.day(request, "until") or day_of(request.now)
    head = [
        _("Day"),
        pgettext("ledger", "Opening"),
        pgettext("ledger", "In"),
        pgettext("ledger", "Out"),
        pgettext("ledger", "Closing"),
        _("Postings"),
        _("Currency"),
    ]
    name = f"{_known(account).replace(':', '-')}-days-{until:%Y%m%d}"
    return download(form, name, head, read.day_rows(account, until))


def _known(account: str) -> str:
    if account not in names():
        raise Refusal(NOT_FOUND)
    return account


@require_safe
@page(Permission.LEDGER_SEE)
def proof(request: Request) -> HttpResponse:
    """What the books came to: short ones are proven now, long ones by a worker when somebody asks."""
    small = read.is_small()
    last, under_way = (None, None) if small else read.proofs(request.now)
    checks = prove_books() if small else from_json(last.checks if last else [])
    context = {
        "checks": [{"check": check, "says": _(check.says)} for check in checks],
        "sound": all(check.holds for check in checks),
        "wrong": sum(1 for check in checks if not check.holds),
        "small": small,
        "last": last,
        "under_way": under_way,
        "entries": under_way.total if under_way else 0,
    }
    return show(request, "proof.html", context)


@require_POST
@page(Permission.LEDGER_SEE)
def ask(request: Request) -> HttpResponse:
    """Have the books proven."""
    ask_proof(actor=request.actor, now=request.now)
    return HttpResponseRedirect(reverse("platform_desk:proof"), status=303)
