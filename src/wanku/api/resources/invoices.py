"""Invoices: buyers ask for them and fetch them, shops issue them and take them back."""

from typing import Literal

from ninja import Path, Query, Router, Status

from wanku.access.can import Permission
from wanku.access.scopes import Scope
from wanku.api.callers import KNOWN, buyer, desk
from wanku.api.cursors import Cursor, Limit, Page, newest
from wanku.api.fields import Number, Slug
from wanku.api.read import invoices as read
from wanku.api.shapes.invoices import DocumentShape, InvoiceBody, InvoiceShape, InvoicesShape, ReverseBody
from wanku.flows.invoicing.cancel_invoice import cancel_invoice
from wanku.flows.invoicing.issue_invoice import issue_invoice
from wanku.flows.invoicing.request_invoice import request_invoice
from wanku.flows.invoicing.reverse_invoice import reverse_invoice
from wanku.invoices.models import Invoice
from wanku.invoices.states import REQUESTED
from wanku.invoices.titles import Wanted
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.orders.models import Order
from wanku.ui.request import Request

router = Router(tags=["invoices"], auth=KNOWN)
State = Literal["requested", "sent", "issued", "reversed", "cancelled"]


@router.get("/orders/{number}/invoices", response=InvoicesShape, summary="Invoices of an order")
def list_invoices(request: Request, number: Path[Number]) -> InvoicesShape:
    """Every invoice and red letter of an order, latest first. Scope `trades.see`."""
    actor = buyer(request, Scope.TRADES_SEE)
    order = Order.objects.bought_by(actor).filter(number=number).first()
    if order is None:
        raise Refusal(NOT_FOUND)
    rows = read.whole(Invoice.objects.filter(order=order)).order_by("-pk")
    return InvoicesShape(items=[read.invoice(row) for row in rows])


@router.put("/orders/{number}/invoice", response=InvoiceShape, summary="Ask for an invoice")
def put_invoice(request: Request, number: Path[Number], body: InvoiceBody) -> InvoiceShape:
    """Ask the shop for an invoice over what was paid less what was refunded, or change what was asked for.

    The same call again is harmless; once it was sent it is refused. Scope `trades.place`.
    """
    actor = buyer(request, Scope.TRADES_PLACE)
    order = Order.objects.bought_by(actor).filter(number=number).first()
    if order is None:
        raise Refusal(NOT_FOUND)
    wanted = Wanted(body.kind, body.title, body.tax_number, body.email or "")
    row = request_invoice(order.pk, wanted, keep=body.keep, actor=actor, now=request.now)
    return read.invoice(read.one(Invoice.objects.bought_by(actor), row.number))


@router.delete("/orders/{number}/invoice", response={204: None}, summary="No invoice after all")
def remove_invoice(request: Request, number: Path[Number]) -> Status[None]:
    """Take the wish back while it was not sent. Scope `trades.place`."""
    actor = buyer(request, Scope.TRADES_PLACE)
    rows = Invoice.objects.bought_by(actor).filter(order__number=number, state=REQUESTED)
    row = rows.first()
    if row is None:
        raise Refusal(NOT_FOUND)
    cancel_invoice(row.pk, actor=actor, now=request.now)
    return Status(204, None)


@router.get("/invoices/{number}/document", response=DocumentShape, summary="The file of an invoice")
def get_document(request: Request, number: Path[Number]) -> DocumentShape:
    """The document of one of the buyer's invoices. Scope `trades.see`."""
    return read.document(Invoice.objects.bought_by(buyer(request, Scope.TRADES_SEE)), number)


@router.get(
    "/merchants/{slug}/invoices", response=Page[InvoiceShape], summary="Invoices of a shop", tags=["desk: money"]
)
def list_desk_invoices(
    request: Request,
    slug: Path[Slug],
    state: Query[State | None] = None,
    late: Query[bool | None] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[InvoiceShape]:
    """What was asked for and issued, latest first; all, in one state, or overdue. Scope `invoices.issue`."""
    actor, _ = desk(request, slug, Permission.INVOICES_ISSUE)
    rows = Invoice.objects.at_desk(actor)
    if state is not None:
        rows = rows.filter(state=state)
    if late is not None:
        rows = rows.filter(late_since__isnull=not late)
    found, following = newest(read.whole(rows), "requested_at", cursor, limit)
    return Page[InvoiceShape](items=[read.invoice(row) for row in found], next_cursor=following)


@router.post(
    "/merchants/{slug}/invoices/{number}/issue", response=InvoiceShape, summary="Issue an invoice", tags=["desk: money"]
)
def issue_desk_invoice(request: Request, slug: Path[Slug], number: Path[Number]) -> InvoiceShape:
    """Have the shop's provider issue it. `sent` while the provider is at it; `requested` again when it refused, with
    its words in `failure`. Scope `invoices.issue`."""
    actor, _ = desk(request, slug, Permission.INVOICES_ISSUE)
    rows = Invoice.objects.at_desk(actor)
    issue_invoice(read.one(rows, number).pk, actor=actor, now=request.now)
    return read.invoice(read.one(rows, number))


@router.post(
    "/merchants/{slug}/invoices/{number}/reverse", response=InvoiceShape, summary="Take one back", tags=["desk: money"]
)
def reverse_desk_invoice(request: Request, slug: Path[Slug], number: Path[Number], body: ReverseBody) -> InvoiceShape:
    """Issue a red letter over the whole of it, and answer with that. Scope `invoices.issue`."""
    actor, _ = desk(request, slug, Permission.INVOICES_ISSUE)
    rows = Invoice.objects.at_desk(actor)
    red = reverse_invoice(read.one(rows, number).pk, because=body.because, actor=actor, now=request.now)
    return read.invoice(read.one(rows, red.number))


@router.get(
    "/merchants/{slug}/invoices/{number}/document", response=DocumentShape, summary="Its file", tags=["desk: money"]
)
def get_desk_document(request: Request, slug: Path[Slug], number: Path[Number]) -> DocumentShape:
    """The document of one of the shop's invoices. Scope `invoices.issue`."""
    actor, _ = desk(request, slug, Permission.INVOICES_ISSUE)
    return read.document(Invoice.objects.at_desk(actor), number)
