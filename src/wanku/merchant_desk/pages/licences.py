"""Licences: what each variant grants, its codes, and what was sold."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wanku.access.can import Permission
from wanku.catalog.models import Product
from wanku.catalog.sheets.read_table import BYTES_MAX
from wanku.flows.offering.import_codes import import_codes
from wanku.flows.offering.preview_codes import preview_codes
from wanku.flows.offering.receive_codes import receive_codes
from wanku.flows.offering.revoke_licence import revoke_licence
from wanku.flows.offering.set_licence_plan import PlanData, set_licence_plan
from wanku.flows.selling.set_low_stock import set_low_stock
from wanku.kernel.refusal import BAD_VALUE, NOT_FOUND, Refusal, gettext_noop
from wanku.kinds.issue.models import FREE, ISSUED, REVOKED, CodeFile, Licence, Source
from wanku.merchant_desk import asked
from wanku.merchant_desk.desk import PASSED_ON, act, link, page, show
from wanku.merchant_desk.read import licences as read
from wanku.merchant_desk.read.products import own_products
from wanku.merchants.models import Merchant
from wanku.ui.request import Request

NO_FILE = gettext_noop("Choose a file.")
NO_NUMBER = gettext_noop("Write a whole number.")
FAULTS_SHOWN = 200


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.PRODUCTS_EDIT)
def plans(request: Request, shop: Merchant, product_id: int) -> HttpResponse:
    """Variants with their plans and codes; sent, one of the plans is set."""
    product = _product(shop, product_id)
    if request.method != "POST":
        return _plans(request, shop, product)
    variant_id = asked.whole(request.POST.get("variant", "")) or 0
    return act(
        request,
        lambda: set_licence_plan(product.pk, variant_id, _data(request), actor=request.actor, now=request.now),
        done=_("What it grants is saved. Licences that were sold keep what they grant."),
        back=link(shop, "licence_plans", product.pk),
        again=lambda problem: _plans(request, shop, product, problem, variant_id),
    )


@require_POST
@page(Permission.PRODUCTS_EDIT)
def low(request: Request, shop: Merchant, product_id: int) -> HttpResponse:
    """Set how many codes are few, so that the desk is told."""
    product = _product(shop, product_id)
    variant_id, level = (asked.whole(request.POST.get(name, "")) for name in ("variant", "low_at"))
    if level is None or not product.variants.filter(pk=variant_id or 0).exists():
        raise Refusal(BAD_VALUE, field="low_at", problem=NO_NUMBER)
    return act(
        request,
        lambda: set_low_stock(variant_id or 0, level, actor=request.actor, now=request.now),
        done=_("You are told when the codes become few."),
        back=link(shop, "licence_plans", product.pk),
    )


@require_POST
@page(Permission.PRODUCTS_EDIT)
def upload(request: Request, shop: Merchant, product_id: int) -> HttpResponse:
    """Take in a file of codes and show what it would do."""
    product = _product(shop, product_id)
    variant_id = asked.whole(request.POST.get("variant", "")) or 0
    try:
        file = _receive(request, product, variant_id)
    except Refusal as refusal:
        if refusal.code.status in PASSED_ON:
            raise
        return _plans(request, shop, product, refusal, variant_id)
    return HttpResponseRedirect(link(shop, "code_file", file.pk), status=303)


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.PRODUCTS_EDIT)
def code_file(request: Request, shop: Merchant, file_id: UUID) -> HttpResponse:
    """What a file would do, row by row; sent, its good codes go into the pool."""
    file = CodeFile.objects.filter(pk=file_id, merchant=shop).select_related("plan__variant").first()
    if file is None:
        raise Refusal(NOT_FOUND)
    back = link(shop, "licence_plans", file.plan.variant.product_id)
    if request.method == "POST":
        done = import_codes(file.pk, actor=request.actor, now=request.now)
        n = done.outcome["added"]
        text = ngettext("%(n)s code is in the pool now.", "%(n)s codes are in the pool now.", n)
        messages.success(request, text % {"n": n})
        return HttpResponseRedirect(back, status=303)
    if file.done_at is not None:
        return HttpResponseRedirect(back)
    file, rows = preview_codes(file.pk, actor=request.actor, now=request.now)
    faults = [row for row in rows if row.fault is not None]
    context = {
        "file": file,
        "back": back,
        "good": len(rows) - len(faults),
        "faults": faults[:FAULTS_SHOWN],
        "fault_count": len(faults),
        "more_faults": max(0, len(faults) - FAULTS_SHOWN),
    }
    return show(request, shop, "code_file.html", context)


@require_safe
@page(Permission.PRODUCTS_EDIT)
def licences(request: Request, shop: Merchant) -> HttpResponse:
    """What was sold, what was ended, and what lies in the pools; found by the end of the code."""
    return _licences(request, shop)


@require_POST
@page(Permission.PRODUCTS_EDIT)
def revoke(request: Request, shop: Merchant, licence_id: UUID) -> HttpResponse:
    """End a licence, or take a code out of its pool, with the reason."""
    if not Licence.objects.filter(pk=licence_id, merchant=shop).exists():
        raise Refusal(NOT_FOUND)
    because = request.POST.get("because", "")
    return act(
        request,
        lambda: revoke_licence(licence_id, because=because, actor=request.actor, now=request.now),
        done=_("It is ended. Programs are told so the next time they ask."),
        back=link(shop, "licences"),
    )


def _receive(request: Request, product: Product, variant_id: int) -> CodeFile:
    sent = request.FILES.get("file")
    if sent is None:
        raise Refusal(BAD_VALUE, field="file", problem=NO_FILE)
    content = sent.read(BYTES_MAX + 1)
    return receive_codes(product.pk, variant_id, content, name=sent.name or "", actor=request.actor, now=request.now)


def _product(shop: Merchant, product_id: int) -> Product:
    product = own_products(shop.pk).filter(pk=product_id).first()
    if product is None:
        raise Refusal(NOT_FOUND)
    return product


def _data(request: Request) -> PlanData:
    """The plan of a form; what is no number is out of every range."""
    term = request.POST.get("term_days", "").strip()
    return PlanData(
        source=request.POST.get("source", ""),
        edition=request.POST.get("edition", ""),
        term_days=asked.whole(term, 0) if term else None,
        seats=asked.whole(request.POST.get("seats", ""), 0) or 0,
        machines=asked.whole(request.POST.get("machines", ""), 0) or 0,
    )


def _plans(
    request: Request, shop: Merchant, product: Product, problem: Refusal | None = None, at: int | None = None
) -> HttpResponse:
    context: dict[str, Any] = {
        "product": product,
        "rows": read.plan_rows(product),
        "files": read.past_files(product),
        "sources": [(each.value, each.label) for each in Source],
        "at": at,
    }
    return show(request, shop, "licence_plans.html", context, problem=problem)


def _licences(request: Request, shop: Merchant) -> HttpResponse:
    state = asked.choice(request, "state", read.STATES, ISSUED)
    ends = asked.text(request, "q")
    names = {ISSUED: pgettext("licence", "Sold"), REVOKED: _("Ended"), FREE: _("In the pools")}
    counts = read.counts(shop.pk)
    found = read.search(shop.pk, ends=ends, state=state, number=request.GET.get("page"))
    rows = list(found)
    numbers = read.numbers_of(rows)
    context = {
        "page": found,
        "rows": [
            {"licence": row, "words": read.words_of(row), "order": numbers.get(row.order_id) if row.order_id else None}
            for row in rows
        ],
        "tabs": [
            {"label": names[key], "url": f"?state={key}", "current": key == state, "count": counts.get(key, 0)}
            for key in read.STATES
        ],
        "q": ends,
        "state": state,
    }
    return show(request, shop, "licences.html", context)
