"""What Wanku has told a member."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from wanku.flows.talking.choose_channels import choose_channels
from wanku.kernel.refusal import SIGN_IN, Refusal
from wanku.notices.queries import wants_email
from wanku.ui import inbox as lists
from wanku.ui.request import Request


@require_GET
def inbox(request: Request) -> HttpResponse:
    """Messages, newest first."""
    if not request.actor.is_member:
        raise Refusal(SIGN_IN)
    context = {**lists.inbox(request), "by_email": wants_email(request.actor), "place": "me"}
    return render(request, "storefront/buy/inbox.html", context)


@require_POST
def inbox_read(request: Request) -> HttpResponse:
    """Mark one message read and go where it leads, or mark all read."""
    if not request.actor.is_member:
        raise Refusal(SIGN_IN)
    return redirect(lists.read(request, back=reverse("storefront:messages")))


@require_POST
def inbox_channels(request: Request) -> HttpResponse:
    """Switch messages by e-mail on or off."""
    choose_channels(email="email" in request.POST, actor=request.actor, now=request.now)
    messages.success(request, _("Saved."))
    return redirect("storefront:messages")
