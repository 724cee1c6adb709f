"""The product editor."""

from dataclasses import replace
from typing import Final

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wanku.access.can import Permission
from wanku.catalog.models import Category, Product, ReturnRule
from wanku.catalog.queries import tree
from wanku.catalog.rules import PICTURES_MAX
from wanku.catalog.save_product import problems
from wanku.files.accept import accept_picture
from wanku.flows.selling.list_product import list_product
from wanku.flows.selling.save_product import save_product
from wanku.inventory.models import Supply
from wanku.kernel.refusal import NOT_FOUND, Refusal, refuse_all
from wanku.kinds.registry import KINDS, SHIP, by_sku
from wanku.merchant_desk import asked, editor
from wanku.merchant_desk.desk import PASSED_ON, link, page, show
from wanku.merchant_desk.read import products as read
from wanku.merchant_desk.words import LOG_REASONS
from wanku.merchants.models import Merchant
from wanku.ui.request import Request
from wanku.ui.words import refusal_text

SET_UP: Final[dict[str, str]] = {
    "issue": "licence_plans",
    "meal": "dish",
    "seat": "set_up_departures",
    "stay": "stay",
    "visit": "service",
}


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.PRODUCTS_EDIT)
def new(request: Request, shop: Merchant) -> HttpResponse:
    """A new product."""
    return _edit(request, shop, None)


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.PRODUCTS_EDIT)
def edit(request: Request, shop: Merchant, product_id: int) -> HttpResponse:
    """One product."""
    product = read.own_products(shop.pk).filter(pk=product_id).select_related("category").first()
    if product is None:
        raise Refusal(NOT_FOUND)
    return _edit(request, shop, product)


def _edit(request: Request, shop: Merchant, product: Product | None) -> HttpResponse:
    if request.method != "POST":
        form = editor.of_product(product, _supplies(product)) if product else editor.blank()
        if form.is_too_big:
            messages.warning(request, refusal_text(Refusal(editor.TOO_BIG, most=editor.GRID_MAX)))
            return HttpResponseRedirect(link(shop, "imports"))
        return _form(request, shop, product, form)
    form = editor.of_post(request.POST)
    if form.is_too_big:
        return _form(request, shop, product, form, Refusal(editor.TOO_BIG, field="grid", most=editor.GRID_MAX))
    if request.POST.get("step") == "grid":
        return _form(request, shop, product, form.with_grid())
    refused: list[Refusal] = []
    form = _with_uploads(request, shop, form, refused)
    if not form.grid_fits:
        return _form(request, shop, product, form.with_grid(), Refusal(editor.CHECK_GRID, field="grid"))
    told = editor.read(form)
    try:
        # What cannot be read at all would only be found a second time by the rules.
        unread = {r.field for r in told.refusals}
        found = [editor.in_grid(r, form) for r in problems(told.data)]
        refuse_all(refused + told.refusals + [r for r in found if r.field not in unread])
        saved = save_product(
            shop.pk,
            told.data,
            product_id=product.pk if product else None,
            stock=told.stock,
            low_at=told.low_at,
            actor=request.actor,
            now=request.now,
        )
    except Refusal as refusal:
        if refusal.code.status in PASSED_ON and refusal.field is None:
            raise
        first, *others = [editor.in_grid(r, form) for r in refusal.every()]
        return _form(request, shop, product, form, Refusal(first.code, field=first.field, also=others, **first.facts))
    return _saved(request, shop, saved)


def _saved(request: Request, shop: Merchant, product: Product) -> HttpResponse:
    messages.success(request, _("%(title)s is saved.") % {"title": product.title})
    if request.POST.get("then") == "list":
        try:
            list_product(product.pk, actor=request.actor, now=request.now)
        except Refusal as refusal:
            messages.error(request, refusal_text(refusal))
    return HttpResponseRedirect(link(shop, "product", product.pk), status=303)


def _with_uploads(request: Request, shop: Merchant, form: editor.Editor, refused: list[Refusal]) -> editor.Editor:
    """Store what was uploaded, before any transaction; it stays in the form even when something else is wrong."""
    rows = list(form.pictures)
    uploads = request.FILES.getlist("uploads")
    for upload in uploads[: max(0, PICTURES_MAX - len(rows))]:
        try:
            kept = accept_picture(
                upload.read(), owner=f"merchant:{shop.pk}", is_public=True, now=request.now, field="pictures"
            )
        except Refusal as refusal:
            refused.append(refusal)
            continue
        if str(kept.pk) not in {row.key for row in rows}:
            rows.append(editor.PictureRow(str(kept.pk), "", "", "", str(len(rows) + 1)))
    return replace(form, pictures=rows)


def _supplies(product: Product) -> dict[str, Supply]:
    return read.supplies_of(list(product.variants.filter(is_active=True)))


def _form(
    request: Request, shop: Merchant, product: Product | None, form: editor.Editor, problem: Refusal | None = None
) -> HttpResponse:
    kind = KINDS.get(product.kind) if product else None
    chosen = Category.objects.filter(pk=asked.whole(form.texts.get("category", "")) or 0).first()
    named = [option.name or f"{at}" for at, option in enumerate(form.option_data(), start=1)]
    context = {
        "product": product,
        "form": form,
        "grid": _grid(form, problem),
        "categories": categories(),
        "category": chosen,
        "rules": [("", _("As the category says")), (ReturnRule.NO_REASON.value, ReturnRule.NO_REASON.label)],
        "option_names": named,
        "skus": [("", _("All variants")), *((s, s) for row in form.rows if (s := row.cells.get("sku", "")))],
        "log": [{"row": row, "because": LOG_REASONS.get(row.because, row.because)} for row in read.stock_log(product)]
        if product
        else [],
        "problems": [refusal_text(r) for r in problem.every()] if problem else [],
        "kinds": [(SHIP, _("Goods that are shipped")), *((k.code, k.label) for k in KINDS.values())],
        "kind": kind,
        "has_stock": product is None or by_sku(product.kind),
        # A kind that is set up on a page of its own has it under this name, with the product in its address.
        "set_up": link(shop, SET_UP[kind.code], product.pk) if product and kind and kind.code in SET_UP else "",
        "preview": reverse("storefront:product", args=[shop.slug, product.slug]) if product else "",
    }
    return show(request, shop, "product.html", context, problem=problem)


def _grid(form: editor.Editor, problem: Refusal | None) -> list[dict[str, object]]:
    """The lines of the grid, each with what is wrong in it."""
    wrong: dict[str, list[str]] = {}
    for refusal in problem.every() if problem else ():
        first, _dot, rest = (refusal.field or "").partition(".")
        if first == "row":
            wrong.setdefault(rest.partition(".")[0], []).append(refusal_text(refusal))
    return [{"row": row, "n": at, "problems": wrong.get(str(at), [])} for at, row in enumerate(form.rows)]


def categories() -> list[tuple[int, str]]:
    """Every open category with its trail, in the order of the tree."""
    found = tree()
    rows = []
    for category in found.all:
        trail = found.trail(category)
        rows.append(([(c.position, c.pk) for c in trail], category.pk, " › ".join(c.name for c in trail)))
    return [(key, name) for _order, key, name in sorted(rows)]
