"""The ledger: entries, accounts, and the proof."""

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wanku.access.can import Permission
from wanku.flows.proving.ask_proof import ask_proof
from wanku.flows.proving.prove_books import prove_books
from wanku.ledger.proof import from_json
from wanku.platform_desk import asked, words
from wanku.platform_desk.desk import page, show
from wanku.platform_desk.read import ledger as read
from wanku.ui.request import Request


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
    )
    found, orders = read.listing(read.search(wanted), request.GET.get("page"))
    reasons = [("", _("All reasons")), *((name, words.REASONS.get(name, name)) for name in read.reasons())]
    rows = [{"entry": entry, "text": words.REASONS.get(entry.reason, entry.reason)} for entry in found]
    context = {"page": found, "rows": rows, "orders": orders, "asked": wanted, "reasons": reasons}
    return show(request, "ledger.html", context)


@require_safe
@page(Permission.LEDGER_SEE)
def accounts(request: Request) -> HttpResponse:
    """Balances by account, summed from the postings beside what is cached."""
    q = asked.text(request, "q")
    totals = [
        {"currency": row["currency"], "total": row["total"], "parts": [(words.TOTALS[k], row[k]) for k in words.TOTALS]}
        for row in read.totals()
    ]
    return show(request, "accounts.html", {"page": read.accounts(q, request.GET.get("page")), "q": q, "totals": totals})


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
