"""Destinations of stays."""

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from wanku.access.can import Permission
from wanku.flows.policing.save_place import save_place
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.kinds.stay.models import Place
from wanku.kinds.stay.write_place import LANGUAGES, NAME_MAX, PlaceData
from wanku.platform_desk.desk import act, page, show
from wanku.platform_desk.read.places import places
from wanku.ui.request import Request

PER_PAGE = 50


class PlaceForm(forms.Form):
    """A destination as an editor types it."""

    name = forms.CharField(
        label=pgettext_lazy("places", "Name"),
        max_length=NAME_MAX,
        help_text=gettext_lazy("Shops choose it by this name."),
    )
    name_zh_hans = forms.CharField(label=gettext_lazy("Name, simplified Chinese"), max_length=NAME_MAX, required=False)
    name_zh_hant = forms.CharField(label=gettext_lazy("Name, traditional Chinese"), max_length=NAME_MAX, required=False)
    name_en = forms.CharField(label=gettext_lazy("Name, English"), max_length=NAME_MAX, required=False)
    is_shown = forms.BooleanField(label=gettext_lazy("Shown to buyers"), required=False, initial=True)

    def data_of(self) -> PlaceData:
        """What was typed, for the flow."""
        typed = self.cleaned_data
        names = {code: typed[_field(code)] for code in LANGUAGES}
        return PlaceData(typed["name"], names, is_hidden=not typed["is_shown"])


def _field(code: str) -> str:
    return f"name_{code.replace('-', '_')}"


@require_safe
@page(Permission.PLACES_EDIT)
def listing(request: Request) -> HttpResponse:
    """All of them."""
    shown = Paginator(places(), PER_PAGE).get_page(request.GET.get("page"))
    rows = [(row, row.names.get("zh-hant", ""), row.names.get("en", "")) for row in shown]
    return show(request, "places.html", {"page": shown, "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.PLACES_EDIT)
def add(request: Request) -> HttpResponse:
    """A new destination, before the first house is there."""
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.PLACES_EDIT)
def edit(request: Request, place_id: int) -> HttpResponse:
    """Rename, hide or show a destination."""
    place = Place.objects.filter(pk=place_id).first()
    if place is None:
        raise Refusal(NOT_FOUND)
    return _edit(request, place)


def _edit(request: Request, place: Place | None) -> HttpResponse:
    initial = None
    if place is not None:
        names = {_field(code): name for code, name in place.names.items()}
        initial = {**names, "name": place.name, "is_shown": not place.is_hidden}
    form = PlaceForm(request.POST if request.method == "POST" else None, initial=initial)
    context = {"form": form, "place": place}
    if request.method != "POST":
        return show(request, "place.html", context)
    if not form.is_valid():
        response = show(request, "place.html", context)
        response.status_code = 422
        return response

    def again(problem: Refusal) -> HttpResponse:
        for each in problem.every():
            name = each.field or ""
            field = _field(name.removeprefix("names.")) if name.startswith("names.") else name
            if field in form.fields:
                form.add_error(field, _(str(each.facts["problem"])))
        return show(request, "place.html", context, problem=problem)

    return act(
        request,
        lambda: save_place(form.data_of(), place_id=place.pk if place else None, actor=request.actor, now=request.now),
        done=_("The destination was saved."),
        back=reverse("platform_desk:places"),
        again=again,
    )
