"""The statement."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from wanku.access.can import Permission
from wanku.catalog.sheets.cells import price_text
from wanku.catalog.sheets.read_table import csv_bytes
from wanku.merchant_desk import asked
from wanku.merchant_desk.desk import page, show
from wanku.merchant_desk.read import money as read
from wanku.merchant_desk.words import ACCOUNTS, REASONS, account_text
from wanku.merchants.models import Merchant
from wanku.ui.request import Request


@require_safe
@page(Permission.MONEY_SEE)
def statement(request: Request, shop: Merchant) -> HttpResponse:
    """What is held and available, and every posting that made it so."""
    name = asked.choice(request, "account", read.ACCOUNTS)
    first, last = asked.day(request, "first"), asked.day(request, "last")
    found, rows = read.listing(read.postings(shop.pk, name=name, first=first, last=last), request.GET.get("page"))
    tabs: list[dict[str, Any]] = [{"label": _("All"), "url": "?", "current": not name}]
    tabs += [
        {"label": ACCOUNTS[key], "url": f"?account={key}", "current": key == name}
        for key in read.ACCOUNTS
        if key != "frozen"
    ]
    context = {
        "page": found,
        "rows": [
            {"row": row, "account": account_text(row.posting.account), "why": _why(row.posting.entry.reason)}
            for row in rows
        ],
        "balances": read.balances(shop.pk),
        "tabs": tabs,
        "account": name,
        "first": first,
        "last": last,
        "commission": shop.commission_bp / 100,
    }
    return show(request, shop, "money.html", context)


@require_safe
@page(Permission.MONEY_SEE)
def export(request: Request, shop: Merchant) -> HttpResponse:
    """The same as a table, oldest first."""
    name = asked.choice(request, "account", read.ACCOUNTS)
    rows = read.postings(shop.pk, name=name, first=asked.day(request, "first"), last=asked.day(request, "last"))
    listed = read.rows_of(list(rows[: read.EXPORT_MAX])[::-1])
    lines = [
        [
            pgettext("desk", "Time"),
            _("Account"),
            pgettext("desk", "Reason"),
            pgettext("desk", "Order"),
            _("Amount"),
            _("Balance after"),
            _("Currency"),
        ]
    ]
    for row in listed:
        posting = row.posting
        lines.append(
            [
                f"{timezone.localtime(posting.at):%Y-%m-%d %H:%M:%S}",
                str(account_text(posting.account)),
                str(_why(posting.entry.reason)),
                row.number,
                price_text(posting.amount),
                price_text(row.after),
                posting.currency,
            ]
        )
    headers = {"Content-Disposition": f'attachment; filename="{shop.slug}-statement-{request.now:%Y%m%d}.csv"'}
    return HttpResponse(csv_bytes(lines), content_type="text/csv; charset=utf-8", headers=headers)


def _why(reason: str) -> object:
    return REASONS.get(reason, reason.replace("_", " "))
