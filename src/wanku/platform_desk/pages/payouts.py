"""Paying shops: one person makes a payout of a settlement, another approves it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from wanku.access.can import Permission
from wanku.flows.settling.approve_payout import approve_payout
from wanku.flows.settling.decline_payout import decline_payout
from wanku.flows.settling.make_payout import make_payout
from wanku.flows.settling.settle_merchant import settle_merchant
from wanku.kernel.ids import spaced
from wanku.kernel.refusal import Refusal
from wanku.merchants.models import Merchant
from wanku.merchants.states import Capability, capable
from wanku.platform_desk import asked, words
from wanku.platform_desk.desk import act, page, show
from wanku.platform_desk.read import payouts as read
from wanku.settlement.models import Payout
from wanku.ui.labels import label
from wanku.ui.request import Request


@require_safe
@page(Permission.PAYOUTS_HANDLE)
def listing(request: Request) -> HttpResponse:
    """What waits for the first person, for the second, for the bank, and what came of it."""
    return _listing(request)


@require_POST
@page(Permission.PAYOUTS_HANDLE)
def make(request: Request, settlement_id: UUID) -> HttpResponse:
    """The first person."""
    return _act(
        request,
        lambda: make_payout(settlement_id, actor=request.actor, now=request.now),
        done=_("The payout is made. Now somebody else must approve it."),
        view=read.TO_PAY,
    )


@require_POST
@page(Permission.PAYOUTS_HANDLE)
def approve(request: Request, payout_id: UUID) -> HttpResponse:
    """The second person."""
    return _act(
        request,
        lambda: approve_payout(payout_id, actor=request.actor, now=request.now),
        done=_("Approved; it leaves within a moment."),
        view=read.TO_APPROVE,
    )


@require_POST
@page(Permission.PAYOUTS_HANDLE)
def decline(request: Request, payout_id: UUID) -> HttpResponse:
    """It does not leave."""
    because = request.POST.get("because", "")
    return _act(
        request,
        lambda: decline_payout(payout_id, because=because, actor=request.actor, now=request.now),
        done=_("Called off. The money is available to the shop again."),
        view=read.TO_APPROVE,
    )


def _act(request: Request, deed: Callable[[], object], *, done: str, view: str) -> HttpResponse:
    back = f"{reverse('platform_desk:payouts')}?view={view}"
    try:
        return act(request, deed, done=done, back=back, again=lambda problem: _listing(request, problem, view))
    except Refusal as refusal:
        # That it takes two people is told in place, and not as a closed door.
        if refusal.code.name != "same_person":
            raise
        return _listing(request, refusal, view)


def _listing(request: Request, problem: Refusal | None = None, view: str = "") -> HttpResponse:
    view = view or asked.choice(request, "view", read.VIEWS, read.TO_PAY)
    counts = read.counts()
    labels = {
        read.TO_PAY: pgettext("payouts", "To pay"),
        read.TO_APPROVE: pgettext("payouts", "To approve"),
        read.UNDER_WAY: pgettext("payouts", "Under way"),
        read.CAME_BACK: pgettext("payouts", "Came back"),
        read.DONE: pgettext("payouts", "Paid"),
    }
    tabs = [
        {
            "label": labels[name],
            "url": f"?view={name}",
            "current": name == view,
            "count": counts[name] if name != read.DONE else 0,
            "alert": name in (read.TO_PAY, read.TO_APPROVE),
        }
        for name in read.VIEWS
    ]
    return show(request, "payouts.html", {"tabs": tabs, "view": view, **_rows(request, view)}, problem=problem)


def _rows(request: Request, view: str) -> dict[str, Any]:
    number = request.GET.get("page")
    if view == read.TO_PAY:
        unpaid, accounts = read.to_pay(number)
        rows = [
            {
                "settlement": row,
                "number": spaced(row.number),
                "account": accounts.get(row.merchant_id),
                "hindered": _hindered(request, row.merchant, accounts.get(row.merchant_id)),
            }
            for row in unpaid
        ]
        return {"page": unpaid, "rows": rows}
    found = read.payouts(view, number)
    people = read.names(list(found))
    return {"page": found, "rows": [_payout(row, request.actor.person_id, people) for row in found]}


def _hindered(request: Request, merchant: Merchant, account: Any) -> str:
    """Why it cannot be paid now, in a few words; empty if it can."""
    if not capable(merchant.state, Capability.BE_PAID_OUT):
        return _("The shop’s standing does not allow it")
    if account is None:
        return _("No bank account")
    return _("The bank account was changed lately") if account.usable_from > request.now else ""


def _payout(row: Payout, reader: int | None, people: Any) -> dict[str, Any]:
    return {
        "payout": row,
        "number": spaced(row.number),
        "maker": people.get(row.maker, ""),
        "checker": people.get(row.checker, ""),
        "mine": row.maker == reader,
        "failure": words.PAYOUT_FAILURES.get(row.failure, row.failure),
    }


@require_safe
@page(Permission.PAYOUTS_HANDLE)
def settlements(request: Request) -> HttpResponse:
    """Every settlement, by state and shop."""
    state = asked.choice(request, "state", read.SETTLEMENT_STATES)
    shop = asked.text(request, "merchant")
    found = read.settlements(state=state, merchant=shop, number=request.GET.get("page"))
    states = [("", _("All states")), *((name, label("settlement", name).text) for name in read.SETTLEMENT_STATES)]
    rows = [{"settlement": row, "number": spaced(row.number)} for row in found]
    return show(
        request, "settlements.html", {"page": found, "rows": rows, "states": states, "state": state, "merchant": shop}
    )


@require_safe
@page(Permission.PAYOUTS_HANDLE)
def shop_money(request: Request, merchant_id: int) -> HttpResponse:
    """One shop's money: balances, what it was settled and paid, and where."""
    return _shop_money(request, merchant_id)


def _shop_money(request: Request, merchant_id: int, problem: Refusal | None = None) -> HttpResponse:
    merchant = get_object_or_404(Merchant, pk=merchant_id)
    money = read.shop_money(merchant)
    context = {
        "merchant": merchant,
        "money": money,
        "balances": [(words.ACCOUNTS[name], code, amount) for name, code, amount in money.balances],
        "payouts": [_payout(row, None, {}) for row in money.payouts],
        "now": request.now,
    }
    return show(request, "shop_money.html", context, problem=problem)


@require_POST
@page(Permission.PAYOUTS_HANDLE)
def settle(request: Request, merchant_id: int) -> HttpResponse:
    """Settle a shop now."""
    because = request.POST.get("because", "")
    return act(
        request,
        lambda: settle_merchant(merchant_id, actor=request.actor, because=because, now=request.now),
        done=_("Settled. It waits among those to pay."),
        back=reverse("platform_desk:shop_money", args=[merchant_id]),
        again=lambda problem: _shop_money(request, merchant_id, problem),
    )
