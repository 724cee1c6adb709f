"""Where finance begins its day: every queue of money in one place."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from wanku.access.can import Permission
from wanku.ledger.accounts import names
from wanku.platform_desk import differences, words
from wanku.platform_desk.desk import page, places, show
from wanku.platform_desk.read import ledger
from wanku.platform_desk.read import reconciliation as read
from wanku.ui.channels import channel_text
from wanku.ui.request import Request


@require_safe
@page(Permission.LEDGER_SEE)
def start(request: Request) -> HttpResponse:
    """The places of money with what waits there, where the money is, and the latest bills."""
    nav = places(request.actor, request.path)
    money = next(group["items"] for group in nav if any(item["name"] == "finance" for item in group["items"]))
    latest = read.bills("", None).object_list[:8]
    context = {
        "queues": [
            {**item, "what": differences.PLACES.get(item["name"], "")} for item in money if item["name"] != "finance"
        ],
        "waits": sum(item["count"] for item in money),
        "standing": read.standing(),
        "totals": [
            {"currency": row["currency"], "parts": [(words.TOTALS[k], row[k]) for k in words.TOTALS]}
            for row in ledger.totals(names())
        ],
        "bills": [{"bill": bill, "channel": channel_text(bill.gateway), "sums": read.sums(bill)} for bill in latest],
    }
    return show(request, "finance.html", context)
