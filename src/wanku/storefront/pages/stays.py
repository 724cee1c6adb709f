"""Looking for a place to stay."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from wanku.storefront.read.stays import read_stays
from wanku.ui.request import Request


@require_safe
def stays(request: Request) -> HttpResponse:
    """By destination, dates, guests and budget: what is free for all nights, with what the whole stay costs."""
    return render(request, "storefront/stays.html", {"found": read_stays(request.GET, now=request.now)})
