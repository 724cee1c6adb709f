"""What the platform was told: applications, neglected orders, refunds that are stuck."""

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from wanku.access.can import Permission
from wanku.platform_desk.desk import page, show
from wanku.ui.inbox import inbox, read
from wanku.ui.request import Request


@require_safe
@page(Permission.PLATFORM_SEE)
def listing(request: Request) -> HttpResponse:
    """Notices, newest first; all staff read the same list, and what one has read is read for all."""
    return show(request, "notices.html", inbox(request, platform=True))


@require_POST
@page(Permission.PLATFORM_SEE)
def read_some(request: Request) -> HttpResponse:
    """Mark one notice read and go where it leads, or mark all read."""
    back = reverse("platform_desk:notices")
    return HttpResponseRedirect(read(request, back=back, platform=True), status=303)
