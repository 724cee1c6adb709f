"""Products as tables: sending one, looking at what it would do, taking it over, and getting one back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wanku.access.can import Permission
from wanku.catalog.models import ImportFile
from wanku.catalog.sheets.columns import COLUMNS
from wanku.catalog.sheets.products import SheetProduct, SheetVariant
from wanku.catalog.sheets.read_table import BYTES_MAX, ROWS_MAX
from wanku.catalog.sheets.write_table import as_csv, as_workbook
from wanku.flows.selling.export_products import export_products
from wanku.flows.selling.import_products import import_products
from wanku.flows.selling.preview_import import preview_import
from wanku.flows.selling.receive_import import receive_import
from wanku.kernel.refusal import BAD_VALUE, NOT_FOUND, Refusal, gettext_noop
from wanku.merchant_desk import asked
from wanku.merchant_desk.desk import PASSED_ON, link, page, show
from wanku.merchant_desk.pages.editing import categories
from wanku.merchants.models import Merchant
from wanku.ui.request import Request

NO_FILE = gettext_noop("Choose a file.")
FAULTS_SHOWN = 200
STEPS_SHOWN = 100
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.PRODUCTS_EDIT)
def imports(request: Request, shop: Merchant) -> HttpResponse:
    """Send a table, or get one."""
    problem: Refusal | None = None
    if request.method == "POST":
        try:
            return HttpResponseRedirect(link(shop, "import", _receive(request, shop).pk), status=303)
        except Refusal as refusal:
            if refusal.code.status in PASSED_ON:
                raise
            problem = refusal
    context = {
        "categories": [("", _("None: such products are refused")), *categories()],
        "columns": COLUMNS,
        "megabytes": BYTES_MAX // 1024 // 1024,
        "rows_max": ROWS_MAX,
        "past": list(ImportFile.objects.filter(merchant=shop).defer("content").order_by("-received_at")[:10]),
    }
    return show(request, shop, "imports.html", context, problem=problem)


def _receive(request: Request, shop: Merchant) -> ImportFile:
    upload = request.FILES.get("file")
    if upload is None:
        raise Refusal(BAD_VALUE, field="file", problem=NO_FILE)
    return receive_import(
        shop.pk,
        upload.read(BYTES_MAX + 1),
        name=upload.name or "",
        fallback_id=asked.whole(request.POST.get("fallback", "")),
        actor=request.actor,
        now=request.now,
    )


@require_safe
@page(Permission.PRODUCTS_EDIT)
def preview(request: Request, shop: Merchant, file_id: UUID) -> HttpResponse:
    """What the file would do, row by row; or what it did."""
    done = ImportFile.objects.filter(pk=file_id, merchant=shop).exclude(done_at=None).first()
    if done is not None:
        return show(request, shop, "import_done.html", {"file": done})
    if not ImportFile.objects.filter(pk=file_id, merchant=shop).exists():
        raise Refusal(NOT_FOUND)
    file, plan = preview_import(file_id, actor=request.actor, now=request.now)
    steps = sorted(plan.steps.values(), key=lambda step: (step.verb == "same", step.after.row))
    context = {
        "file": file,
        "plan": plan,
        "creates": plan.count("create"),
        "updates": plan.count("update"),
        "same": plan.count("same"),
        "steps": steps[:STEPS_SHOWN],
        "more_steps": max(0, len(steps) - STEPS_SHOWN),
        "faults": plan.faults[:FAULTS_SHOWN],
        "more_faults": max(0, len(plan.faults) - FAULTS_SHOWN),
        "changes": plan.count("create") + plan.count("update"),
    }
    return show(request, shop, "import_preview.html", context)


@require_POST
@page(Permission.PRODUCTS_EDIT)
def commit(request: Request, shop: Merchant, file_id: UUID) -> HttpResponse:
    """Write the next part of the good rows; the page asks for the rest by itself, or by a button without script."""
    if not ImportFile.objects.filter(pk=file_id, merchant=shop).exists():
        raise Refusal(NOT_FOUND)
    file = import_products(file_id, actor=request.actor, now=request.now)
    if file.done_at is None:
        return show(request, shop, "import_running.html", {"file": file})
    if not request.htmx:
        messages.success(request, _("The table was taken over."))
        return HttpResponseRedirect(link(shop, "import", file.pk), status=303)
    return show(request, shop, "import_done.html", {"file": file})


@require_safe
@page(Permission.PRODUCTS_EDIT)
def export(request: Request, shop: Merchant, form: str) -> HttpResponse:
    """All products as a table."""
    data = export_products(shop.pk, form=form, legend=legend(), actor=request.actor, now=request.now)
    return _download(data, form, f"{shop.slug}-products-{request.now:%Y%m%d}")


@require_safe
@page(Permission.PRODUCTS_EDIT)
def template(request: Request, shop: Merchant, form: str) -> HttpResponse:
    """A table with one product as an example, to fill in."""
    data = as_workbook([EXAMPLE], legend()) if form == "xlsx" else as_csv([EXAMPLE])
    return _download(data, form, "wanku-products-template")


def legend() -> list[tuple[str, str, str, str]]:
    """What each column means, in the reader's language."""
    head = (_("Heading"), _("In Chinese"), _("Meaning"), _("Example"))
    return [head, *((c.name, c.chinese, _(c.meaning), c.example) for c in COLUMNS)]


def _download(data: bytes, form: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(data, content_type=TYPES[form], headers=headers)


EXAMPLE = SheetProduct(
    row=0,
    handle="longjing-tea",
    options=("规格",),
    variants=(
        SheetVariant(0, "LJ-100", ("100g",), {"price": 12800, "list_price": 16800, "stock": 40, "weight_g": 150}),
        SheetVariant(0, "LJ-250", ("250g",), {"price": 29800, "stock": 12, "low_stock_at": 5, "weight_g": 330}),
    ),
    fields={
        "title": "西湖龙井 明前特级",
        "subtitle": "当年新茶",
        "category": "food/tea",
        "brand": "茶行",
        "description": "杭州西湖产区。\n密封避光保存。",
        "state": "draft",
        "ship_within_hours": 48,
        "arrives_days_min": 2,
        "arrives_days_max": 5,
        "parameters": (("产地", "浙江杭州"), ("等级", "特级")),
        "add_ons": (("礼盒包装", 1500),),
        "pictures": (("https://example.com/longjing.jpg", "茶叶"),),
    },
)
