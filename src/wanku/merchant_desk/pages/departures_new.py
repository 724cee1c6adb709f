"""A product that is sold by departures: its terms, and new departures in series."""

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from wanku.access.can import Permission
from wanku.catalog.models import Product, Variant
from wanku.catalog.sheets.cells import price_text
from wanku.flows.offering.add_departures import add_departures
from wanku.flows.offering.set_seat_terms import set_seat_terms
from wanku.kernel.refusal import BAD_VALUE, NOT_FOUND, Refusal, gettext_noop, refuse_all
from wanku.kernel.zones import zone_options
from wanku.kinds.seat.models import SeatTerms
from wanku.kinds.seat.rules import CabinData, Journey
from wanku.kinds.seat.series import Series
from wanku.kinds.seat.words import local
from wanku.merchant_desk import asked
from wanku.merchant_desk.desk import PASSED_ON, act, link, page, show
from wanku.merchant_desk.read import departures as read
from wanku.merchant_desk.read.products import own_products
from wanku.merchants.models import Merchant
from wanku.ui.request import Request

ROWS: Final = 4
PLACES: Final = ("origin", "destination", "meeting_point", "zone_from", "zone_to")
HOURS: Final = {"sale_hours": "2", "minimum": "1", "decide_hours": "72", "days": "0"}
DEFAULT_TABLE: Final = ((168, 0), (48, 30), (4, 80))
NO_NUMBER = gettext_noop("Write a whole number.")
NO_DAY = gettext_noop("Choose a day.")
NO_TIME = gettext_noop("Write a time like 09:30.")
NO_PRICE = gettext_noop("Write a price like 12.50, or nothing.")


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.PRODUCTS_EDIT)
def set_up(request: Request, shop: Merchant, product_id: int) -> HttpResponse:
    """Terms and new departures of one product."""
    product = own_products(shop.pk).filter(pk=product_id).first()
    if product is None:
        raise Refusal(NOT_FOUND)
    if request.method != "POST":
        return _page(request, shop, product)
    if request.POST.get("what") == "terms":
        return act(
            request,
            lambda: _terms(request, product),
            done=_("Saved. Orders that were placed keep their terms."),
            back=link(shop, "set_up_departures", product.pk),
            again=lambda refusal: _page(request, shop, product, refusal),
        )
    try:
        journey, series = _read(request.POST, list(product.variants.filter(is_active=True)))
        made = add_departures(product.pk, journey, series, actor=request.actor, now=request.now)
    except Refusal as refusal:
        if refusal.code.status in PASSED_ON and refusal.field is None:
            raise
        return _page(request, shop, product, refusal)
    words = ngettext("%(n)s departure is on offer now.", "%(n)s departures are on offer now.", len(made))
    messages.success(request, words % {"n": len(made)})
    return HttpResponseRedirect(link(shop, "set_up_departures", product.pk), status=303)


def _terms(request: Request, product: Product) -> None:
    table = []
    for at in range(ROWS):
        hours, percent = (request.POST.get(f"t{at}-{name}", "").strip() for name in ("hours", "percent"))
        if not hours and not percent:
            continue
        told = asked.whole(hours), asked.whole(percent)
        if told[0] is None or told[1] is None:
            raise Refusal(BAD_VALUE, field="cancellation", problem=NO_NUMBER)
        table.append({"hours": told[0], "bp": told[1] * 100})
    real_name = bool(request.POST.get("real_name"))
    set_seat_terms(product.pk, real_name=real_name, cancellation=table, actor=request.actor, now=request.now)


def _read(post: QueryDict, variants: list[Variant]) -> tuple[Journey, Series]:
    """What was typed.

    Raises:
        Refusal: ``bad_value`` for each field that cannot be read.
    """
    wrong: list[Refusal] = []
    numbers = {name: _number(post, name, wrong) for name in HOURS}
    first = _day(post, "first", wrong)
    last = _day(post, "last", wrong) if post.get("last", "").strip() else first
    leaves, arrives = _time(post, "leaves", wrong), _time(post, "arrives", wrong)
    cabins = tuple(cabin for variant in variants if (cabin := _cabin(post, variant, wrong)) is not None)
    refuse_all(wrong)
    journey = Journey(
        origin=post.get("origin", ""),
        destination=post.get("destination", ""),
        zone_from=post.get("zone_from", ""),
        zone_to=post.get("zone_to", ""),
        cabins=cabins,
        meeting_point=post.get("meeting_point", ""),
        sale_hours=numbers["sale_hours"],
        minimum=numbers["minimum"],
        decide_hours=numbers["decide_hours"],
    )
    weekdays = {int(day) for day in post.getlist("weekdays") if day in "0123456" and day}
    series = Series(first, last, leaves, arrives, days=numbers["days"], weekdays=weekdays or set(range(7)))
    return journey, series


def _number(post: QueryDict, name: str, wrong: list[Refusal]) -> int:
    value = asked.whole(post.get(name, "") or HOURS[name])
    if value is None:
        wrong.append(Refusal(BAD_VALUE, field=name, problem=NO_NUMBER))
    return value or 0


def _day(post: QueryDict, name: str, wrong: list[Refusal]) -> date:
    try:
        return date.fromisoformat(post.get(name, ""))
    except ValueError:
        wrong.append(Refusal(BAD_VALUE, field=name, problem=NO_DAY))
        return date.min


def _time(post: QueryDict, name: str, wrong: list[Refusal]) -> time:
    try:
        return time.fromisoformat(post.get(name, "").strip()[:5])
    except ValueError:
        wrong.append(Refusal(BAD_VALUE, field=name, problem=NO_TIME))
        return time.min


def _cabin(post: QueryDict, variant: Variant, wrong: list[Refusal]) -> CabinData | None:
    """A cabin, or none where no seats were written."""
    seats, price = (post.get(f"c{variant.pk}-{name}", "").strip() for name in ("seats", "price"))
    if not seats:
        return None
    count, own = asked.whole(seats), asked.money(price) if price else None
    if count is None:
        wrong.append(Refusal(BAD_VALUE, field=f"cabins.{variant.pk}.seats", problem=NO_NUMBER))
    if price and own is None:
        wrong.append(Refusal(BAD_VALUE, field=f"cabins.{variant.pk}.price", problem=NO_PRICE))
    return CabinData(variant.pk, count or 0, own)


def _page(request: Request, shop: Merchant, product: Product, problem: Refusal | None = None) -> HttpResponse:
    terms = read.terms(product)
    typed = request.POST if problem else QueryDict()
    variants = list(product.variants.filter(is_active=True).order_by("position", "pk"))
    found, rows = read.departures(shop.pk, tab="", product_id=product.pk, page=request.GET.get("page"), now=request.now)
    form = _form(product, shop, typed)
    context = {
        "product": product,
        "terms": terms,
        "real_name": "real_name" in typed if typed.get("what") == "terms" else terms is None or terms.real_name,
        "table": _table(terms, typed),
        "form": form,
        "weekdays": _weekdays(typed),
        "cabins": [_cells(variant, typed, rows) for variant in variants],
        "zones": zone_options(form["zone_from"], form["zone_to"]),
        "page": found,
        "rows": rows,
    }
    return show(request, shop, "set_up_departures.html", context, problem=problem)


def _table(terms: SeatTerms | None, typed: QueryDict) -> list[tuple[int, Any, Any]]:
    """Rows of the table of notice as the form shows them."""
    if typed.get("what") == "terms":
        return [(at, typed.get(f"t{at}-hours", ""), typed.get(f"t{at}-percent", "")) for at in range(ROWS)]
    known = [(row["hours"], row["bp"] // 100) for row in terms.cancellation] if terms else list(DEFAULT_TABLE)
    padded: list[tuple[Any, Any]] = [*known, *[("", "")] * ROWS]
    return [(at, hours, percent) for at, (hours, percent) in enumerate(padded[: max(ROWS, len(known))])]


def _form(product: Product, shop: Merchant, typed: QueryDict) -> Mapping[str, str]:
    """What was typed, else as the departure that was made last."""
    names = (*PLACES, *HOURS, "first", "last", "leaves", "arrives")
    if typed.get("what") == "departures":
        return {name: typed.get(name, "") for name in names}
    form = {**dict.fromkeys(names, ""), **HOURS, "zone_from": shop.zone, "zone_to": shop.zone}
    last = read.latest(product)
    if last is not None:
        starts, ends = local(last.starts_at, last.zone_from), local(last.ends_at, last.zone_to)
        form |= {name: getattr(last, name) for name in PLACES}
        form |= {"leaves": f"{starts:%H:%M}", "arrives": f"{ends:%H:%M}", "minimum": str(last.minimum)}
        form["days"] = str((ends.date() - starts.date()).days)
        form["sale_hours"] = str(int((last.starts_at - last.sale_until).total_seconds()) // 3600)
        if last.decide_at is not None:
            form["decide_hours"] = str(int((last.starts_at - last.decide_at).total_seconds()) // 3600)
    return form


def _weekdays(typed: QueryDict) -> list[tuple[int, str, bool]]:
    chosen = typed.getlist("weekdays") if typed.get("what") == "departures" else [str(n) for n in range(7)]
    return [(n, str(label), str(n) in chosen) for n, label in WEEKDAYS_ABBR.items()]


def _cells(variant: Variant, typed: QueryDict, rows: Sequence[read.Row]) -> dict[str, Any]:
    """One cabin of the form; before anything was typed with as many seats as on the next departure."""
    key = f"c{variant.pk}"
    usual = next((str(d.seats) for row in rows[:1] for d in row.decks if d.variant.pk == variant.pk), "")
    return {
        "variant": variant,
        "key": key,
        "seats": typed.get(f"{key}-seats", "") if typed.get("what") == "departures" else usual,
        "price": typed.get(f"{key}-price", ""),
        "usual": price_text(variant.price),
        "seats_field": f"cabins.{variant.pk}.seats",
        "price_field": f"cabins.{variant.pk}.price",
    }
