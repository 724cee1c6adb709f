"""A person's API keys: make, see, revoke."""

from dataclasses import dataclass
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from wanku.access.can import Permission, can
from wanku.access.models import ApiKey
from wanku.access.scopes import MERCHANT_SCOPES, PERSON_SCOPES
from wanku.api.labels import described
from wanku.flows.integrating.create_key import create_key
from wanku.flows.integrating.revoke_key import revoke_key
from wanku.kernel.refusal import NOT_FOUND, SIGN_IN, Refusal
from wanku.merchants.models import Merchant
from wanku.ui.request import Request
from wanku.ui.words import refusal_text

SHOWN_MAX = 100


@dataclass(frozen=True, slots=True)
class Made:
    """A key that was just made; its secret is on this one page and nowhere else."""

    name: str
    secret: str


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """The list, and a form for a new key. After POST the page itself shows the key, once."""
    asked = cast("Request", request)
    if not asked.actor.is_member:
        raise Refusal(SIGN_IN)
    if request.method != "POST":
        return _show(asked)
    try:
        row, secret = create_key(
            name=request.POST.get("name", ""),
            merchant_id=_merchant_id(asked),
            scopes=request.POST.getlist("scopes"),
            actor=asked.actor,
            now=asked.now,
        )
    except Refusal as refusal:
        return _show(asked, refusal=refusal)
    return _show(asked, made=Made(row.name, secret))


@require_POST
def revoke(request: HttpRequest, key_id: int) -> HttpResponse:
    """End a key at once."""
    asked = cast("Request", request)
    revoke_key(key_id, actor=asked.actor, now=asked.now)
    messages.success(request, _("The key is revoked."))
    return redirect("api-keys")


def _merchant_id(request: Request) -> int | None:
    """The shop that was chosen; none for the person's own key.

    Raises:
        Refusal: ``not_found`` for a shop at which the person has no seat.
    """
    slug = request.POST.get("merchant", "")
    if not slug:
        return None
    merchant = _shops(request).get(slug)
    if merchant is None:
        raise Refusal(NOT_FOUND, field="merchant")
    return merchant.pk


def _shops(request: Request) -> dict[str, Merchant]:
    """Shops whose keys the person may edit."""
    ids = [pk for pk in request.actor.seats if can(request.actor, Permission.KEYS_EDIT, pk)]
    return {row.slug: row for row in Merchant.objects.filter(pk__in=ids).order_by("name")}


def _show(request: Request, *, made: Made | None = None, refusal: Refusal | None = None) -> HttpResponse:
    rows = ApiKey.objects.filter(person_id=request.actor.person_id or 0).order_by("-pk")[:SHOWN_MAX]
    shops = _shops(request)
    names = {shop.pk: shop.name for shop in shops.values()}
    response = render(
        request,
        "api/keys.html",
        {
            "keys": [(row, names.get(row.merchant_id or 0, "")) for row in rows],
            "shops": shops.values(),
            "person_scopes": described(PERSON_SCOPES),
            "merchant_scopes": described(MERCHANT_SCOPES if shops else ()),
            "made": made,
            "problem": refusal_text(refusal) if refusal else "",
            "wrong": refusal.field if refusal else "",
            "typed": request.POST,
            "chosen": request.POST.getlist("scopes"),
        },
        status=refusal.code.status if refusal else 200,
    )
    response["Cache-Control"] = "no-store"
    return response
