"""A shop's invoices: those to issue with their clocks, and all others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet

from wanku.access.actor import Actor
from wanku.invoices.models import Document, Invoice
from wanku.invoices.states import CANCELLED, ISSUED, REQUESTED, REVERSED, SENT
from wanku.kernel.ids import clean_number

PER_PAGE: Final = 20
WAITING, DONE, RED = "", "done", "red"
TABS: Final = (WAITING, DONE, RED)


@dataclass(frozen=True, slots=True)
class Row:
    """One in the table.

    Attributes:
        can_issue, can_reverse: what the shop may do with it now.
    """

    invoice: Invoice
    shown: str
    has_document: bool
    can_issue: bool
    can_reverse: bool


def _tab(rows: QuerySet[Invoice], tab: str) -> QuerySet[Invoice]:
    if tab == RED:
        return rows.filter(original__isnull=False)
    blue = rows.filter(original=None)
    return blue.filter(state__in=(ISSUED, REVERSED)) if tab == DONE else blue.filter(state__in=(REQUESTED, SENT))


def listing(actor: Actor, tab: str, page: str | None) -> Page[Invoice]:
    """One tab; those that wait by their clock, others latest first."""
    rows = _tab(Invoice.objects.at_desk(actor).exclude(state=CANCELLED), tab)
    rows = rows.select_related("order", "original").prefetch_related("red_letters").defer("lines")
    order = ("issue_by", "pk") if tab == WAITING else ("-requested_at", "-pk")
    return Paginator(rows.order_by(*order), PER_PAGE).get_page(page)


def rows_of(page: Page[Invoice]) -> Sequence[Row]:
    """What is shown of each."""
    return [_row(invoice) for invoice in page]


def _row(invoice: Invoice) -> Row:
    done = invoice.state in (ISSUED, REVERSED)
    shown = "late" if invoice.state == REQUESTED and invoice.late_since else invoice.state
    free = not invoice.is_red and invoice.state == ISSUED and not invoice.red_letters.all()
    return Row(invoice, shown, done, invoice.state == REQUESTED, free)


def counts(actor: Actor) -> Mapping[str, int]:
    """How many wait, and how many of them are overdue."""
    rows = Invoice.objects.at_desk(actor).filter(original=None, state__in=(REQUESTED, SENT))
    late = Count("pk", filter=Q(late_since__isnull=False, state=REQUESTED))
    return rows.aggregate(waiting=Count("pk"), late=late)


def invoice_of(actor: Actor, number: str) -> Invoice | None:
    """One of the shop's own."""
    return Invoice.objects.at_desk(actor).filter(number=clean_number(number) or "").first()


def document_of(actor: Actor, number: str) -> Document | None:
    """Its file."""
    rows = Document.objects.filter(invoice__in=Invoice.objects.at_desk(actor))
    return rows.select_related("invoice").filter(invoice__number=clean_number(number) or "").first()
