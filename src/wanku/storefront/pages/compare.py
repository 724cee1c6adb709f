"""Comparing products: what was picked is kept in the session, and the address can be passed on."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wanku.catalog.models import Product
from wanku.storefront.read import compare as read
from wanku.storefront.read.compare import COMPARED_MAX
from wanku.ui.request import Request

KEPT = "compared_products"


@require_safe
def compare(request: Request) -> HttpResponse:
    """Up to four side by side: those in the address (``p``, repeated), else those that were picked."""
    given = [int(t) for t in request.GET.getlist("p") if t.isascii() and t.isdigit() and len(t) < 19]
    kept = compared(request)
    if "p" not in request.GET and kept:
        return HttpResponseRedirect(f"{reverse('storefront:compare')}?{urlencode({'p': kept}, doseq=True)}")
    found = read.compare(given[:COMPARED_MAX], request.now)
    return render(request, "storefront/compare.html", {"found": found, "most": COMPARED_MAX, "place": "categories"})


@require_POST
def compare_add(request: Request) -> HttpResponse:
    """Pick a product for comparison, and go back to where it was picked."""
    kept = compared(request)
    text = request.POST.get("product", "")
    key = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
    if key not in kept and Product.objects.on_sale().filter(pk=key).exists():
        if len(kept) >= COMPARED_MAX:
            problem = _("At most %(n)s products can be compared. Take one out first.") % {"n": COMPARED_MAX}
            messages.warning(request, problem)
            return HttpResponseRedirect(reverse("storefront:compare"))
        request.session[KEPT] = [*kept, key]
    return _back(request)


@require_POST
def compare_remove(request: Request) -> HttpResponse:
    """Take a product out, or all of them, and show the rest (``p``, repeated), which may be somebody else's choice."""
    text = request.POST.get("product", "")
    rest = [t for t in request.POST.getlist("p") if t.isascii() and t.isdigit()][:COMPARED_MAX]
    if kept := compared(request):
        request.session[KEPT] = [key for key in kept if text and str(key) != text]
    return HttpResponseRedirect(f"{reverse('storefront:compare')}?{urlencode({'p': rest or ['']}, doseq=True)}")


def compared(request: HttpRequest) -> list[int]:
    """Ids of what was picked, in order."""
    return [key for key in request.session.get(KEPT, []) if isinstance(key, int)]


def _back(request: Request) -> HttpResponseRedirect:
    place = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(place, allowed_hosts=None):
        return HttpResponseRedirect(place)
    return HttpResponseRedirect(reverse("storefront:compare"))
