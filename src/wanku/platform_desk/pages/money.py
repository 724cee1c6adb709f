"""A merchant's money: its statement, and what finance freezes and thaws."""

from decimal import Decimal, InvalidOperation
from functools import partial
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wanku.access.can import Permission
from wanku.catalog.sheets.cells import plain
from wanku.flows.settling.freeze_money import Freezing, freeze_money
from wanku.flows.settling.thaw_money import thaw_money
from wanku.kernel.money import from_major
from wanku.kernel.refusal import BAD_VALUE, NOT_FOUND, Refusal, gettext_noop
from wanku.ledger.days import day_of
from wanku.ledger.statement import Movement
from wanku.merchants.models import Merchant
from wanku.platform_desk import asked
from wanku.platform_desk.desk import act, page, show
from wanku.platform_desk.read import money as read
from wanku.ui import statements
from wanku.ui.request import Request
from wanku.ui.sheets import TYPES, download
from wanku.ui.statements import Sold, Wanted


@require_safe
@page(Permission.LEDGER_SEE)
def statement(request: Request, merchant_id: int) -> HttpResponse:
    """The statement as the merchant sees it, with its freezes."""
    return _statement(request, merchant_id)


def _statement(request: Request, merchant_id: int, problem: Refusal | None = None) -> HttpResponse:
    merchant, wanted = _merchant(request, merchant_id), Wanted.of(request.GET)
    tabs = [{"label": _("All"), "url": "?", "current": not wanted.account}]
    tabs += [
        {"label": label, "url": f"?account={name}", "current": name == wanted.account}
        for name, label in statements.ACCOUNTS.items()
    ]
    context = {
        "merchant": merchant,
        "statement": statements.statement(merchant_id, wanted, partial(_cause, merchant_id)),
        "balances": statements.balances(merchant_id),
        "freezes": read.freezes(merchant_id),
        "tabs": tabs,
        "wanted": wanted,
    }
    return show(request, "merchant_money.html", context, problem=problem)


@require_safe
@page(Permission.LEDGER_SEE)
def by_day(request: Request, merchant_id: int) -> HttpResponse:
    """What each day brought, and what there was at its end."""
    until = asked.day(request, "until") or day_of(request.now)
    context = {
        "merchant": _merchant(request, merchant_id),
        "days": statements.book_days(merchant_id, until),
        "until": until,
    }
    return show(request, "merchant_money_days.html", context)


@require_safe
@page(Permission.LEDGER_SEE)
def export(request: Request, merchant_id: int, form: str) -> HttpResponseBase:
    """The same as a sheet, oldest first."""
    merchant = _merchant(request, merchant_id)
    if form not in TYPES:
        raise Refusal(NOT_FOUND)
    rows = statements.sheet_rows(merchant_id, Wanted.of(request.GET), request.now)
    return download(form, f"{merchant.slug}-statement-{request.now:%Y%m%d}", statements.sheet_head(), rows)


@require_POST
@page(Permission.MONEY_FREEZE)
def freeze(request: Request, merchant_id: int) -> HttpResponse:
    """Hold money back, with the reason that the merchant reads."""
    typed = request.POST
    return act(
        request,
        lambda: freeze_money(
            Freezing(merchant_id, _amount(typed.get("amount", "")), typed.get("order", "")),
            because=typed.get("because", ""),
            actor=request.actor,
            now=request.now,
        ),
        done=_("The money is frozen and the merchant is told."),
        back=reverse("platform_desk:merchant_money", args=[merchant_id]),
        again=lambda problem: _statement(request, merchant_id, problem),
    )


@require_POST
@page(Permission.MONEY_FREEZE)
def thaw(request: Request, merchant_id: int) -> HttpResponse:
    """Let go of what was held back."""
    return act(
        request,
        lambda: thaw_money(
            _key(request.POST.get("freeze", "")),
            because=request.POST.get("because", ""),
            actor=request.actor,
            now=request.now,
        ),
        done=_("The money is thawed and the merchant is told."),
        back=reverse("platform_desk:merchant_money", args=[merchant_id]),
        again=lambda problem: _statement(request, merchant_id, problem),
    )


def _merchant(request: Request, merchant_id: int) -> Merchant:
    merchant = Merchant.objects.visible_to(request.actor).filter(pk=merchant_id).first()
    if merchant is None:
        raise Refusal(NOT_FOUND)
    return merchant


def _cause(merchant_id: int, each: Movement, sold: Sold | None, settlement: str) -> str:
    if sold is not None:
        return f"{reverse('platform_desk:trade', args=[sold.trade_id])}#{sold.number}"
    if settlement:
        return reverse("platform_desk:shop_money", args=[merchant_id])
    return f"#freeze-{each.ref_id}" if each.ref_type == "freeze" else ""


def _amount(text: str) -> int | None:
    """Minor units of an amount in yuan; none for all of it."""
    typed = plain(text)
    if not typed:
        return None
    try:
        return from_major(Decimal(typed), "CNY").amount
    except (InvalidOperation, ValueError):
        problem = gettext_noop("Please enter an amount in yuan, such as 99.50.")
        raise Refusal(BAD_VALUE, field="amount", problem=problem) from None


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Refusal(BAD_VALUE, field="freeze", problem=gettext_noop("Please choose what to thaw.")) from None
