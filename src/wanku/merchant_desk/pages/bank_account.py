"""Where the shop's money goes."""

from allauth.account.decorators import reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wanku.access.can import Permission
from wanku.audit.rules import current
from wanku.flows.settling.enter_bank_account import enter_bank_account
from wanku.kernel.refusal import Refusal
from wanku.merchant_desk.desk import act, link, page, show
from wanku.merchant_desk.read import settlements as read
from wanku.merchants.models import Merchant
from wanku.settlement.bank_accounts import CARD, COMPANY, Destination
from wanku.ui.request import Request


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.BANK_ACCOUNT_EDIT)
def bank_account(request: Request, shop: Merchant) -> HttpResponse:
    """The form, and what it sends; both only to an owner who has just shown again that it is them."""
    try:
        _proven(request)
    except ReauthenticationRequired:
        if request.method != "POST":
            raise
        # What was typed is not kept meanwhile: nothing of an account lies open anywhere, not even in a session.
        return HttpResponseRedirect(link(shop, "bank_account"), status=303)
    if request.method != "POST":
        return _form(request, shop)
    to = Destination(*(request.POST.get(name, "") for name in ("kind", "holder", "bank", "number")))
    return act(
        request,
        lambda: enter_bank_account(shop.pk, to, proven=True, actor=request.actor, now=request.now),
        done=_("The account is kept. It is used once its cooling time is over."),
        back=link(shop, "settlements"),
        again=lambda problem: _form(request, shop, problem),
    )


@reauthentication_required  # type: ignore[untyped-decorator] # allauth has no stubs
def _proven(request: Request) -> None:
    """Raises `ReauthenticationRequired`, which sends the reader to show again that it is them."""


def _form(request: Request, shop: Merchant, problem: Refusal | None = None) -> HttpResponse:
    context = {
        "account": read.account(shop.pk),
        "kinds": [(COMPANY, _("Account of the company")), (CARD, _("Bank card of a person"))],
        "kind": request.POST.get("kind", COMPANY),
        "cooling_hours": current()["bank_cooling"] // 3600,
        "now": request.now,
    }
    response = show(request, shop, "bank_account.html", context, problem=problem)
    # A refused form holds the number that was typed: no cache may keep it.
    response["Cache-Control"] = "no-store"
    return response
