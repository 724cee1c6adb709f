"""What Wanku has told a member."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from wanku.flows.talking.choose_channels import choose_channels
from wanku.flows.talking.read_notices import read_notices
from wanku.kernel.refusal import SIGN_IN, Refusal
from wanku.notices.queries import notices_of, unread_count, wants_email
from wanku.storefront.typed import whole_number
from wanku.ui.letters import shown
from wanku.ui.request import Request

PER_PAGE = 20


@require_GET
def inbox(request: Request) -> HttpResponse:
    """Messages, newest first. Looking at the list leaves them unread: a click or the button reads them."""
    if not request.actor.is_member:
        raise Refusal(SIGN_IN)
    page = Paginator(notices_of(request.actor), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "items": [(notice, shown(notice)) for notice in page.object_list],
        "unread_count": unread_count(request.actor),
        "by_email": wants_email(request.actor),
        "place": "me",
    }
    return render(request, "storefront/buy/inbox.html", context)


@require_POST
def inbox_read(request: Request) -> HttpResponse:
    """Mark one message read and go where it leads, or mark all read."""
    if not request.actor.is_member:
        raise Refusal(SIGN_IN)
    key = whole_number(request.POST.get("notice", ""))
    if key is None:
        read_notices(None, actor=request.actor, now=request.now)
        return redirect("storefront:messages")
    notice = notices_of(request.actor).filter(pk=key).first()
    read_notices([key], actor=request.actor, now=request.now)
    return redirect(notice.link if notice is not None and notice.link else "storefront:messages")


@require_POST
def inbox_channels(request: Request) -> HttpResponse:
    """Switch messages by e-mail on or off."""
    choose_channels(email="email" in request.POST, actor=request.actor, now=request.now)
    messages.success(request, _("Saved."))
    return redirect("storefront:messages")
