"""Journeys and tours by place, day, people and budget."""

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from wanku.kinds.seat.search import Sort, places
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


def _with(given: QueryDict, sort: str) -> str:
    query = given.copy()
    query["sort"] = sort
    query.pop("page", None)
    return f"?{query.urlencode()}"
