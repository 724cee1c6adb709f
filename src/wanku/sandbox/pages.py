"""The bank's pay page."""

from typing import cast

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from wanku.payments.gateways.sandbox.gateway import SALT
from wanku.sandbox import bank
from wanku.sandbox.deliver import deliver_due
from wanku.ui.request import Request

LINK_SECONDS = 24 * 3600


@require_http_methods(["GET", "POST"])
def pay(request: HttpRequest, token: str) -> HttpResponse:
    """Show a charge and take the payer's choice."""
    now = cast(Request, request).now
    try:
        facts = signing.loads(token, salt=SALT, max_age=LINK_SECONDS)
    except signing.BadSignature as error:
        raise Http404 from error
    charge = bank.open_charge(facts, now)
    if request.method == "POST":
        late = request.POST.get("late", "")
        charge = bank.answer(
            charge.number,
            request.POST.get("choice", "paid"),
            now,
            refusal=request.POST.get("refusal", ""),
            late=int(late) if late.isascii() and late.isdigit() and len(late) < 6 else bank.LATE_SECONDS,
        )
        # The first delivery does not wait for the sweeper, as a real bank's does not.
        deliver_due(now=now, limit=3)
        return redirect(charge.return_url)
    return render(
        request,
        "sandbox/pay.html",
        {"charge": charge, "expired": charge.expires_at <= now, "refusals": bank.REFUSALS},
    )
