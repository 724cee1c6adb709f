"""What every page of the platform desk shares: who may open it, its frame, and refusals shown in place."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from wanku.access.actor import Actor
from wanku.access.can import Permission, can, require
from wanku.kernel.refusal import Refusal
from wanku.platform_desk.read.queues import queues
from wanku.ui.request import Request
from wanku.ui.words import refusal_text

Args = ParamSpec("Args")
Answer = TypeVar("Answer", bound=HttpResponseBase)
P = Permission


def page(
    permission: Permission,
) -> Callable[[Callable[Concatenate[Request, Args], Answer]], Callable[Concatenate[Request, Args], Answer]]:
    """Open a view only to platform staff with `permission`; a stranger is sent to sign in, others are told why not."""

    def wrap(view: Callable[Concatenate[Request, Args], Answer]) -> Callable[Concatenate[Request, Args], Answer]:
        @wraps(view)
        def guarded(request: Request, /, *args: Args.args, **kwargs: Args.kwargs) -> Answer:
            require(request.actor, permission)
            return view(request, *args, **kwargs)

        return guarded

    return wrap


def show(
    request: Request, template: str, context: Mapping[str, Any], *, problem: Refusal | None = None
) -> HttpResponse:
    """A page of the desk; with a `problem` the form shows it, keeps what was typed, and the status says so."""
    may = frozenset(permission.value for permission in Permission if can(request.actor, permission))
    errors = {problem.field: refusal_text(problem)} if problem and problem.field else {}
    frame = {
        "desk_name": _("Platform desk"),
        "desk_sub": "Wanku 玩酷",
        "nav": places(request.actor, request.path),
        "may": may,
        "problem": problem,
        "errors": errors,
        "typed": request.POST if problem else {},
    }
    status = problem.code.status if problem else 200
    return render(request, f"platform_desk/{template}", {**frame, **context}, status=status)


def act(
    request: Request,
    deed: Callable[[], object],
    *,
    done: str,
    back: str,
    again: Callable[[Refusal], HttpResponse],
) -> HttpResponse:
    """Call one flow and go `back` with a word, or show the form `again` with what was wrong.

    Raises:
        Refusal: those that no form can mend (sign in, not allowed, not found), for the door to answer.
    """
    try:
        deed()
    except Refusal as refusal:
        if refusal.code.status in {401, 403, 404}:
            raise
        return again(refusal)
    messages.success(request, done)
    return HttpResponseRedirect(back, status=303)


def places(actor: Actor, path: str) -> list[dict[str, Any]]:
    """The places of the desk that this person may open, with what waits there."""
    waiting = queues(actor)
    groups = [
        (
            "",
            [
                (P.PLATFORM_SEE, _("Overview"), "overview", "layout-dashboard", 0),
                (P.PLATFORM_SEE, _("Messages"), "notices", "bell", waiting.unread),
                (P.MERCHANTS_SEE, _("Merchants"), "merchants", "store", waiting.applications),
                (P.ALL_ORDERS_SEE, _("Orders"), "orders", "clipboard-list", waiting.late_orders),
                (P.PLATFORM_SEE, _("Clocks"), "clocks", "alarm-clock", 0),
            ],
        ),
        (
            _("Money"),
            [
                (P.LEDGER_SEE, _("Finance desk"), "finance", "coins", 0),
                (P.REFUNDS_HANDLE, _("Refunds"), "refunds", "undo-2", waiting.stuck_refunds),
                (P.TRANSFERS_HANDLE, _("Bank transfers"), "transfers", "landmark", waiting.transfers),
                (P.INVOICES_HANDLE, _("Invoices"), "invoices", "receipt", waiting.late_invoices),
                (P.RECONCILE, _("Reconciliation"), "reconciliation", "git-compare-arrows", waiting.finance_cases),
                (P.PAYOUTS_HANDLE, _("Payouts"), "payouts", "wallet-cards", waiting.payouts),
                (P.PAYOUTS_HANDLE, _("Settlements"), "settlements", "calendar-clock", 0),
                (P.LEDGER_SEE, _("Ledger"), "ledger", "book-open-text", 0),
                (P.LEDGER_SEE, _("Proof"), "proof", "scale", 0),
                (P.CHANNELS_EDIT, _("Payment channels"), "channels", "key-round", 0),
            ],
        ),
        (
            _("House"),
            [
                (P.PEOPLE_SEE, _("People"), "people", "users", 0),
                (P.PEOPLE_SEE, _("Platform staff"), "staff", "id-card", 0),
                (P.REVIEWS_HIDE, _("Reviews"), "reviews", "star", 0),
                (P.CATEGORIES_EDIT, _("Categories"), "categories", "folder-tree", 0),
                (P.PLACES_EDIT, pgettext("places", "Destinations"), "places", "map-pin", 0),
                (P.RULES_SEE, _("Rules"), "rules", "timer", 0),
                (P.AUDIT_SEE, _("Audit trail"), "audit", "scroll-text", 0),
            ],
        ),
    ]
    return [
        {"label": label, "items": shown}
        for label, items in groups
        if (shown := [_place(*item[1:], path=path) for item in items if can(actor, item[0])])
    ]


def _place(label: str, name: str, icon: str, count: int, *, path: str) -> dict[str, Any]:
    url = reverse(f"platform_desk:{name}")
    inside = path.startswith(url) and name not in {"overview", "ledger"}
    return {
        "name": name,
        "label": label,
        "url": url,
        "icon": icon,
        "count": count,
        "alert": bool(count),
        "current": inside,
    }
