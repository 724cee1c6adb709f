"""Orders: finding any, and one trade with everything that belongs to it."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wanku.access.can import Permission, can
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.kernel.text import mask_email, mask_phone
from wanku.platform_desk import asked, words
from wanku.platform_desk.desk import page, show
from wanku.platform_desk.read import orders as read
from wanku.ui.channels import channel_text
from wanku.ui.labels import label
from wanku.ui.request import Request


@require_safe
@page(Permission.ALL_ORDERS_SEE)
def listing(request: Request) -> HttpResponse:
    """Orders by number, phone, e-mail or name of the contact, by shop and state, and the late ones."""
    wanted = read.Search(
        q=asked.text(request, "q"),
        merchant=asked.text(request, "merchant"),
        state=asked.choice(request, "state", read.STATES),
        late=request.GET.get("late") == "1",
    )
    found = read.listing(read.search(request.actor, wanted), request.GET.get("page"))
    tabs: list[dict[str, Any]] = [
        {"label": _("All"), "url": "?", "current": not wanted.state and not wanted.late},
        {"label": _("Late"), "url": "?late=1", "current": wanted.late},
    ]
    tabs += [
        {"label": label("order", state).text, "url": f"?state={state}", "current": state == wanted.state}
        for state in read.STATES
        if state != "fulfilling"
    ]
    context = {
        "page": found,
        "rows": [read.row_of(order) for order in found],
        "asked": wanted,
        "tabs": tabs,
        "merchants": [("", _("All shops")), *read.merchants()],
    }
    return show(request, "orders.html", context)


@require_safe
@page(Permission.ALL_ORDERS_SEE)
def trade(request: Request, trade_id: UUID) -> HttpResponse:
    """One trade: its orders and lines, money in and out, parcels, every move, and what was booked."""
    found = read.whole(request.actor, trade_id, with_ledger=bool(can(request.actor, Permission.LEDGER_SEE)))
    if found is None:
        raise Refusal(NOT_FOUND)
    bought = found.trade
    context = {
        "found": found,
        "trade": bought,
        "rows": [read.row_of(order) for order in found.orders],
        "phone": mask_phone(bought.contact_phone) if bought.contact_phone else "",
        "email": mask_email(bought.contact_email) if bought.contact_email else "",
        "timeline": [words.timeline_item(move, found.names) for move in found.moves],
        "attempts": [{"attempt": row, "channel": channel_text(row.gateway)} for row in found.attempts],
        "entries": [{"entry": entry, "text": words.REASONS.get(entry.reason, entry.reason)} for entry in found.entries],
        "refunds": [{"refund": row, "text": words.REASONS.get(row.reason, row.reason)} for row in found.refunds],
    }
    return show(request, "trade.html", context)
