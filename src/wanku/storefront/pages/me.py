"""The personal centre: what is under way, addresses, how Wanku speaks to me, and the safety of the account."""

from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wanku.flows.buying.drop_address import drop_address
from wanku.flows.buying.edit_person import edit_person
from wanku.flows.buying.keep_address import keep_address
from wanku.kernel.refusal import SIGN_IN, Refusal
from wanku.people.models import Person
from wanku.storefront.forms import SavedAddressForm
from wanku.storefront.read.checkout import address_book
from wanku.storefront.read.me import read_me
from wanku.ui.request import Request
from wanku.ui.words import refusal_text

USUAL_ZONES = (
    "Asia/Shanghai",
    "Asia/Hong_Kong",
    "Asia/Taipei",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Europe/London",
    "Europe/Berlin",
    "America/New_York",
    "America/Los_Angeles",
    "Australia/Sydney",
    "UTC",
)


def _member(request: Request) -> Person:
    """The person who is signed in.

    Raises:
        Refusal: ``sign_in``; the door leads to the sign-in page and back.
    """
    person = request.user
    if not isinstance(person, Person):
        raise Refusal(SIGN_IN)
    return person


@require_GET
def me(request: Request) -> HttpResponse:
    """The start page of a member."""
    person = _member(request)
    shown = {"person": person, "shown": read_me(request.actor, person, now=request.now), "place": "me"}
    return render(request, "storefront/buy/me.html", shown)


@require_http_methods(["GET", "POST"])
def profile(request: Request) -> HttpResponse:
    """Name, language and time zone."""
    person = _member(request)
    typed = {name: getattr(person, name) for name in ("name", "language", "zone")}
    errors: dict[str, str] = {}
    if request.method == "POST":
        typed = {name: str(request.POST.get(name, "")) for name in typed}
        try:
            edit_person(
                typed["name"], language=typed["language"], zone=typed["zone"], actor=request.actor, now=request.now
            )
        except Refusal as no:
            errors = {each.field or "": refusal_text(each) for each in (no, *no.also)}
        else:
            messages.success(request, _("Saved."))
            return redirect("storefront:me")
    zones = [zone for zone in USUAL_ZONES if zone in available_timezones()]
    if typed["zone"] not in zones and typed["zone"] in available_timezones():
        zones.append(typed["zone"])
    context: dict[str, Any] = {
        "typed": typed,
        "errors": errors,
        "language_options": [(code, str(name)) for code, name in settings.LANGUAGES],
        "zone_options": [(zone, zone.replace("_", " ")) for zone in zones],
        "place": "me",
    }
    return render(request, "storefront/buy/profile.html", context, status=422 if errors else 200)


@require_GET
def addresses(request: Request) -> HttpResponse:
    """The address book."""
    _member(request)
    return render(request, "storefront/buy/addresses.html", {"book": address_book(request.actor), "place": "me"})


@require_http_methods(["GET", "POST"])
def address(request: Request, key: int | None = None) -> HttpResponse:
    """Add or change one address."""
    _member(request)
    found = None
    if key is not None:
        found = next((each for each in address_book(request.actor) if each.pk == key), None)
        if found is None:
            raise Http404
    initial = {**found.frozen(), "is_default": found.is_default} if found is not None else {}
    form = SavedAddressForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        usual = form.cleaned_data["is_default"]
        try:
            keep_address(form.address(), address_id=key, is_default=usual, actor=request.actor, now=request.now)
        except Refusal as no:
            for each in (no, *no.also):
                name = (each.field or "").removeprefix("address.")
                form.add_error(name if name in form.fields else None, refusal_text(each))
        else:
            messages.success(request, _("The address is saved."))
            return redirect("storefront:addresses")
    status = 422 if request.method == "POST" else 200
    shown = {"form": form, "address": found, "place": "me"}
    return render(request, "storefront/buy/address.html", shown, status=status)


@require_POST
def address_drop(request: Request, key: int) -> HttpResponse:
    """Take an address out of the book."""
    _member(request)
    drop_address(key, actor=request.actor, now=request.now)
    messages.success(request, _("The address is removed. Orders keep theirs."))
    return redirect("storefront:addresses")


@require_POST
def address_usual(request: Request, key: int) -> HttpResponse:
    """Make an address the usual one."""
    _member(request)
    found = next((each for each in address_book(request.actor) if each.pk == key), None)
    if found is None:
        raise Http404
    keep_address(found.frozen(), address_id=key, is_default=True, actor=request.actor, now=request.now)
    return redirect("storefront:addresses")
