"""The live board of a kitchen: accept, prepare, out; dishes switched off in one tap; a pause."""

from collections.abc import Callable

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from wanku.access.can import Permission
from wanku.audit.marks import mark_of
from wanku.flows.offering.pause_kitchen import pause_kitchen
from wanku.flows.offering.switch_dish import switch_dish
from wanku.kernel.refusal import Refusal
from wanku.kinds.course import TO_ACCEPT
from wanku.kinds.meal.load import load_kitchens
from wanku.merchant_desk import asked
from wanku.merchant_desk.booking_deed import booked_order, booking_deed
from wanku.merchant_desk.desk import PASSED_ON, act, link, may, page, show
from wanku.merchant_desk.read.kitchen import read_board, read_switches
from wanku.merchants.models import Merchant
from wanku.ui.request import Request

PAUSES = (15, 30, 60)


@require_safe
@page(Permission.ORDERS_SEE)
def kitchen(request: Request, shop: Merchant) -> HttpResponse:
    """What was ordered, by how far it is."""
    return _board(request, shop)


@require_POST
@page(Permission.ORDERS_FULFIL)
def step(request: Request, shop: Merchant, meal_number: str) -> HttpResponse:
    """Accept, reject with a reason, out, handed over."""
    deed = booking_deed(request, shop, booked_order(request, meal_number))
    return _done(request, shop, deed, _("Entered. The buyer sees it."))


@require_POST
@page(Permission.ORDERS_FULFIL)
def switch(request: Request, shop: Merchant, dish_id: int) -> HttpResponse:
    """Sold out for today, or there again."""
    on = request.POST.get("on") == "1"
    told = _("It is on the menu again.") if on else _("It is sold out for today; tomorrow it is back by itself.")
    return _done(
        request, shop, lambda: switch_dish(shop.pk, dish_id, on=on, actor=request.actor, now=request.now), told
    )


@require_POST
@page(Permission.ORDERS_FULFIL)
def pause(request: Request, shop: Merchant) -> HttpResponse:
    """Take nothing for a while, or go on."""
    minutes = asked.whole(request.POST.get("minutes", ""), -1) or 0
    told = _("The kitchen pauses; it goes on by itself.") if minutes else _("The kitchen goes on.")
    return _done(request, shop, lambda: pause_kitchen(shop.pk, minutes, actor=request.actor, now=request.now), told)


def _done(request: Request, shop: Merchant, deed: Callable[[], object], told: str) -> HttpResponse:
    """The board anew for htmx, so that nothing on it jumps; a redirect with a word for others."""
    if not request.htmx:
        return act(request, deed, done=told, back=link(shop, "kitchen"))
    try:
        deed()
    except Refusal as refusal:
        if refusal.code.status in PASSED_ON:
            raise
        return _board(request, shop, problem=refusal)
    return _board(request, shop)


def _board(request: Request, shop: Merchant, *, problem: Refusal | None = None) -> HttpResponse:
    found = load_kitchens([shop.pk]).get(shop.pk)
    if found is None:
        return show(request, shop, "kitchen_none.html", {})
    # Read before the rest: what moves in between is told again rather than missed.
    mark = mark_of(shop.pk)
    columns = read_board(found)
    new = next(column for column in columns if column.state == TO_ACCEPT)
    paused = found.paused_until if found.paused_until and found.paused_until > request.now else None
    context = {
        "mark": mark,
        "columns": columns,
        "waiting": " ".join(ticket.order.number for ticket in new.tickets),
        "switches": read_switches(found, request.now),
        "paused": paused,
        "pauses": PAUSES,
        "fulfils": may(request, Permission.ORDERS_FULFIL),
        "board_problem": problem,
        "reasons": [
            pgettext("kitchen", "We are too busy right now."),
            pgettext("kitchen", "Something of it is sold out."),
            pgettext("kitchen", "We cannot bring it there at the moment."),
            pgettext("kitchen", "We are closing."),
        ],
    }
    return show(request, shop, "kitchen.html", context)
