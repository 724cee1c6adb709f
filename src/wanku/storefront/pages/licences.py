"""The licences of an order: what they grant, and the codes for who proves that they are theirs."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wanku.flows.licensing.give_back_licences import give_back_licences
from wanku.flows.licensing.mail_show_code import mail_show_code
from wanku.flows.licensing.show_codes import Proof, show_codes
from wanku.kernel.refusal import SIGN_IN, Refusal
from wanku.kinds.issue.kind import IssueKind
from wanku.kinds.issue.refusals import PROVE_AGAIN
from wanku.orders.models import Order
from wanku.orders.states import COMPLETED, FULFILLED
from wanku.storefront.pages.order import ask_for_it
from wanku.storefront.read.licences import licences_of, my_licences
from wanku.storefront.read.order import order_of
from wanku.ui.request import Request, caller_address
from wanku.ui.words import refusal_text


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def order_licences(request: Request, number: str) -> HttpResponse:
    """The list; sent, it shows the codes: the first time at once, later to who has just proved again who they are.

    Raises:
        ReauthenticationRequired: sends a member who asked to see codes again to do so first.
    """
    found = order_of(request.actor, number)
    if found is None and request.method != "POST":
        return ask_for_it(request, number)
    if found is None or found.kind != IssueKind.code:
        raise Http404
    if request.method != "POST":
        if "again" in request.GET and found.trade.buyer_id is not None:
            _proven(request)
        return _page(request, found)
    proof = Proof(
        signed_in=_is_proven(request),
        contact=request.POST.get("contact", "")[:254],
        digits=request.POST.get("digits", "")[:20],
    )
    try:
        shown = show_codes(found.pk, proof=proof, source=caller_address(request), actor=request.actor, now=request.now)
    except Refusal as no:
        if no.code.status == 404:
            raise
        if no.code is PROVE_AGAIN and request.actor.is_member:
            return redirect(f"{reverse('storefront:order_licences', args=[found.number])}?again=1")
        return _page(request, found, status=no.code.status, problem=no, typed=request.POST)
    return _page(request, found, shown=shown)


@sensitive_post_parameters()
@require_POST
def order_licences_mail(request: Request, number: str) -> HttpResponse:
    """Mail a guest the digits with which codes are shown again."""
    found = order_of(request.actor, number)
    if found is None or found.kind != IssueKind.code:
        raise Http404
    contact = request.POST.get("contact", "")[:254]
    try:
        mailed = mail_show_code(found.pk, contact, actor=request.actor, now=request.now)
    except Refusal as no:
        if no.code.status == 404:
            raise
        return _page(request, found, status=no.code.status, problem=no, typed=request.POST)
    if mailed:
        messages.success(request, _("Six digits are on their way to the e-mail address of this order."))
    else:
        messages.info(request, _("This order has no e-mail address: the phone number is enough."))
    return _page(request, found, typed={"contact": contact, "mailed": "1"})


@require_POST
def order_licences_back(request: Request, number: str) -> HttpResponse:
    """Give all licences of an order back."""
    found = order_of(request.actor, number)
    if found is None or found.kind != IssueKind.code:
        raise Http404
    try:
        give_back_licences(found.pk, actor=request.actor, now=request.now)
    except Refusal as no:
        if no.code.status == 404:
            raise
        return _page(request, found, status=no.code.status, problem=no)
    messages.success(request, _("The licences are given back. The whole amount goes back the way it came."))
    return redirect("storefront:order", found.number)


@require_GET
def licences(request: Request) -> HttpResponse:
    """All of a member's licences; guests reach theirs through the order.

    Raises:
        Refusal: ``sign_in``.
    """
    if not request.actor.is_member:
        raise Refusal(SIGN_IN)
    page, rows = my_licences(request.actor, request.GET.get("page"), now=request.now)
    return render(request, "storefront/buy/my_licences.html", {"page": page, "rows": rows, "place": "me"})


@reauthentication_required  # type: ignore[untyped-decorator] # allauth has no stubs
def _proven(request: Request) -> None:
    """Raises `ReauthenticationRequired`, which sends the reader to show again that it is them."""


def _is_proven(request: Request) -> bool:
    try:
        _proven(request)
    except ReauthenticationRequired:
        return False
    return request.actor.is_member


def _page(request: Request, found: Order, *, status: int = 200, **more: Any) -> HttpResponse:
    rows = licences_of(found, now=request.now)
    problem: Refusal | None = more.pop("problem", None)
    codes = {each.licence.pk: each for each in more.pop("shown", ())}
    mine = [row for row in rows if row.licence.order_id == found.pk]
    context = {
        "order": found,
        "rows": [(row, codes.get(row.licence.pk)) for row in rows],
        "shown": bool(codes),
        "seen": any(row.licence.shown_at for row in mine),
        "standing": any(row.state != "revoked" for row in mine),
        "back": found.state in (FULFILLED, COMPLETED) and all(row.is_unused for row in rows),
        "guest": found.trade.buyer_id is None,
        "by_mail": bool(found.trade.contact_email),
        "problem": refusal_text(problem) if problem and problem.field is None else "",
        "errors": {problem.field: refusal_text(problem)} if problem and problem.field else {},
        "typed": {},
        "place": "orders",
        **more,
    }
    response = render(request, "storefront/buy/licences.html", context, status=status)
    # Codes are for the eyes of the one who asked: no cache keeps the page.
    response["Cache-Control"] = "no-store"
    return response
