"""Merchants: the list, one of them, and decisions about it."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wanku.access.can import Permission
from wanku.flows.policing.approve_merchant import approve_merchant
from wanku.flows.policing.change_standing import STEPS, change_standing
from wanku.flows.policing.decline_merchant import decline_merchant
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.merchants.models import Merchant
from wanku.merchants.states import MERCHANT_MACHINE
from wanku.platform_desk import asked, words
from wanku.platform_desk.desk import act, page, show
from wanku.platform_desk.read import merchants as read
from wanku.platform_desk.read.orders import row_of
from wanku.ui.labels import label
from wanku.ui.request import Request

TABS = ("", "applying", "active", "restricted", "suspended", "declined", "closed")


@require_safe
@page(Permission.MERCHANTS_SEE)
def listing(request: Request) -> HttpResponse:
    """All merchants, by standing and name."""
    state = asked.choice(request, "state", MERCHANT_MACHINE.states())
    q = asked.text(request, "q")
    found, figures = read.listing(read.search(request.actor, state=state, q=q), request.GET.get("page"))
    counts = read.counts()
    tabs = [
        {
            "label": label("merchant", name).text if name else _("All"),
            "url": f"?state={name}",
            "current": name == state,
            "count": counts.get(name, 0) if name else sum(counts.values()),
            "alert": name == "applying" and bool(counts.get(name)),
        }
        for name in TABS
    ]
    context = {"page": found, "figures": figures, "tabs": tabs, "state": state, "q": q}
    return show(request, "merchants.html", context)


@require_safe
@page(Permission.MERCHANTS_SEE)
def detail(request: Request, merchant_id: int) -> HttpResponse:
    """One merchant with its standing, what the standing allows, its trade, money and history."""
    return _detail(request, merchant_id)


def _detail(request: Request, merchant_id: int, problem: Refusal | None = None) -> HttpResponse:
    merchant = Merchant.objects.visible_to(request.actor).filter(pk=merchant_id).first()
    if merchant is None:
        raise Refusal(NOT_FOUND)
    found = read.detail(merchant, request.now)
    context = {
        "found": found,
        "merchant": merchant,
        "states": found.states,
        "capabilities": [(words.CAPABILITIES[name], marks) for name, marks in found.capabilities],
        "steps": [(step, *words.STEPS[step]) for step in STEPS if step in found.steps],
        "rows": [row_of(order) for order in found.orders],
        "timeline": [words.timeline_item(move) for move in found.moves],
        "acts": [{"text": words.act_text(row), "row": row} for row in found.acts],
        "balances": [(words.ACCOUNTS.get(name, name), amount, code) for name, amount, code in found.balances],
    }
    return show(request, "merchant.html", context, problem=problem)


def _back(merchant_id: int) -> str:
    return reverse("platform_desk:merchant", args=[merchant_id])


@require_POST
@page(Permission.MERCHANTS_DECIDE)
def approve(request: Request, merchant_id: int) -> HttpResponse:
    """Open the shop."""
    return act(
        request,
        lambda: approve_merchant(merchant_id, actor=request.actor, now=request.now),
        done=_("The shop is open."),
        back=_back(merchant_id),
        again=lambda problem: _detail(request, merchant_id, problem),
    )


@require_POST
@page(Permission.MERCHANTS_DECIDE)
def decline(request: Request, merchant_id: int) -> HttpResponse:
    """Turn the application down, with the reason that the applicant reads."""
    because = request.POST.get("because", "")
    return act(
        request,
        lambda: decline_merchant(merchant_id, because=because, actor=request.actor, now=request.now),
        done=_("The application was declined; the applicant reads the reason."),
        back=_back(merchant_id),
        again=lambda problem: _detail(request, merchant_id, problem),
    )


@require_POST
@page(Permission.MERCHANTS_DECIDE)
def standing(request: Request, merchant_id: int) -> HttpResponse:
    """Restrict, suspend, restore or close."""
    step, because = request.POST.get("step", ""), request.POST.get("because", "")
    return act(
        request,
        lambda: change_standing(merchant_id, step, because=because, actor=request.actor, now=request.now),
        done=_("The standing was changed and the merchant is told."),
        back=_back(merchant_id),
        again=lambda problem: _detail(request, merchant_id, problem),
    )
