"""Invoices of all shops: those that a shop has not issued in time, which the platform may issue for it."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from wanku.access.can import Permission
from wanku.flows.invoicing.issue_invoice import issue_invoice
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.platform_desk import asked
from wanku.platform_desk.desk import act, page, show
from wanku.platform_desk.read import invoices as read
from wanku.ui.papers import paper
from wanku.ui.request import Request


@require_safe
@page(Permission.INVOICES_HANDLE)
def listing(request: Request) -> HttpResponse:
    """Overdue ones first."""
    return _listing(request)


def _listing(request: Request, problem: Refusal | None = None) -> HttpResponse:
    tab = asked.choice(request, "tab", read.TABS, read.LATE)
    counts = read.counts()
    labels = {
        read.LATE: pgettext("invoices", "Overdue"),
        read.STUCK: pgettext("invoices", "Provider does not answer"),
        read.ALL: pgettext("invoices", "All"),
    }
    tabs = [
        {
            "label": label,
            "url": f"?tab={name}",
            "current": name == tab,
            "count": counts.get(name, 0),
            "alert": name != read.ALL,
        }
        for name, label in labels.items()
    ]
    found = read.listing(tab, request.GET.get("page"))
    return show(request, "invoices.html", {"page": found, "tabs": tabs, "tab": tab}, problem=problem)


@require_POST
@page(Permission.INVOICES_HANDLE)
def issue(request: Request, invoice_id: UUID) -> HttpResponse:
    """Issue it for a silent shop."""
    return act(
        request,
        lambda: issue_invoice(invoice_id, actor=request.actor, now=request.now),
        done=_("The invoice is on its way; the buyer is told when it is there."),
        back=reverse("platform_desk:invoices"),
        again=lambda problem: _listing(request, problem),
    )


@require_safe
@page(Permission.INVOICES_HANDLE)
def document(request: Request, number: str) -> HttpResponse:
    """The document, as a download."""
    del request
    found = read.document_of(number)
    if found is None:
        raise Refusal(NOT_FOUND)
    return paper(found)
