"""Invoices that buyers asked for: issuing them, taking them back, and how the shop does it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from wanku.access.can import Permission
from wanku.flows.invoicing.issue_invoice import issue_invoice
from wanku.flows.invoicing.reverse_invoice import reverse_invoice
from wanku.flows.invoicing.set_issuer import set_issuer
from wanku.invoices.models import Invoice
from wanku.invoices.providers import PROVIDERS
from wanku.invoices.queries import issuer_of
from wanku.invoices.rules import TAX_RATES_BP
from wanku.invoices.states import ISSUED
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.merchant_desk import asked
from wanku.merchant_desk.desk import PASSED_ON, act, link, page, show
from wanku.merchant_desk.read import invoices as read
from wanku.merchants.models import Merchant
from wanku.ui.papers import paper
from wanku.ui.request import Request
from wanku.ui.words import refusal_text


@require_safe
@page(Permission.INVOICES_ISSUE)
def listing(request: Request, shop: Merchant) -> HttpResponse:
    """Those to issue first, each with its clock."""
    return _listing(request, shop)


def _listing(request: Request, shop: Merchant, problem: Refusal | None = None) -> HttpResponse:
    tab = asked.choice(request, "tab", read.TABS)
    found = read.listing(request.actor, tab, request.GET.get("page"))
    issuer = issuer_of(shop.pk)
    context = {
        "page": found,
        "rows": read.rows_of(found),
        "tab": tab,
        "tabs": _tabs(tab, read.counts(request.actor)),
        "issuer": issuer,
        "is_tax": PROVIDERS[issuer.provider].is_tax,
        "rates": [(rate, f"{rate / 100:g} %") for rate in TAX_RATES_BP],
    }
    return show(request, shop, "invoices.html", context, problem=problem)


def _tabs(tab: str, counts: Any) -> list[dict[str, Any]]:
    labels = {
        read.WAITING: pgettext("invoices", "To issue"),
        read.DONE: pgettext("invoices", "Issued"),
        read.RED: pgettext("invoices", "Red letters"),
    }
    return [
        {
            "label": label,
            "url": f"?tab={name}" if name else "?",
            "current": name == tab,
            "count": counts["waiting"] if name == read.WAITING else 0,
            "alert": counts["late"] > 0,
        }
        for name, label in labels.items()
    ]


def _one(request: Request, number: str) -> Invoice:
    found = read.invoice_of(request.actor, number)
    if found is None:
        raise Refusal(NOT_FOUND)
    return found


@require_POST
@page(Permission.INVOICES_ISSUE)
def issue(request: Request, shop: Merchant, number: str) -> HttpResponse:
    """Have it issued now."""
    found = _one(request, number)
    try:
        after = issue_invoice(found.pk, actor=request.actor, now=request.now)
    except Refusal as refusal:
        if refusal.code.status in PASSED_ON:
            raise
        messages.error(request, refusal_text(refusal))
    else:
        if after.state == ISSUED:
            messages.success(request, _("The invoice is issued; the buyer is told."))
        elif after.failure:
            messages.error(request, _("The provider refused: %(failure)s") % {"failure": after.failure})
        else:
            messages.info(request, _("The provider is at it; the buyer is told when it is there."))
    return HttpResponseRedirect(link(shop, "invoices"), status=303)


@require_POST
@page(Permission.INVOICES_ISSUE)
def reverse(request: Request, shop: Merchant, number: str) -> HttpResponse:
    """Take a wrong one back."""
    found = _one(request, number)
    because = request.POST.get("because", "")
    return act(
        request,
        lambda: reverse_invoice(found.pk, because=because, actor=request.actor, now=request.now),
        done=_("The red letter is on its way; the buyer is told, and can ask for a new invoice."),
        back=f"{link(shop, 'invoices')}?tab={read.DONE}",
        again=lambda refusal: _listing(request, shop, refusal),
    )


@require_POST
@page(Permission.INVOICES_ISSUE)
def issuer(request: Request, shop: Merchant) -> HttpResponse:
    """How the shop issues."""
    rate = asked.whole(request.POST.get("tax_bp", ""), -1)
    automatic = bool(request.POST.get("automatic"))
    return act(
        request,
        lambda: set_issuer(shop.pk, automatic=automatic, tax_bp=rate or 0, actor=request.actor, now=request.now),
        done=_("Saved. Invoices from now on are issued like this."),
        back=link(shop, "invoices"),
        again=lambda refusal: _listing(request, shop, refusal),
    )


@require_safe
@page(Permission.INVOICES_ISSUE)
def document(request: Request, shop: Merchant, number: str) -> HttpResponse:
    """The document, as a download."""
    del shop
    found = read.document_of(request.actor, number)
    if found is None:
        raise Refusal(NOT_FOUND)
    return paper(found)
