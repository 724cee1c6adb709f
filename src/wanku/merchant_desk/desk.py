"""What every page of a shop's desk shares: who may open it, its frame, and refusals shown in place."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from wanku.access.actor import Actor
from wanku.access.can import Permission, can, require
from wanku.kernel.refusal import NOT_FOUND, SIGN_IN, Refusal
from wanku.merchant_desk.read.queues import Queues, queues
from wanku.merchants.models import Merchant
from wanku.ui.request import Request
from wanku.ui.words import refusal_text

# A view gets the request, the shop, and what else its address holds.
View = Callable[..., HttpResponseBase]
P = Permission
# Refusals that no form can mend; the door answers them.
PASSED_ON = frozenset({401, 403, 404})


def page(permission: Permission) -> Callable[[View], View]:
    """Open a view at the desk of the shop that the address names, only to its staff with `permission`.

    A stranger is sent to sign in, a desk without one's seat does not exist, a seat without the permission is told so.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: Request, *, slug: str, **rest: Any) -> HttpResponseBase:
            if not request.actor.is_member:
                raise Refusal(SIGN_IN)
            shop = Merchant.objects.filter(slug=slug, pk__in=list(request.actor.seats)).first()
            if shop is None:
                raise Refusal(NOT_FOUND)
            require(request.actor, permission, shop.pk)
            request.actor = request.actor.at_desk(shop.pk)
            return view(request, shop, **rest)

        return guarded

    return wrap


def may(request: Request, permission: Permission) -> bool:
    """Whether the reader has a permission at the desk that the request works at."""
    return bool(can(request.actor, permission, request.actor.merchant_id))


def show(
    request: Request, shop: Merchant, template: str, context: Mapping[str, Any], *, problem: Refusal | None = None
) -> HttpResponse:
    """A page of the desk; with a `problem` the form shows it, keeps what was typed, and the status says so."""
    frame = {
        "desk_name": _("Merchant desk"),
        "desk_sub": shop.name,
        "shop": shop,
        "home": reverse("merchant_desk:today", args=[shop.slug]),
        "nav": places(request, shop),
        "desks": other_desks(request.actor),
        "may": frozenset(p.value for p in Permission if can(request.actor, p, shop.pk)),
        "problem": problem,
        "errors": {r.field: refusal_text(r) for r in reversed(problem.every()) if r.field} if problem else {},
        "typed": request.POST if problem else {},
    }
    status = problem.code.status if problem else 200
    return render(request, f"merchant_desk/{template}", {**frame, **context}, status=status)


def act(
    request: Request,
    deed: Callable[[], object],
    *,
    done: str,
    back: str,
    again: Callable[[Refusal], HttpResponse] | None = None,
) -> HttpResponse:
    """Call one flow and go `back` with a word; refused, show the form `again` or go back with the reason.

    Raises:
        Refusal: those that no form can mend (sign in, not allowed, not found), for the door to answer.
    """
    try:
        deed()
    except Refusal as refusal:
        if refusal.code.status in PASSED_ON and refusal.field is None:
            raise
        if again is not None:
            return again(refusal)
        messages.error(request, refusal_text(refusal))
        return HttpResponseRedirect(back, status=303)
    messages.success(request, done)
    return HttpResponseRedirect(back, status=303)


def link(shop: Merchant, name: str, *args: object) -> str:
    """Address of a page at this shop's desk."""
    return reverse(f"merchant_desk:{name}", args=[shop.slug, *args])


def other_desks(actor: Actor) -> list[dict[str, str]]:
    """Ways to one's other desks."""
    found = []
    if len(actor.seats) > 1:
        found.append({"label": _("Other shops"), "url": reverse("merchant_desk:choose"), "icon": "arrow-left-right"})
    if actor.platform:
        found.append({"label": _("Platform desk"), "url": "/platform/", "icon": "shield"})
    return found


def places(request: Request, shop: Merchant) -> list[dict[str, Any]]:
    """The places of the desk that this seat may open, with what waits there."""
    waiting, path, actor = queues(shop.pk, request.now), request.path, request.actor
    groups = [
        ("", _work(waiting)),
        (_("Bookings"), _booked(waiting)),
        (_("Goods"), _goods(waiting)),
        (
            _("Shop"),
            [
                _Place(P.MONEY_SEE, _("Statement"), "money", "wallet"),
                _Place(P.MONEY_SEE, pgettext("desk", "Payouts"), "settlements", "landmark"),
                _Place(
                    P.INVOICES_ISSUE, _("Invoices"), "invoices", "receipt", waiting.invoices, waiting.late_invoices > 0
                ),
                _Place(P.DESK_SEE, _("Staff"), "staff", "users"),
                _Place(P.PROFILE_EDIT, _("Profile"), "profile", "store"),
                *([_Place(P.PROFILE_EDIT, _("Freight"), "freight", "truck")] if waiting.ships else []),
                _Place(P.KEYS_EDIT, _("API keys"), "keys", "key-round"),
            ],
        ),
    ]
    shown = []
    for label, items in groups:
        found = [item.drawn(shop, path) for item in items if can(actor, item.permission, shop.pk)]
        if found:
            shown.append({"label": label, "items": found})
    return shown


@dataclass(frozen=True, slots=True)
class _Place:
    permission: Permission
    label: str
    name: str
    icon: str
    count: int = 0
    alert: bool = False
    # Places whose address lies below this one's and that are no part of it.
    without: tuple[str, ...] = ()

    def drawn(self, shop: Merchant, path: str) -> dict[str, Any]:
        """As the frame shows it."""
        url = link(shop, self.name)
        here = path == url if self.name == "today" else path.startswith(url)
        here = here and not path.startswith(tuple(link(shop, name) for name in self.without) or ("\n",))
        shown = {"label": self.label, "icon": self.icon, "count": self.count, "alert": self.alert}
        return {**shown, "url": url, "current": here}


def _work(waiting: Queues) -> list[_Place]:
    return [
        _Place(P.DESK_SEE, pgettext("desk", "Today"), "today", "layout-dashboard"),
        _Place(P.DESK_SEE, _("Messages"), "notices", "bell", waiting.unread),
        _Place(P.ORDERS_SEE, _("Orders"), "orders", "clipboard-list", waiting.to_ship, waiting.late > 0),
        *([_Place(P.ORDERS_SEE, _("Parcels"), "parcels", "package")] if waiting.ships else []),
        _Place(
            P.QUESTIONS_ANSWER,
            pgettext("desk", "Questions"),
            "questions",
            "message-circle-question-mark",
            waiting.questions,
        ),
        _Place(P.REVIEWS_REPLY, _("Reviews"), "reviews", "star"),
    ]


def _booked(waiting: Queues) -> list[_Place]:
    """Places of the kinds that this shop offers. The list of all bookings is left out where a kind's own page shows
    them (a kitchen's board), and where nothing is kept later (a licence is issued when it is paid).
    """
    told = (waiting.to_accept + waiting.soon, waiting.to_accept > 0)
    on_board = waiting.booked == {"meal"}
    kitchen = _Place(P.ORDERS_SEE, pgettext("desk", "Kitchen"), "kitchen", "chef-hat", *(told if on_board else ()))
    places = {
        "visit": [_Place(P.ORDERS_SEE, pgettext("desk", "Timetable"), "visits", "calendar-clock")],
        "seat": [_Place(P.ORDERS_SEE, _("Departures"), "departures", "plane")],
        "meal": [kitchen, _Place(P.PRODUCTS_EDIT, pgettext("desk", "Menu"), "menu", "utensils")],
        "issue": [_Place(P.PRODUCTS_EDIT, _("Licences"), "licences", "key-round")],
    }
    found = [place for kind, those in places.items() if kind in waiting.kinds for place in those]
    if on_board or not waiting.books:
        return found
    return [_Place(P.ORDERS_SEE, _("All bookings"), "bookings", "calendar-check", *told), *found]


def _goods(waiting: Queues) -> list[_Place]:
    low = _Place(P.PRODUCTS_EDIT, _("Low stock"), "low_stock", "package-open", waiting.low)
    return [
        _Place(P.PRODUCTS_EDIT, _("Products"), "products", "shopping-bag", without=("low_stock", "imports")),
        *([low] if waiting.low or waiting.stocks else []),
        _Place(P.PRODUCTS_EDIT, _("Import and export"), "imports", "file-spreadsheet"),
    ]
