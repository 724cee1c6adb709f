"""Keys for programs that work at this desk."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wanku.access.can import Permission
from wanku.access.models import ApiKey
from wanku.flows.integrating.create_key import create_key
from wanku.flows.integrating.revoke_key import revoke_key
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.merchant_desk.desk import PASSED_ON, act, link, page, show
from wanku.merchant_desk.words import SCOPES
from wanku.merchants.models import Merchant
from wanku.ui.request import Request


@require_safe
@page(Permission.KEYS_EDIT)
def keys(request: Request, shop: Merchant) -> HttpResponse:
    """The shop's keys."""
    return _keys(request, shop)


def _keys(request: Request, shop: Merchant, problem: Refusal | None = None, secret: str = "") -> HttpResponse:
    rows = ApiKey.objects.filter(merchant_id=shop.pk).select_related("person").order_by("revoked_at", "-created_at")
    context = {
        "rows": [{"key": row, "scopes": [SCOPES.get(s, (s, ""))[0] for s in row.scopes]} for row in rows[:100]],
        "scopes": [(name, label, what) for name, (label, what) in SCOPES.items()],
        "chosen": request.POST.getlist("scopes") if problem else ["orders.see"],
        "secret": secret,
    }
    return show(request, shop, "keys.html", context, problem=problem)


@require_POST
@page(Permission.KEYS_EDIT)
def create(request: Request, shop: Merchant) -> HttpResponse:
    """A new key, shown this once."""
    try:
        _row, secret = create_key(
            name=request.POST.get("name", ""),
            merchant_id=shop.pk,
            scopes=request.POST.getlist("scopes"),
            actor=request.actor,
            now=request.now,
        )
    except Refusal as refusal:
        if refusal.code.status in PASSED_ON:
            raise
        return _keys(request, shop, refusal)
    response = _keys(request, shop, secret=secret)
    # The page holds a secret: no cache may keep it, not even the reader's own.
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@page(Permission.KEYS_EDIT)
def revoke(request: Request, shop: Merchant, key_id: int) -> HttpResponse:
    """End a key at once."""
    if not ApiKey.objects.filter(pk=key_id, merchant_id=shop.pk).exists():
        raise Refusal(NOT_FOUND)
    return act(
        request,
        lambda: revoke_key(key_id, actor=request.actor, now=request.now),
        done=_("The key no longer works."),
        back=link(shop, "keys"),
    )
