"""Refunds on their way, and those that finance must look at."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wanku.access.can import Permission
from wanku.flows.paying.retry_refund import retry_refund
from wanku.kernel.refusal import Refusal
from wanku.kernel.text import clean
from wanku.platform_desk import asked, words
from wanku.platform_desk.desk import act, page, show
from wanku.platform_desk.read import refunds as read
from wanku.ui.labels import label
from wanku.ui.request import Request


@require_safe
@page(Permission.REFUNDS_HANDLE)
def listing(request: Request) -> HttpResponse:
    """Refunds by state, the stuck ones first."""
    return _listing(request)


def _listing(request: Request, problem: Refusal | None = None) -> HttpResponse:
    state = asked.choice(request, "state", read.STATES, read.STATES[0])
    counts = read.counts()
    tabs = [
        {
            "label": label("refund", name).text,
            "url": f"?state={name}",
            "current": name == state,
            "count": counts.get(name, 0),
            "alert": name in {"stuck", "failed"},
        }
        for name in read.STATES
    ]
    found = read.listing(state, request.GET.get("page"))
    rows = [{"refund": refund, "reason": words.REASONS.get(refund.reason, refund.reason)} for refund in found]
    context = {"page": found, "rows": rows, "tabs": tabs, "state": state}
    return show(request, "refunds.html", context, problem=problem)


@require_POST
@page(Permission.REFUNDS_HANDLE)
def retry(request: Request, refund_id: UUID) -> HttpResponse:
    """Send a stuck refund again."""
    because = clean(request.POST.get("because", ""))[:500]
    return act(
        request,
        lambda: retry_refund(refund_id, actor=request.actor, because=because, now=request.now),
        done=_("The refund is on its way again."),
        back=reverse("platform_desk:refunds"),
        again=lambda problem: _listing(request, problem),
    )
