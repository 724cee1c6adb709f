"""Paying an order back, in whole or in part: first to see what goes back, then to pay."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wanku.access.can import Permission
from wanku.flows.paying.refund_order import refund_order
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.merchant_desk.desk import act, link, page, show
from wanku.merchant_desk.read import orders as read
from wanku.merchants.models import Merchant
from wanku.orders.models import Order
from wanku.ui.refunding import empty_form, read_form, seen_of, wanted_of
from wanku.ui.request import Request


@require_http_methods(["GET", "POST"])
@page(Permission.REFUNDS_MAKE)
def refund(request: Request, shop: Merchant, number: str) -> HttpResponse:
    """What is left of an order, what would go back, and paying it back."""
    order = read.desk_orders(request.actor).filter(number=number).first()
    if order is None:
        raise Refusal(NOT_FOUND)
    if request.method != "POST":
        return _shown(request, shop, order)
    if not request.POST.get("pay"):
        try:
            form = read_form(order, request.POST)
        except Refusal as no:
            return _shown(request, shop, order, no)
        return show(request, shop, "refund.html", {"form": form, **_frame(shop, order)})

    def deed() -> None:
        wanted = wanted_of(request.POST, order.currency)
        because, seen = request.POST.get("because", ""), seen_of(request.POST)
        refund_order(order.pk, wanted, because=because, actor=request.actor, now=request.now, seen=seen)

    return act(
        request,
        deed,
        done=_("The money is on its way back; the buyer sees how far it is."),
        back=link(shop, "order", order.number),
        again=lambda refusal: _shown(request, shop, order, refusal),
    )


def _shown(request: Request, shop: Merchant, order: Order, problem: Refusal | None = None) -> HttpResponse:
    form = empty_form(order, request.POST if problem is not None else None)
    return show(request, shop, "refund.html", {"form": form, **_frame(shop, order)}, problem=problem)


def _frame(shop: Merchant, order: Order) -> dict[str, object]:
    return {
        "order": order,
        "action": link(shop, "refund", order.number),
        "back": link(shop, "order", order.number),
    }
