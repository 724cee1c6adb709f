"""The statement: movements, days, sheets, and what is frozen."""

from functools import partial

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wanku.access.can import Permission
from wanku.ledger.days import day_of
from wanku.ledger.statement import Movement
from wanku.merchant_desk import asked
from wanku.merchant_desk.desk import link, page, show
from wanku.merchant_desk.read import money as read
from wanku.merchants.models import Merchant
from wanku.ui import statements
from wanku.ui.request import Request
from wanku.ui.sheets import download
from wanku.ui.statements import Sold, Wanted


@require_safe
@page(Permission.MONEY_SEE)
def statement(request: Request, shop: Merchant) -> HttpResponse:
    """What is held, available and frozen, and every posting that made it so."""
    wanted = Wanted.of(request.GET)
    tabs = [{"label": _("All"), "url": "?", "current": not wanted.account}]
    tabs += [
        {"label": label, "url": f"?account={name}", "current": name == wanted.account}
        for name, label in statements.ACCOUNTS.items()
    ]
    context = {
        "statement": statements.statement(shop.pk, wanted, partial(_cause, shop)),
        "balances": statements.balances(shop.pk),
        "freezes": read.freezes(shop.pk),
        "tabs": tabs,
        "wanted": wanted,
        "commission": shop.commission_bp / 100,
    }
    return show(request, shop, "money.html", context)


@require_safe
@page(Permission.MONEY_SEE)
def by_day(request: Request, shop: Merchant) -> HttpResponse:
    """What each day brought, and what there was at its end."""
    until = asked.day(request, "until") or day_of(request.now)
    return show(request, shop, "money_days.html", {"days": statements.book_days(shop.pk, until), "until": until})


@require_safe
@page(Permission.MONEY_SEE)
def export(request: Request, shop: Merchant, form: str) -> HttpResponseBase:
    """The same as a sheet, oldest first."""
    rows = statements.sheet_rows(shop.pk, Wanted.of(request.GET), request.now)
    return download(form, f"{shop.slug}-statement-{request.now:%Y%m%d}", statements.sheet_head(), rows)


def _cause(shop: Merchant, each: Movement, sold: Sold | None, settlement: str) -> str:
    if sold is not None:
        return link(shop, "order", sold.number)
    if settlement:
        return link(shop, "settlement", settlement)
    return f"#freeze-{each.ref_id}" if each.ref_type == "freeze" else ""
