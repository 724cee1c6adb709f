"""Houses: where they are, their rooms and rates, seasons, and the calendar that is painted."""

from collections.abc import Mapping, Sequence
from typing import Any

from babel.dates import get_day_names
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wanku.access.can import Permission
from wanku.catalog.sheets.read_table import csv_bytes
from wanku.files.accept import accept_picture
from wanku.files.queries import pictures_by_id
from wanku.flows.offering.import_nights import import_nights
from wanku.flows.offering.paint_nights import paint_nights
from wanku.flows.offering.preview_nights import preview_nights
from wanku.flows.offering.remove_room import remove_room
from wanku.flows.offering.save_room import save_room
from wanku.flows.offering.set_house import set_house
from wanku.flows.offering.set_seasons import set_seasons
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.kernel.zones import zone_options
from wanku.kinds.notice_words import notice_words
from wanku.kinds.stay.models import Place, Property, RoomType
from wanku.kinds.stay.open_nights import nights_ahead
from wanku.kinds.stay.rules import PICTURES_MAX
from wanku.kinds.stay.words import FACILITIES, Meal
from wanku.merchant_desk import asked, stay_forms
from wanku.merchant_desk.desk import PASSED_ON, act, link, page, show
from wanku.merchant_desk.read import stays as read
from wanku.merchants.models import Merchant
from wanku.ui.request import Request
from wanku.ui.sheets import download
from wanku.ui.words import locale, refusal_text

LINES_SHOWN = 200
COLUMNS = ("room", "date", "price", "closed", "rooms", "min_nights")


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.PRODUCTS_EDIT)
def house(request: Request, shop: Merchant, house_id: int) -> HttpResponse:
    """Where a house is and what it has, and its rooms."""
    product = read.stay_product(shop.pk, house_id)
    found = Property.objects.select_related("place").filter(pk=product.pk).first()

    def form(typed: Mapping[str, Any], problem: Refusal | None = None) -> HttpResponse:
        rooms = read.room_types(found) if found else []
        tonight = nights_ahead(found, now=request.now)[0] if found else None
        context = {
            "product": product,
            "house": found,
            "form": typed,
            "rooms": [
                {
                    "room": room,
                    "rates": [(rate, " ".join(notice_words(rate.notice))) for rate in _offered(room)],
                }
                for room in rooms
            ],
            "free": read.free_by_room(rooms, tonight) if tonight else {},
            "places": list(Place.objects.filter(is_hidden=False).values_list("name", flat=True)[:500]),
            "zones": zone_options(str(typed.get("zone"))),
            "facilities": list(FACILITIES.items()),
        }
        return show(request, shop, "stay.html", context, problem=problem)

    if request.method != "POST":
        return form(stay_forms.house_form(found, shop.zone))
    typed = stay_forms.house_typed(request.POST)
    return act(
        request,
        lambda: set_house(product.pk, stay_forms.house_data(typed), actor=request.actor, now=request.now),
        done=_("The house is saved. Stays that are booked keep their times and terms."),
        back=link(shop, "stay", product.pk),
        again=lambda refusal: form(typed, refusal),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.PRODUCTS_EDIT)
def room(request: Request, shop: Merchant, house_id: int, room_id: int | None = None) -> HttpResponse:
    """A room type with its rates; without an id a new one."""
    home = read.house_of(shop.pk, house_id)
    found = _room(home, room_id) if room_id is not None else None

    def form(typed: Mapping[str, Any], problem: Refusal | None = None) -> HttpResponse:
        keys = stay_forms.picture_keys(typed)
        stored = pictures_by_id(keys)
        context = {
            "house": home,
            "room": found,
            "form": {**typed, "rates": _marked(typed["rates"], "rates", problem)},
            "week": list(zip(_week_names(), typed["weekdays"], strict=True)),
            "meals": Meal.choices,
            "facilities": list(FACILITIES.items()),
            "pictures": [(key, stored[key]) for key in keys if key in stored],
        }
        return show(request, shop, "stay_room.html", context, problem=problem)

    if request.method != "POST":
        return form(stay_forms.room_form(found, _offered(found) if found else ()))
    typed = stay_forms.room_typed(request.POST)
    if request.POST.get("step") == "rate":
        blank = stay_forms.room_form(None, ())["rates"]
        return form({**typed, "rates": [*typed["rates"], *blank]})
    return act(
        request,
        lambda: _save(request, shop, home, found, typed),
        done=_("The room type is saved."),
        back=link(shop, "stay", home.pk),
        again=lambda refusal: form(typed, refusal),
    )


@require_POST
@page(Permission.PRODUCTS_EDIT)
def remove(request: Request, shop: Merchant, house_id: int, room_id: int) -> HttpResponse:
    """Take a room type off sale."""
    home = read.house_of(shop.pk, house_id)
    return act(
        request,
        lambda: remove_room(_room(home, room_id).pk, actor=request.actor, now=request.now),
        done=_("The room type is no longer offered. Stays that are booked in it remain booked."),
        back=link(shop, "stay", home.pk),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.PRODUCTS_EDIT)
def seasons(request: Request, shop: Merchant, house_id: int, room_id: int) -> HttpResponse:
    """The seasons of a room type."""
    home = read.house_of(shop.pk, house_id)
    found = _room(home, room_id)

    def form(rows: Sequence[Mapping[str, Any]], problem: Refusal | None = None) -> HttpResponse:
        names = _week_names()
        shown = [
            {**row, "week": list(zip(names, row["weekdays"], strict=True))} for row in _marked(rows, "seasons", problem)
        ]
        return show(request, shop, "stay_seasons.html", {"house": home, "room": found, "rows": shown}, problem=problem)

    if request.method != "POST":
        return form(stay_forms.season_form(list(found.seasons.all())))
    typed = stay_forms.season_typed(request.POST)
    return act(
        request,
        lambda: set_seasons(found.pk, stay_forms.season_data(typed), actor=request.actor, now=request.now),
        done=_("The seasons are saved. Stays that are booked keep their price."),
        back=link(shop, "stay_seasons", home.pk, found.pk),
        again=lambda refusal: form(typed, refusal),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.PRODUCTS_EDIT)
def nights(request: Request, shop: Merchant, house_id: int) -> HttpResponse:
    """The calendar of a room type: a month to look at, and a range to paint."""
    home = read.house_of(shop.pk, house_id)
    rooms = read.room_types(home)
    if not rooms:
        raise Refusal(NOT_FOUND)
    wanted = asked.whole((request.POST or request.GET).get("room", ""))
    found = next((each for each in rooms if each.pk == wanted), rooms[0])
    month = read.month_asked((request.POST or request.GET).get("month", ""), home, now=request.now)

    def form(problem: Refusal | None = None) -> HttpResponse:
        ahead = nights_ahead(home, now=request.now)
        context = {
            "house": home,
            "rooms": rooms,
            "room": found,
            "month": read.month_of(found, month),
            "today": ahead[0],
            "last": ahead[-1],
            "week": list(enumerate(_week_names())),
            "ticked": set(request.POST.getlist("weekday")),
        }
        return show(request, shop, "stay_nights.html", context, problem=problem)

    if request.method != "POST":
        return form()
    return act(
        request,
        lambda: paint_nights(found.pk, stay_forms.paint_data(request.POST), actor=request.actor, now=request.now),
        done=_("The calendar is changed. Stays that are booked keep their price."),
        back=f"{link(shop, 'stay_nights', home.pk)}?room={found.pk}&month={month:%Y-%m}",
        again=form,
    )


def _save(request: Request, shop: Merchant, home: Property, found: RoomType | None, typed: dict[str, Any]) -> None:
    """Pictures are stored before anything else: they stay in the form even when something in it is wrong."""
    for upload in request.FILES.getlist("uploads")[: max(0, PICTURES_MAX - len(typed["pictures"]))]:
        kept = accept_picture(
            upload.read(), owner=f"merchant:{shop.pk}", is_public=True, now=request.now, field="pictures"
        )
        if str(kept.pk) not in typed["pictures"]:
            typed["pictures"].append(str(kept.pk))
    data = stay_forms.room_data(typed)
    save_room(home.pk, data, room_id=found.pk if found else None, actor=request.actor, now=request.now)


def _room(home: Property, room_id: int) -> RoomType:
    found = next((each for each in read.room_types(home) if each.pk == room_id), None)
    if found is None:
        raise Refusal(NOT_FOUND)
    return found


def _offered(room: RoomType) -> list[Any]:
    return [rate for rate in room.rates.all() if rate.variant.is_active]


def _week_names() -> list[str]:
    """Monday to Sunday in the reader's language."""
    names = get_day_names("abbreviated", locale=locale())
    return [names[day] for day in range(7)]


def _marked(rows: Sequence[Mapping[str, Any]], name: str, problem: Refusal | None) -> list[dict[str, Any]]:
    """Rows of a form, each with what is wrong in it: ``rates.1.plus`` is the second row's ``plus``."""
    wrong: dict[int, dict[str, str]] = {}
    for refusal in problem.every() if problem else ():
        head, at, *rest = [*(refusal.field or "").split(".")[:3], ""]
        if head == name and at.isdigit() and rest:
            wrong.setdefault(int(at), {}).setdefault(rest[0], refusal_text(refusal))
    return [{**row, "errors": wrong.get(at, {})} for at, row in enumerate(rows)]


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.PRODUCTS_EDIT)
def table(request: Request, shop: Merchant, house_id: int) -> HttpResponse:
    """A table of nights: sent, looked at row by row, taken over."""
    home = read.house_of(shop.pk, house_id)

    def form(lines: Sequence[Any] = (), problem: Refusal | None = None) -> HttpResponse:
        faulty = sum(line.fault is not None for line in lines)
        text = csv_bytes([COLUMNS, *(line.cells for line in lines)]).decode("utf-8-sig") if lines else ""
        context = {"house": home, "lines": lines[:LINES_SHOWN], "count": len(lines), "faulty": faulty, "table": text}
        return show(request, shop, "stay_table.html", context | {"columns": COLUMNS}, problem=problem)

    if request.method != "POST":
        return form()
    if "table" in request.POST:
        content = request.POST["table"].encode()
        return act(
            request,
            lambda: import_nights(home.pk, content, actor=request.actor, now=request.now),
            done=_("The nights are changed. Stays that are booked keep their price."),
            back=link(shop, "stay_nights", home.pk),
            again=lambda refusal: form((), refusal),
        )
    upload = request.FILES.get("file")
    try:
        content = upload.read() if upload is not None else b""
        return form(preview_nights(home.pk, content, actor=request.actor, now=request.now))
    except Refusal as refusal:
        if refusal.code.status in PASSED_ON and refusal.field is None:
            raise
        return form((), refusal)


@require_safe
@page(Permission.PRODUCTS_EDIT)
def export(request: Request, shop: Merchant, house_id: int, form: str) -> HttpResponseBase:
    """The calendar of all room types as a table that can be sent back: prices only where a night has its own."""
    home = read.house_of(shop.pk, house_id)
    rows = read.calendar_rows(home, now=request.now)
    return download(form, f"{shop.slug}-{home.product.slug}-nights", [*COLUMNS, "usual_price"], rows)
