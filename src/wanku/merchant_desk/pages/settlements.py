"""What the shop is paid: settlements with their lines, payouts, and how often."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wanku.access.can import Permission
from wanku.flows.settling.choose_period import choose_period
from wanku.kernel.ids import clean_number, spaced
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.merchant_desk.desk import act, link, may, page, show
from wanku.merchant_desk.read import settlements as read
from wanku.merchant_desk.words import payout_failure
from wanku.merchants.models import Merchant
from wanku.merchants.states import Capability, capable
from wanku.settlement.models import Payout, Period, Settlement
from wanku.settlement.rules import MINIMUM
from wanku.ui.request import Request


@require_safe
@page(Permission.MONEY_SEE)
def settlements(request: Request, shop: Merchant) -> HttpResponse:
    """Balances, what comes next, and every settlement."""
    money = read.money(shop.pk)
    found = read.settlements(shop.pk, request.GET.get("page"))
    context = {
        "money": money,
        "page": found,
        "rows": [{"settlement": row, "payout": _last(row)} for row in found],
        "payouts": [_payout(row) for row in read.payouts(shop.pk)],
        "account": read.account(shop.pk),
        "now": request.now,
        "periods": Period.choices,
        "period": money.plan.period if money.plan else Period.DAILY,
        "edits": may(request, Permission.BANK_ACCOUNT_EDIT),
        "minimum": MINIMUM["CNY"],
        "is_settled": capable(shop.state, Capability.BE_SETTLED),
        "is_paid": capable(shop.state, Capability.BE_PAID_OUT),
    }
    return show(request, shop, "settlements.html", context)


@require_safe
@page(Permission.MONEY_SEE)
def settlement(request: Request, shop: Merchant, number: str) -> HttpResponse:
    """One settlement with its lines."""
    found = read.settlement(shop.pk, clean_number(number) or "")
    if found is None:
        raise Refusal(NOT_FOUND)
    lines, orders = read.lines(found, request.GET.get("page"))
    context = {
        "settlement": found,
        "number": spaced(found.number),
        "figures": figures(found),
        "page": lines,
        "rows": [{"line": line, "number": orders.get(line.order_id, "")} for line in lines],
        "payouts": [_payout(row) for row in found.paid_by.all()],
    }
    return show(request, shop, "settlement.html", context)


@require_POST
@page(Permission.BANK_ACCOUNT_EDIT)
def period(request: Request, shop: Merchant) -> HttpResponse:
    """Change how often the shop is settled."""
    wanted = request.POST.get("period", "")
    return act(
        request,
        lambda: choose_period(shop.pk, wanted, actor=request.actor, now=request.now),
        done=_("From now on you are settled in this rhythm."),
        back=link(shop, "settlements"),
    )


def figures(found: Settlement) -> list[tuple[str, int]]:
    """How it adds up, without what is nothing."""
    rows = [
        (_("Orders"), found.orders),
        (_("Refunds"), found.refunds),
        (_("Commission"), found.commission),
        (_("Fees"), found.fees),
        (_("Payouts"), found.payouts),
        (_("Frozen and other"), found.other),
    ]
    return [row for row in rows if row[1]]


def _last(found: Settlement) -> Payout | None:
    return max(found.paid_by.all(), key=lambda payout: payout.created_at, default=None)


def _payout(row: Payout) -> dict[str, Any]:
    return {"payout": row, "number": spaced(row.number), "failure": payout_failure(row.failure) if row.failure else ""}
