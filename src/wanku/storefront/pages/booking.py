"""What a buyer does with what is booked: moves it, cancels it at its fee, says that it is done, takes it along."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wanku.catalog.models import AddOn
from wanku.flows.booking.cancel_booking import cancel_booking
from wanku.flows.booking.confirm_booking import confirm_booking
from wanku.flows.booking.reschedule_booking import reschedule_booking
from wanku.fulfilment.models import Booking
from wanku.kernel.money import Money
from wanku.kernel.refusal import Refusal
from wanku.kinds.forms import choice_text, collect
from wanku.orders.models import Line, Order
from wanku.storefront.pages.order import act_on, own_order
from wanku.storefront.read.booking import read_booking
from wanku.storefront.read.order import reasons
from wanku.storefront.typed import whole_number
from wanku.ui.calendar_file import calendar_file
from wanku.ui.request import Request
from wanku.ui.words import refusal_text


@require_POST
def order_cancel(request: Request, number: str) -> HttpResponse:
    """Call it off at the fee that was shown."""
    because = request.POST.get("because", "")
    agreed = whole_number(request.POST.get("fee", "")) or 0

    def act(found: Order) -> str:
        code = because if because in reasons() else "other"
        cancel_booking(found.pk, actor=request.actor, now=request.now, agreed_fee=agreed, because=code)
        if agreed:
            return _("The order is cancelled. What is left after the fee goes back the way it came.")
        return _("The order is cancelled. The whole amount goes back the way it came.")

    return act_on(request, number, act)


@require_POST
def order_done(request: Request, number: str) -> HttpResponse:
    """It was done, though the shop has not said so."""

    def act(found: Order) -> str:
        confirm_booking(found.pk, actor=request.actor, now=request.now)
        return _("Thank you. The shop gets its money now; tell others how you like it.")

    return act_on(request, number, act)


@require_http_methods(["GET", "POST"])
def order_move(request: Request, number: str) -> HttpResponse:
    """Choose another time with the fields of the product's page; all lines of the order go there."""
    found = own_order(request, number)
    lines = list(Line.objects.filter(order=found).order_by("pk"))
    view = read_booking(found, lines, now=request.now)
    if view is None:
        raise Http404
    refused: list[str] = []
    if request.method == "POST":
        choice = choice_text(collect(request.POST, "choice"))
        try:
            reschedule_booking(found.pk, choice=choice, actor=request.actor, now=request.now)
        except Refusal as no:
            if no.code.status == 404:
                raise
            refused = [refusal_text(each) for each in no.every()]
        else:
            messages.success(request, _("It is moved. The shop is told."))
            return redirect("storefront:order", found.number)
    asked = _asked(request, lines[0])
    shown = {
        "order": found,
        "line": lines[0],
        "lines": [(line, Money(line.price_of_choice, found.currency)) for line in lines],
        "view": view,
        "url": request.path,
        "moving": True,
        "template": view.shown.kind.template,
        "choosing": view.shown.kind.show(lines[0].product_id, asked, now=request.now),
        "asked": asked,
        "refused": refused,
        "place": "orders",
    }
    return render(request, "storefront/buy/order_move.html", shown, status=422 if refused else 200)


def _asked(request: Request, line: Line) -> Mapping[str, str]:
    """What was typed; before that, what is booked now."""
    given = request.POST if request.method == "POST" else request.GET
    fixed = {"variant": str(line.variant_id), "add_on": _extras(line)}
    if any(name.startswith("choice.") for name in given):
        return {**{name: str(given.get(name, "")) for name in given}, **fixed}
    return {**_flat(line.choice, "choice"), **fixed, "quantity": str(line.quantity)}


def _extras(line: Line) -> str:
    """Ids of the line's add-ons with commas, for kinds in which they take time."""
    names = [extra["name"] for extra in line.add_ons]
    if not names:
        return ""
    rows = AddOn.objects.filter(product_id=line.product_id, name__in=names, is_active=True)
    return ",".join(str(pk) for pk in rows.values_list("pk", flat=True))


def _flat(choice: Mapping[str, Any], prefix: str) -> dict[str, str]:
    """A choice as the fields of a form; what is nested is chosen anew."""
    return {
        f"{prefix}.{name}": str(value)
        for name, value in choice.items()
        if value is not None and not isinstance(value, (dict, list))
    }


@require_GET
def order_calendar(request: Request, number: str) -> HttpResponse:
    """The calendar file."""
    found = own_order(request, number)
    booking = Booking.objects.filter(order=found).first()
    titles = list(Line.objects.filter(order=found).values_list("title", flat=True))
    text = calendar_file(found, booking, titles, now=request.now) if booking is not None else None
    if text is None:
        raise Http404
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="wanku-{found.number}.ics"'
    answer["Cache-Control"] = "private, no-store"
    return answer
