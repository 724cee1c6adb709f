"""Departures, people and menus as tables: a template, a look at what would happen, and taking it over."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from wanku.access.can import Permission
from wanku.catalog.models import ProductState, Variant
from wanku.catalog.sheets.columns import Column
from wanku.catalog.sheets.read_table import csv_bytes
from wanku.flows.offering import _departure_sheet, _menu_sheet, _people_sheet
from wanku.flows.offering._sheet import CREATE, FILE_MAX, SAME, TEXT_MAX, UPDATE, Form, Outcome
from wanku.flows.offering.import_departures import import_departures
from wanku.flows.offering.import_menu import import_menu
from wanku.flows.offering.import_people import import_people
from wanku.flows.offering.preview_departures import preview_departures
from wanku.flows.offering.preview_menu import preview_menu
from wanku.flows.offering.preview_people import preview_people
from wanku.kernel.refusal import BAD_VALUE, Refusal
from wanku.kinds.seat.kind import Seat
from wanku.kinds.visit.kind import VisitKind
from wanku.merchant_desk.desk import PASSED_ON, act, link, page, show
from wanku.merchant_desk.pages.imports import NO_FILE, TYPES
from wanku.merchants.models import Merchant
from wanku.ui.request import Request

METHODS: Final = ["GET", "HEAD", "POST"]
KINDS: Final = {"departures": Seat.code, "people": VisitKind.code}
AHEAD: Final = timedelta(days=30)
FAULTS_SHOWN: Final = 200
SKUS_SHOWN: Final = 6
STEPS_SHOWN: Final = 100


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A kind of table.

    Attributes:
        preview, take_over: flows.
        back: name of the page that it belongs to.
        rule: how its rows go together.
        examples: rows of the template, by column.
    """

    form: Form
    preview: Callable[..., Outcome]
    take_over: Callable[..., Outcome]
    back: str
    title: Promise | str
    rule: Promise | str
    done: Promise | str
    examples: Sequence[Mapping[str, str]]


def _example(columns: Sequence[Column], **changes: str) -> dict[str, str]:
    return {column.name: column.example for column in columns} | changes


SHEETS: Final[Mapping[str, _Sheet]] = {
    "departures": _Sheet(
        _departure_sheet.FORM,
        preview_departures,
        import_departures,
        "departures",
        gettext_lazy("Departures by table"),
        gettext_lazy(
            "One row for each cabin or group; what belongs to the whole departure stands in its first row. "
            "Departures that are there already stay as they are."
        ),
        gettext_lazy("The departures are on offer."),
        (
            _example(_departure_sheet.DEPARTURE_COLUMNS),
            _example(
                _departure_sheet.DEPARTURE_COLUMNS,
                sku="WALK-GROUP",
                origin="杭州",
                destination="杭州",
                seats="20",
                price="",
                minimum="8",
                zone_to="Asia/Shanghai",
                meeting_point="龙翔桥 A 口",
            ),
        ),
    ),
    "people": _Sheet(
        _people_sheet.FORM,
        preview_people,
        import_people,
        "workers",
        gettext_lazy("People by table"),
        gettext_lazy(
            "One row for each person. Who is there already, by name, is changed; a column that is missing leaves "
            "things as they are. What is booked stays booked."
        ),
        gettext_lazy("The people are saved. What is booked stays booked."),
        (
            _example(_people_sheet.PEOPLE_COLUMNS),
            _example(_people_sheet.PEOPLE_COLUMNS, name="李娜", monday="", tuesday="13:00-21:00", breaks=""),
        ),
    ),
    "menu": _Sheet(
        _menu_sheet.FORM,
        preview_menu,
        import_menu,
        "menu",
        gettext_lazy("Menu by table"),
        gettext_lazy(
            "One row for each size and each option; what belongs to the whole dish stands in its first row. A dish "
            "that is there already, by name, becomes what the table says; a column that is missing leaves things as "
            "they are. Pictures stay."
        ),
        gettext_lazy("The menu is saved. Orders that were placed keep what they were."),
        (
            _example(_menu_sheet.MENU_COLUMNS, description=""),
            {"size": "小碗", "price": "26.00", "option": "特辣", "option_price": "1.00"},
            {"group": "加料", "most": "2", "option": "卤蛋", "option_price": "3.00"},
            {"option": "青菜", "option_price": "2.00"},
            {"dish": "冰红茶", "section": "饮料", "price": "8.00"},
            {"dish": "面茶套餐", "section": "套餐", "price": "36.00", "group": "主食", "least": "1", "most": "1",
             "option": "番茄牛腩面", "course": "yes"},
            {"group": "饮料", "least": "1", "most": "1", "option": "冰红茶", "course": "yes"},
        ),
    ),
}  # fmt: skip


@require_http_methods(METHODS)
@page(Permission.PRODUCTS_EDIT)
def departures(request: Request, shop: Merchant) -> HttpResponse:
    """Departures from a table."""
    return _sheet(request, shop, "departures")


@require_http_methods(METHODS)
@page(Permission.PRODUCTS_EDIT)
def people(request: Request, shop: Merchant) -> HttpResponse:
    """People from a table."""
    return _sheet(request, shop, "people")


@require_http_methods(METHODS)
@page(Permission.PRODUCTS_EDIT)
def menu(request: Request, shop: Merchant) -> HttpResponse:
    """A menu from a table."""
    return _sheet(request, shop, "menu")


@require_safe
@page(Permission.PRODUCTS_EDIT)
def template(request: Request, shop: Merchant, sheet: str, form: str) -> HttpResponseBase:
    """A table with examples, to fill in; as a workbook with a page that explains the columns."""
    told = SHEETS[sheet]
    names = [column.name for column in told.form.columns]
    examples = _examples(shop, sheet, request.now)
    rows = [names, *([example.get(name, "") for name in names] for example in examples)]
    if form == "csv":
        data = csv_bytes(rows)
    else:
        head = (_("Heading"), _("In Chinese"), _("Meaning"), _("Example"))
        legend = [head, *((c.name, c.chinese, _(c.meaning), c.example) for c in told.form.columns)]
        from wanku.catalog.sheets.write_workbook import workbook  # noqa: PLC0415 - as in `read_table`

        data = workbook(sheet, told.form.columns, rows, legend)
    headers = {
        "Content-Disposition": f'attachment; filename="wanku-{sheet}-template.{form}"',
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(data, content_type=TYPES[form], headers=headers)


def _examples(shop: Merchant, sheet: str, now: datetime) -> Sequence[Mapping[str, str]]:
    """Rows of a template, with SKUs of the shop's own where it has such products, and days that lie ahead."""
    examples = SHEETS[sheet].examples
    offered = Variant.objects.filter(merchant=shop, is_active=True, product__kind=KINDS.get(sheet, ""))
    skus: dict[int, list[str]] = {}
    rows = offered.exclude(product__state=ProductState.REMOVED).order_by("product", "position")
    for product, sku in rows.values_list("product", "sku")[:SKUS_SHOWN]:
        skus.setdefault(product, []).append(sku)
    if sheet == "people":
        own = ", ".join(sku for those in skus.values() for sku in those)
        return [{**example, "skills": own or example["skills"]} for example in examples]
    if sheet == "departures":
        day = now.date() + AHEAD
        times = {"starts": f"{day} 09:30", "ends": f"{day} 13:20"}
        groups = list(skus.values()) or [["CA929-ECO", "CA929-BUS"], ["WALK-GROUP"]]
        return [
            {**example, **times, "sku": sku} if at == 0 else {"sku": sku, "seats": "12"}
            for example, those in zip(examples, groups, strict=False)
            for at, sku in enumerate(those)
        ]
    return examples


def _sheet(request: Request, shop: Merchant, name: str) -> HttpResponse:
    """A table is sent, looked at, and sent back by the page to be taken over: nothing of it is kept meanwhile."""
    told = SHEETS[name]
    if request.method != "POST":
        return _shown(request, shop, name)
    if "table" in request.POST:
        content = request.POST["table"].encode()
        return act(
            request,
            lambda: told.take_over(shop.pk, content, actor=request.actor, now=request.now),
            done=str(told.done),
            back=link(shop, told.back),
            again=lambda refusal: _looked_at(request, shop, name, content, refusal),
        )
    upload = request.FILES.get("file")
    if upload is None:
        return _shown(request, shop, name, problem=Refusal(BAD_VALUE, field="file", problem=NO_FILE))
    return _looked_at(request, shop, name, upload.read(FILE_MAX + 1))


def _looked_at(
    request: Request, shop: Merchant, name: str, content: bytes, problem: Refusal | None = None
) -> HttpResponse:
    """What a table would do now; when it was refused, that is said above."""
    try:
        outcome = SHEETS[name].preview(shop.pk, content, actor=request.actor, now=request.now)
    except Refusal as refusal:
        if refusal.code.status in PASSED_ON and refusal.field is None:
            raise
        return _shown(request, shop, name, problem=refusal)
    return _shown(request, shop, name, outcome, problem)


def _shown(
    request: Request, shop: Merchant, name: str, outcome: Outcome | None = None, problem: Refusal | None = None
) -> HttpResponse:
    told = SHEETS[name]
    context = {
        "sheet": name,
        "told": told,
        "back": link(shop, told.back),
        "columns": told.form.columns,
        "needed": told.form.needed,
        "rows_max": told.form.rows_max,
        "megabytes": TEXT_MAX // 1024 // 1024,
        "outcome": outcome,
    }
    if outcome is not None:
        changes = outcome.count(CREATE) + outcome.count(UPDATE)
        context |= {
            "creates": outcome.count(CREATE),
            "updates": outcome.count(UPDATE),
            "same": outcome.count(SAME),
            "wrong": len({fault.row for fault in outcome.faults}),
            "faults": outcome.faults[:FAULTS_SHOWN],
            "more_faults": max(0, len(outcome.faults) - FAULTS_SHOWN),
            "steps": outcome.steps[:STEPS_SHOWN],
            "more_steps": max(0, len(outcome.steps) - STEPS_SHOWN),
            "changes": changes,
            "table": csv_bytes(outcome.cells).decode("utf-8-sig") if changes and not outcome.faults else "",
        }
    return show(request, shop, "sheet.html", context, problem=problem)
