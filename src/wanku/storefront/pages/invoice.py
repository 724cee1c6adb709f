"""Invoices: asking for one, downloading it, all of mine, the titles that I keep, and whether a paper is ours."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from wanku.flows.invoicing.cancel_invoice import cancel_invoice
from wanku.flows.invoicing.drop_title import drop_title
from wanku.flows.invoicing.keep_title import keep_title
from wanku.flows.invoicing.request_invoice import request_invoice
from wanku.invoices.models import Invoice, Title
from wanku.invoices.queries import find_proven
from wanku.invoices.titles import Wanted
from wanku.kernel.refusal import SIGN_IN, Refusal
from wanku.kernel.text import mask_name
from wanku.orders.models import Order
from wanku.storefront.invoice_form import InvoiceForm
from wanku.storefront.pages.order import own_order
from wanku.storefront.read.invoices import document_of, invoicing_of, my_invoices, shown, titles_of
from wanku.ui.papers import paper
from wanku.ui.request import Request
from wanku.ui.words import refusal_text


@require_http_methods(["GET", "POST"])
def order_invoice(request: Request, number: str) -> HttpResponse:
    """Ask for an invoice of an order, or change what was asked for."""
    order = own_order(request, number)
    waiting = invoicing_of(order).waiting
    titles = titles_of(request.actor)
    initial = _initial(request, order, waiting, titles)
    form = InvoiceForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        keep = form.cleaned_data["keep"]
        try:
            request_invoice(order.pk, form.wanted(), keep=keep, actor=request.actor, now=request.now)
        except Refusal as no:
            if no.code.status in (401, 403, 404):
                raise
            form.show(no)
        else:
            messages.success(request, _("The shop is asked for the invoice; we tell you when it is ready."))
            return _back(order)
    context = {
        "order": order,
        "form": form,
        "titles": titles,
        "waiting": waiting,
        "chosen": request.GET.get("title", ""),
        "place": "orders",
    }
    return render(request, "storefront/buy/invoice.html", context, status=422 if form.errors else 200)


def _back(order: Order) -> HttpResponse:
    return redirect(f"{reverse('storefront:order', args=[order.number])}#invoice")


def _initial(request: Request, order: Order, waiting: Invoice | None, titles: Any) -> dict[str, Any]:
    """What was asked for, else the chosen or the usual title, else the buyer's own name."""
    chosen: Title | None = next((each for each in titles if str(each.pk) == request.GET.get("title")), None)
    source = chosen or waiting or (titles[0] if titles else None)
    if source is None:
        return {"kind": "personal", "title": order.trade.contact_name, "email": order.trade.contact_email}
    email = source.email or order.trade.contact_email
    return {"kind": source.kind, "title": source.title, "tax_number": source.tax_number, "email": email}


@require_POST
def invoice_cancel(request: Request, number: str) -> HttpResponse:
    """Take the wish back."""
    order = own_order(request, number)
    waiting = invoicing_of(order).waiting
    if waiting is None:
        messages.error(request, _("No invoice waits to be issued any more."))
        return _back(order)
    try:
        cancel_invoice(waiting.pk, actor=request.actor, now=request.now)
        messages.success(request, _("The shop is no longer asked for an invoice."))
    except Refusal as no:
        messages.error(request, refusal_text(no))
    return _back(order)


@require_GET
def invoice_document(request: Request, number: str, invoice: str) -> HttpResponse:
    """The document, as a download."""
    document = document_of(own_order(request, number), invoice)
    if document is None:
        raise Http404
    return paper(document)


@require_GET
def invoices(request: Request) -> HttpResponse:
    """All of a member's invoices, and the titles for the next ones."""
    _member(request)
    page = my_invoices(request.actor, request.GET.get("page"))
    context = {
        "page": page,
        "items": [shown(row) for row in page],
        "titles": titles_of(request.actor),
        "place": "me",
    }
    return render(request, "storefront/buy/invoices.html", context)


@require_http_methods(["GET", "POST"])
def title_new(request: Request) -> HttpResponse:
    """Add a title to the book."""
    _member(request)
    form = InvoiceForm(request.POST if request.method == "POST" else None)
    form.fields["keep"].label = _("Use it first from now on")
    if request.method == "POST" and form.is_valid():
        usual = form.cleaned_data["keep"]
        try:
            keep_title(form.wanted(), usual=usual, actor=request.actor, now=request.now)
        except Refusal as no:
            form.show(no)
        else:
            messages.success(request, _("The title is saved."))
            return redirect("storefront:invoices")
    context = {"form": form, "place": "me"}
    return render(request, "storefront/buy/invoice_title.html", context, status=422 if form.errors else 200)


@require_POST
def title_usual(request: Request, key: int) -> HttpResponse:
    """Offer a title first."""
    _member(request)
    found = next((each for each in titles_of(request.actor) if each.pk == key), None)
    if found is None:
        raise Http404
    wanted = Wanted(found.kind, found.title, found.tax_number, found.email)
    keep_title(wanted, usual=True, actor=request.actor, now=request.now)
    return redirect("storefront:invoices")


@require_POST
def title_drop(request: Request, key: int) -> HttpResponse:
    """Forget a title."""
    _member(request)
    drop_title(key, actor=request.actor, now=request.now)
    messages.success(request, _("The title is removed. Invoices that were issued keep it."))
    return redirect("storefront:invoices")


@require_safe
def invoice_check(request: Request) -> HttpResponse:
    """Whether a paper that somebody holds is ours and still stands; its QR code leads here."""
    number, code = request.GET.get("number", "")[:60], request.GET.get("code", "")[:60]
    found = find_proven(number, code) if number and code else None
    context = {
        "number": number,
        "code": code,
        "typed": bool(number or code),
        "found": shown(found) if found else None,
        "buyer": mask_name(found.title) if found else "",
        "digest": bytes(found.document.sha256).hex() if found else "",
    }
    return render(request, "storefront/invoice_check.html", context)


def _member(request: Request) -> None:
    if not request.actor.is_member:
        raise Refusal(SIGN_IN)
