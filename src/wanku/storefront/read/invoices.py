"""A buyer's invoices: those of one order, all of them, and the titles that are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.core.paginator import Page, Paginator

from wanku.access.actor import Actor
from wanku.invoices.models import Document, Invoice, Title
from wanku.invoices.providers import PROVIDERS
from wanku.invoices.states import CANCELLED, ISSUED, LIVE, REQUESTED, REVERSED
from wanku.kernel.ids import clean_number
from wanku.orders.models import Order
from wanku.orders.states import CLOSED

PER_PAGE: Final = 20


@dataclass(frozen=True, slots=True)
class ShownInvoice:
    """An invoice as its buyer sees it.

    Attributes:
        shown: its state as people call it.
        is_tax: whether it is an invoice of the tax bureau.
    """

    row: Invoice
    shown: str
    is_tax: bool

    @property
    def is_done(self) -> bool:
        """Whether there is a document."""
        return self.row.state in (ISSUED, REVERSED)


@dataclass(frozen=True, slots=True)
class Invoicing:
    """What an order's page shows of its invoices, latest first.

    Attributes:
        waiting: the wish that can still be changed.
    """

    items: Sequence[ShownInvoice]
    waiting: Invoice | None
    can_ask: bool


def shown(row: Invoice) -> ShownInvoice:
    """With its state in words."""
    name = "late" if row.state == REQUESTED and row.late_since else row.state
    if row.is_red:
        name = "red" if row.state == ISSUED else row.state
    return ShownInvoice(row, name, row.provider in PROVIDERS and PROVIDERS[row.provider].is_tax)


def invoicing_of(order: Order) -> Invoicing:
    """One query."""
    rows = Invoice.objects.filter(order=order).exclude(state=CANCELLED).select_related("original").defer("lines")
    found = list(rows.order_by("-pk"))
    standing = next((row for row in found if row.state in LIVE and not row.is_red), None)
    return Invoicing(
        items=[shown(row) for row in found],
        waiting=standing if standing is not None and standing.state == REQUESTED else None,
        can_ask=standing is None and order.paid_at is not None and order.state != CLOSED,
    )


def document_of(order: Order, number: str) -> Document | None:
    """The file of one of an order's invoices."""
    rows = Document.objects.filter(invoice__order=order, invoice__number=clean_number(number) or "")
    return rows.select_related("invoice").first()


def my_invoices(actor: Actor, page: str | None) -> Page[Invoice]:
    """Everything that was asked for, latest first."""
    rows = Invoice.objects.bought_by(actor).exclude(state=CANCELLED)
    rows = rows.select_related("order", "merchant", "original").defer("lines")
    return Paginator(rows.order_by("-requested_at", "-pk"), PER_PAGE).get_page(page)


def titles_of(actor: Actor) -> Sequence[Title]:
    """The member's book, the usual one first; nothing for guests."""
    if actor.person_id is None:
        return []
    return list(Title.objects.filter(person_id=actor.person_id))
