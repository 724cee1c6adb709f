"""Invoices of all shops: overdue ones first."""

from collections.abc import Mapping
from typing import Final

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q

from wanku.invoices.models import Document, Invoice
from wanku.invoices.states import CANCELLED, REQUESTED, SENT
from wanku.kernel.ids import clean_number

PAGE: Final = 30
TRIES_ODD: Final = 5
"""So often a provider was called, and it is still not there."""
LATE, STUCK, ALL = "late", "stuck", "all"
TABS: Final = (LATE, STUCK, ALL)
_TAB: Final = {
    LATE: Q(state=REQUESTED, late_since__isnull=False),
    STUCK: Q(state=SENT, tries__gte=TRIES_ODD),
    ALL: ~Q(state=CANCELLED),
}


def listing(tab: str, page: str | None) -> Page[Invoice]:
    """One tab; what waits the longest comes first, else the latest."""
    rows = Invoice.objects.filter(_TAB[tab]).select_related("order", "merchant", "original").defer("lines")
    return Paginator(rows.order_by("-requested_at" if tab == ALL else "issue_by", "pk"), PAGE).get_page(page)


def counts() -> Mapping[str, int]:
    """How many are overdue or stuck."""
    waiting = Invoice.objects.filter(state__in=(REQUESTED, SENT))
    return waiting.aggregate(late=Count("pk", filter=_TAB[LATE]), stuck=Count("pk", filter=_TAB[STUCK]))


def document_of(number: str) -> Document | None:
    """The file of one."""
    return Document.objects.select_related("invoice").filter(invoice__number=clean_number(number) or "").first()
