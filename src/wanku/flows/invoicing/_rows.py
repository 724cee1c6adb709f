"""Rows of invoices: the wish, what is frozen when it is sent, the red letter, and what follows it."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from wanku.audit.move import By, move, note
from wanku.audit.rules import due
from wanku.flows.invoicing._reckon import Reckoned
from wanku.invoices.models import Invoice, Reflection
from wanku.invoices.queries import issuer_of
from wanku.invoices.rules import SheetLine, reversed_lines, sheet_lines
from wanku.invoices.states import LIVE, REQUESTED, SENT
from wanku.invoices.titles import Wanted
from wanku.kernel.ids import new_number
from wanku.kernel.states import SYSTEM
from wanku.orders.models import Order
from wanku.payments.models import Refund


def lock_order(order_id: UUID) -> Order:
    """The order under its lock, which comes before those of its invoices."""
    return Order.objects.select_for_update(no_key=True).get(pk=order_id)


def lock_standing(order: Order) -> Invoice | None:
    """The invoice of an order that stands, under its lock; the caller holds the order's."""
    rows = Invoice.objects.select_for_update(no_key=True, of=("self",))
    return rows.filter(order=order, original=None, state__in=LIVE).first()


def add_request(order: Order, wanted: Wanted, *, now: datetime) -> Invoice:
    """A wish that waits for the shop; the caller holds the order's lock and tells what happened."""
    by = due("invoice_issue", now)
    return _add(order, wanted, now, state=REQUESTED, requested_at=now, issue_by=by, due_at=by)


def freeze(invoice: Invoice, left: Reckoned, *, tax_bp: int | None, now: datetime) -> None:
    """Put down what stands on it, by whom it is issued, and which refunds are left out. The caller holds the locks.

    Args:
        tax_bp: rate in basis points; none for the shop's.
    """
    issuer = issuer_of(invoice.merchant_id)
    put_lines(invoice, sheet_lines(left.parts, left.amount, issuer.tax_bp if tax_bp is None else tax_bp))
    invoice.provider = issuer.provider
    invoice.sent_at = now
    invoice.failure = ""
    invoice.tries = 1
    invoice.save()
    reflect(invoice, left.refunds)


def put_lines(invoice: Invoice, lines: Sequence[SheetLine]) -> None:
    """Lines and their sums, not saved."""
    invoice.lines = [line.frozen() for line in lines]
    invoice.amount = sum(line.amount for line in lines)
    invoice.tax = sum(line.tax for line in lines)


def reflect(invoice: Invoice, refunds: Sequence[UUID]) -> None:
    """These refunds need no red letter any more: the invoice takes them into account."""
    Reflection.objects.bulk_create(
        [Reflection(refund_id=refund_id, invoice=invoice) for refund_id in refunds], ignore_conflicts=True
    )


def take_up(invoice: Invoice, left: Reckoned, *, by: By, now: datetime) -> None:
    """Freeze a wish and commit to sending it. The caller holds the locks, and sends it after its transaction."""
    freeze(invoice, left, tax_bp=None, now=now)
    move(invoice, "send", by=by, now=now, due_at=due("invoice_query", now), facts={"amount": invoice.amount})


def add_red_letter(
    original: Invoice, *, refund: Refund | None, because: str, by: By, now: datetime, at_once: bool
) -> Invoice:
    """The row that takes an issued invoice back. The caller holds the locks.

    Args:
        at_once: the caller sends it after its transaction; else the sweeper does.
    """
    red = _copy(original, now)
    if at_once:
        red.tries, red.due_at = 1, due("invoice_query", now)
    red.original = original
    red.refund = refund
    red.because = because
    red.provider = original.provider
    put_lines(red, reversed_lines(original.sheet_lines))
    red.save(force_insert=True)
    facts = {"original": original.number, "refund": refund.number if refund else ""}
    note(red, "red_letter", by=by, now=now, because=because, facts=facts)
    return red


def add_rest(red: Invoice, original: Invoice, left: Reckoned, *, now: datetime) -> Invoice | None:
    """After a part was paid back: a new invoice for what is left, with the same title and rate, due at once."""
    if not left.amount:
        return None
    rest = _copy(original, now)
    rest.follows = red
    rest.save(force_insert=True)
    lines = original.sheet_lines
    freeze(rest, left, tax_bp=lines[0].tax_bp if lines else None, now=now)
    # The sweeper counts its tries from the first call on.
    rest.tries = 0
    rest.save(update_fields=["tries"])
    note(rest, "reissue", by=By(SYSTEM), now=now, facts={"after": red.number, "amount": rest.amount})
    return rest


def _copy(original: Invoice, now: datetime) -> Invoice:
    """A new row to the same buyer, in the state of what is being sent."""
    wanted = Wanted(original.kind, original.title, original.tax_number, original.email)
    row = _row(original.order, wanted, now)
    row.state, row.due_at, row.sent_at = SENT, now, now
    row.requested_at = now
    row.issue_by = due("invoice_issue", now)
    return row


def _add(order: Order, wanted: Wanted, now: datetime, **fields: object) -> Invoice:
    row = _row(order, wanted, now)
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(force_insert=True)
    return row


def _row(order: Order, wanted: Wanted, now: datetime) -> Invoice:
    return Invoice(
        number=new_number(now),
        order=order,
        merchant_id=order.merchant_id,
        trade_id=order.trade_id,
        kind=wanted.kind,
        title=wanted.title,
        tax_number=wanted.tax_number,
        email=wanted.email,
        currency=order.currency,
        code=secrets.token_hex(10).upper(),
    )
