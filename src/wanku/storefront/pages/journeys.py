"""Journeys and tours by place, day, people and budget."""

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from wanku.kinds.seat.search import Sort, places
from wanku.kinds.seat.travellers import Traveller, check_typed
from wanku.storefront.read import journeys as read
from wanku.ui.request import Request


@require_safe
def journeys(request: Request) -> HttpResponse:
    """What leaves, with what is left and what it costs."""
    ask = read.asked(request.GET)
    page, found = read.journeys(ask, request.GET.get("page"), now=request.now)
    labels = {
        Sort.TIME: pgettext("order by", "Earliest"),
        Sort.PRICE: _("Price, low to high"),
        Sort.LENGTH: pgettext("order by", "Shortest"),
    }
    sorts = [
        {"label": text, "url": _with(request.GET, sort), "current": sort == ask.sought.sort}
        for sort, text in labels.items()
    ]
    context = {"ask": ask, "sought": ask.sought, "page": page, "found": found, "sorts": sorts, "known": places()}
    return render(request, "storefront/journeys.html", context)


@require_POST
def check_traveller(request: Request) -> HttpResponse:
    """What is wrong with a traveller while somebody is still typing; nothing is kept."""
    typed = {
        field: str(value)[:60]
        for name, value in request.POST.items()
        if name.startswith("details.") and (field := name.rpartition(".")[2]) in Traveller.model_fields
    }
    refusals = check_typed(typed, real_name="document" in typed)
    return render(request, "storefront/buy/faults.html", {"refusals": refusals})


def _with(given: QueryDict, sort: str) -> str:
    query = given.copy()
    query["sort"] = sort
    query.pop("page", None)
    return f"?{query.urlencode()}"
