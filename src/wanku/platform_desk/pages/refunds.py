"""Refunds on their way, and those that finance must look at."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wanku.access.can import Permission
from wanku.flows.paying.pay_refund_elsewhere import pay_refund_elsewhere
from wanku.flows.paying.refund_order import refund_order
from wanku.flows.paying.retry_refund import retry_refund
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.kernel.text import clean
from wanku.orders.models import Order
from wanku.platform_desk import asked, words
from wanku.platform_desk.desk import act, page, show
from wanku.platform_desk.read import refunds as read
from wanku.platform_desk.statement import line_of
from wanku.ui.channels import channel_text
from wanku.ui.labels import label
from wanku.ui.refunding import empty_form, read_form, seen_of, wanted_of
from wanku.ui.request import Request


@require_safe
@page(Permission.REFUNDS_HANDLE)
def listing(request: Request) -> HttpResponse:
    """Refunds by state, the stuck ones first."""
    return _listing(request)


def _listing(
    request: Request, problem: Refusal | None = None, *, form: str = "", about: UUID | None = None
) -> HttpResponse:
    """The list; after a refusal with what was typed into that ``form`` of the refund."""
    state = asked.choice(request, "state", read.STATES, read.STATES[0])
    counts = read.counts()
    tabs = [
        {
            "label": label("refund", name).text,
            "url": f"?state={name}",
            "current": name == state,
            "count": counts.get(name, 0),
            "alert": name in {"stuck", "failed"},
        }
        for name in read.STATES
    ]
    found = read.listing(state, request.GET.get("page"))
    rows = [
        {
            "refund": refund,
            "channel": channel_text(refund.attempt.gateway),
            "reason": words.REASONS.get(refund.reason, refund.reason),
            "failure": words.FAILURES.get(refund.failure, refund.failure),
            "typed": {form: request.POST} if refund.pk == about else {},
        }
        for refund in found
    ]
    context = {"page": found, "rows": rows, "tabs": tabs, "state": state}
    return show(request, "refunds.html", context, problem=problem)


@require_POST
@page(Permission.REFUNDS_HANDLE)
def retry(request: Request, refund_id: UUID) -> HttpResponse:
    """Send a stuck refund again."""
    because = clean(request.POST.get("because", ""))[:500]
    return act(
        request,
        lambda: retry_refund(refund_id, actor=request.actor, because=because, now=request.now),
        done=_("The refund is on its way again."),
        back=reverse("platform_desk:refunds"),
        again=lambda problem: _listing(request, problem, form="retry", about=refund_id),
    )


@require_POST
@page(Permission.REFUNDS_HANDLE)
def elsewhere(request: Request, refund_id: UUID) -> HttpResponse:
    """Keep that a stuck refund was transferred to the buyer, until a second person confirms it."""
    because = clean(request.POST.get("because", ""))[:500]

    def deed() -> None:
        line = line_of(request, read.currency_of(refund_id))
        pay_refund_elsewhere(refund_id, line, because=because, actor=request.actor, now=request.now)

    return act(
        request,
        deed,
        done=_("Kept. Now somebody else must confirm it."),
        back=reverse("platform_desk:refunds"),
        again=lambda problem: _listing(request, problem, form="elsewhere", about=refund_id),
    )


@require_http_methods(["GET", "POST"])
@page(Permission.REFUNDS_HANDLE)
def refund(request: Request, order_id: UUID) -> HttpResponse:
    """What is left of an order, what would go back, and paying it back in the merchant's place."""
    order = Order.objects.visible_to(request.actor).select_related("merchant", "trade").filter(pk=order_id).first()
    if order is None:
        raise Refusal(NOT_FOUND)
    if request.method != "POST":
        return _form(request, order)
    if not request.POST.get("pay"):
        try:
            return show(request, "refund.html", {"form": read_form(order, request.POST), **_frame(order)})
        except Refusal as no:
            return _form(request, order, no)

    def deed() -> None:
        wanted = wanted_of(request.POST, order.currency)
        because, seen = request.POST.get("because", ""), seen_of(request.POST)
        refund_order(order.pk, wanted, because=because, actor=request.actor, now=request.now, seen=seen)

    return act(
        request,
        deed,
        done=_("The money is on its way back; buyer and merchant see how far it is."),
        back=_frame(order)["back"],
        again=lambda problem: _form(request, order, problem),
    )


def _form(request: Request, order: Order, problem: Refusal | None = None) -> HttpResponse:
    form = empty_form(order, request.POST if problem is not None else None)
    return show(request, "refund.html", {"form": form, **_frame(order)}, problem=problem)


def _frame(order: Order) -> dict[str, Any]:
    return {
        "order": order,
        "action": reverse("platform_desk:refund", args=[order.pk]),
        "back": reverse("platform_desk:trade", args=[order.trade_id]),
    }
