"""Departures: the list, one of them with everybody aboard, seats and prices, calling it off."""

from collections.abc import Sequence

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from wanku.access.can import Permission
from wanku.catalog.sheets.cells import price_text
from wanku.catalog.sheets.stream import Cell
from wanku.flows.booking.read_details import read_details
from wanku.flows.offering.cancel_departure import cancel_departure
from wanku.flows.offering.change_cabin import change_cabin
from wanku.flows.offering.confirm_departure import confirm_departure
from wanku.flows.offering.export_manifest import Aboard, export_manifest
from wanku.kernel.ids import clean_number, spaced
from wanku.kernel.refusal import BAD_VALUE, NOT_FOUND, Refusal, gettext_noop
from wanku.kinds.seat.models import Departure
from wanku.kinds.seat.rules import CabinData
from wanku.kinds.seat.travellers import DOCUMENTS, Travellers, birth_of
from wanku.kinds.seat.words import local, moment_words
from wanku.merchant_desk import asked
from wanku.merchant_desk.desk import act, link, may, page, show
from wanku.merchant_desk.read import departures as read
from wanku.merchants.models import Merchant
from wanku.orders.models import Order
from wanku.ui.request import Request
from wanku.ui.sheets import TYPES, download

NO_PRICE = gettext_noop("Write a price like 12.50, or nothing.")
NO_NUMBER = gettext_noop("Write a whole number.")


@require_safe
@page(Permission.ORDERS_SEE)
def departures(request: Request, shop: Merchant) -> HttpResponse:
    """What leaves when, and how full it is."""
    tab = asked.choice(request, "tab", ("past", "cancelled"))
    found, rows = read.departures(
        shop.pk,
        tab=tab,
        product_id=asked.whole(request.GET.get("product", "")),
        page=request.GET.get("page"),
        now=request.now,
    )
    labels = {
        "": _("To come"),
        "past": pgettext("departures", "Gone"),
        "cancelled": pgettext("departures", "Called off"),
    }
    context = {
        "page": found,
        "rows": rows,
        "tabs": [{"label": text, "url": f"?tab={name}", "current": name == tab} for name, text in labels.items()],
    }
    return show(request, shop, "departures.html", context)


@require_safe
@page(Permission.ORDERS_SEE)
def departure(request: Request, shop: Merchant, departure_id: int) -> HttpResponse:
    """One departure."""
    return _page(request, shop, departure_id)


@require_POST
@page(Permission.PRODUCTS_EDIT)
def cabin(request: Request, shop: Merchant, departure_id: int) -> HttpResponse:
    """Seats and price of one cabin."""
    _own(shop, departure_id)
    variant = asked.whole(request.POST.get("variant", "")) or 0

    def deed() -> None:
        seats, price = asked.whole(request.POST.get("seats", "")), request.POST.get("price", "").strip()
        own = asked.money(price) if price else None
        if seats is None:
            raise Refusal(BAD_VALUE, field=f"cabins.{variant}.seats", problem=NO_NUMBER)
        if price and own is None:
            raise Refusal(BAD_VALUE, field=f"cabins.{variant}.price", problem=NO_PRICE)
        change_cabin(departure_id, CabinData(variant, seats, own), actor=request.actor, now=request.now)

    return act(
        request,
        deed,
        done=_("Saved. Orders that were placed keep their price."),
        back=link(shop, "departure", departure_id),
        again=lambda refusal: _page(request, shop, departure_id, refusal),
    )


@require_POST
@page(Permission.PRODUCTS_EDIT)
def confirm(request: Request, shop: Merchant, departure_id: int) -> HttpResponse:
    """Promise that it goes."""
    return act(
        request,
        lambda: confirm_departure(_own(shop, departure_id), actor=request.actor, now=request.now),
        done=_("It goes, however many book from now on."),
        back=link(shop, "departure", departure_id),
    )


@require_POST
@page(Permission.PRODUCTS_EDIT)
def cancel(request: Request, shop: Merchant, departure_id: int) -> HttpResponse:
    """Call it off."""
    because = request.POST.get("because", "")
    return act(
        request,
        lambda: cancel_departure(_own(shop, departure_id), because=because, actor=request.actor, now=request.now),
        done=_("It is called off. Within moments every traveller gets everything back and is told why."),
        back=link(shop, "departure", departure_id),
        again=lambda refusal: _page(request, shop, departure_id, refusal),
    )


@require_POST
@page(Permission.ORDERS_FULFIL)
def manifest(request: Request, shop: Merchant, departure_id: int) -> HttpResponseBase:
    """Everybody aboard with their documents, as a sheet; recorded."""
    form = request.POST.get("form", "csv")
    row, people = export_manifest(_own(shop, departure_id), actor=request.actor, now=request.now)
    head = [
        _("Order"),
        _("Cabin or group"),
        pgettext("traveller", "Name"),
        pgettext("traveller", "Document"),
        pgettext("traveller", "Number"),
        _("Date of birth"),
        _("Phone"),
        pgettext("desk", "State"),
    ]
    name = f"{shop.slug}-{row.pk}-{local(row.starts_at, row.zone_from):%Y%m%d-%H%M}"
    return download(form if form in TYPES else "csv", name, head, [_cells(each) for each in people])


@require_POST
@page(Permission.ORDERS_FULFIL)
def travellers(request: Request, shop: Merchant, departure_id: int, number: str) -> HttpResponse:
    """The documents of one order; recorded, and kept by no cache."""
    order = Order.objects.filter(merchant=shop, number=clean_number(number)).first()
    if order is None:
        raise Refusal(NOT_FOUND)
    found = read_details(order.pk, actor=request.actor, now=request.now)
    people = [each for details in found.values() for each in Travellers.model_validate(details).travellers]
    context = {
        "back": link(shop, "departure", _own(shop, departure_id)),
        "number": spaced(order.number),
        "people": [(each, DOCUMENTS[each.document] if each.number else "", birth_of(each)) for each in people],
    }
    response = show(request, shop, "travellers.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _own(shop: Merchant, departure_id: int) -> int:
    """The id again, if it is this shop's."""
    if not Departure.objects.filter(merchant=shop, pk=departure_id).exists():
        raise Refusal(NOT_FOUND)
    return departure_id


def _page(request: Request, shop: Merchant, departure_id: int, problem: Refusal | None = None) -> HttpResponse:
    found = read.departure(shop.pk, departure_id, now=request.now)
    if found is None:
        raise Refusal(NOT_FOUND)
    row = found.row
    edits = may(request, Permission.PRODUCTS_EDIT) and not found.gone and row.state != "cancelled"
    decks = [(deck, price_text(deck.own) if deck.own else "") for deck in found.decks]
    context = {
        "found": found,
        "row": row,
        "decks": decks,
        "edits": edits,
        "reads": may(request, Permission.ORDERS_FULFIL),
        "parties": [
            (party, spaced(party.line.order.number), read.kind_label(party.state)) for party in read.aboard(row)
        ],
        "sale_until": moment_words(row.sale_until, row.zone_from),
        "decide_at": moment_words(row.decide_at, row.zone_from) if row.decide_at else "",
    }
    return show(request, shop, "departure.html", context, problem=problem)


def _cells(each: Aboard) -> Sequence[Cell]:
    return [
        spaced(each.order),
        each.cabin,
        each.name,
        str(DOCUMENTS[each.document]) if each.document else "",
        each.number,
        each.birth_date.isoformat() if each.birth_date else "",
        each.phone,
        read.kind_label(each.standing),
    ]
