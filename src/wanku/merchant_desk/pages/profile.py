"""Opening a shop, and what it tells about itself."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wanku.access.can import Permission
from wanku.files.accept import accept_picture
from wanku.files.queries import stand_in
from wanku.flows.selling.apply_again import apply_again
from wanku.flows.selling.apply_merchant import apply_merchant
from wanku.flows.selling.edit_profile import edit_profile
from wanku.kernel.refusal import SIGN_IN, Refusal
from wanku.kernel.zones import zone_options
from wanku.merchant_desk import asked
from wanku.merchant_desk.desk import PASSED_ON, act, link, page, show
from wanku.merchants.details import Details
from wanku.merchants.models import Merchant
from wanku.merchants.states import APPLYING, DECLINED
from wanku.people.models import Person
from wanku.ui.request import Request
from wanku.ui.words import refusal_text

FIELDS = tuple(Details.__dataclass_fields__)


@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: Request) -> HttpResponse:
    """The application: any member may open a shop."""
    if not request.actor.is_member:
        raise Refusal(SIGN_IN)
    problem: Refusal | None = None
    if request.method == "POST":
        try:
            shop = apply_merchant(
                details(request.POST), slug=request.POST.get("slug", ""), actor=request.actor, now=request.now
            )
        except Refusal as refusal:
            if refusal.code.status in PASSED_ON:
                raise
            problem = refusal
        else:
            messages.success(request, _("Your application is with the platform."))
            return HttpResponseRedirect(link(shop, "today"), status=303)
        typed = {name: request.POST.get(name, "") for name in (*FIELDS, "slug")}
    else:
        person = Person.objects.get(pk=request.actor.person_id or 0)
        typed = {
            "contact_name": person.name,
            "contact_email": person.email or "",
            "contact_phone": person.phone or "",
            "zone": person.zone,
        }
    context = {
        "typed": typed,
        "zones": zone_options(typed["zone"]),
        "problem": problem,
        "errors": {problem.field: refusal_text(problem)} if problem else {},
        "has_shops": bool(request.actor.seats),
    }
    return render(request, "merchant_desk/apply.html", context, status=problem.code.status if problem else 200)


def details(post: QueryDict) -> Details:
    """The fields that both forms share."""
    return Details(**{name: post.get(name, "") for name in FIELDS})


def told(shop: Merchant) -> dict[str, str]:
    """The same from the shop as it is."""
    return {name: str(getattr(shop, name)) for name in FIELDS}


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.PROFILE_EDIT)
def profile(request: Request, shop: Merchant) -> HttpResponse:
    """The shop's words, logo and defaults."""
    if request.method != "POST":
        return _profile(request, shop)

    def deed() -> object:
        logo = None if request.POST.get("no_logo") else shop.logo_id
        upload = request.FILES.get("logo")
        if upload is not None:
            owner = f"merchant:{shop.pk}"
            logo = accept_picture(upload.read(), owner=owner, is_public=True, now=request.now, field="logo").pk
        level = asked.whole(request.POST.get("low_stock_at", ""))
        return edit_profile(
            shop.pk,
            details(request.POST),
            low_stock_at=-1 if level is None else level,
            logo_id=logo,
            actor=request.actor,
            now=request.now,
        )

    return act(
        request,
        deed,
        done=_("The profile is saved."),
        back=link(shop, "profile"),
        again=lambda refusal: _profile(request, shop, refusal),
    )


def _profile(request: Request, shop: Merchant, problem: Refusal | None = None) -> HttpResponse:
    typed = told(shop) | {"low_stock_at": str(shop.low_stock_at)}
    if problem:
        typed |= {name: request.POST.get(name, typed[name]) for name in typed}
    context = {
        "typed": typed,
        "logo": stand_in(shop.logo_id),
        "zones": zone_options(typed["zone"]),
        "company_open": shop.state in (APPLYING, DECLINED),
    }
    return show(request, shop, "profile.html", context, problem=problem)


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.PROFILE_EDIT)
def again(request: Request, shop: Merchant) -> HttpResponse:
    """Correct a declined application and send it again."""
    if request.method != "POST":
        return _again(request, shop)
    return act(
        request,
        lambda: apply_again(shop.pk, details(request.POST), actor=request.actor, now=request.now),
        done=_("Your application is with the platform again."),
        back=link(shop, "today"),
        again=lambda refusal: _again(request, shop, refusal),
    )


def _again(request: Request, shop: Merchant, problem: Refusal | None = None) -> HttpResponse:
    typed = {name: request.POST.get(name, "") for name in FIELDS} if problem else told(shop)
    return show(request, shop, "again.html", {"typed": typed, "zones": zone_options(typed["zone"])}, problem=problem)
