"""The ledger: entries, accounts, and the proof."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wanku.access.can import Permission
from wanku.flows.proving.prove_books import prove_books
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
    """I1 to I5 computed now, from scratch, with what breaks them."""
    checks = prove_books()
    context = {
        "checks": [{"check": check, "says": _(check.says)} for check in checks],
        "sound": all(check.holds for check in checks),
        "wrong": sum(1 for check in checks if not check.holds),
    }
    return show(request, "proof.html", context)
