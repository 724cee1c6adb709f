"""A buyer asks for an invoice, or changes what they asked for."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from wanku.access.actor import Actor
from wanku.audit.move import note
from wanku.flows.invoicing._reckon import reckon
from wanku.flows.invoicing._rows import add_request, lock_order, lock_standing
from wanku.invoices.keep_title import keep_title
from wanku.invoices.models import Invoice
from wanku.invoices.refusals import INVOICE_STANDS, NOT_PAID, NOTHING_TO_INVOICE
from wanku.invoices.states import REQUESTED
from wanku.invoices.titles import Wanted
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.orders.models import Order
from wanku.orders.states import COMPLETED, FULFILLED, FULFILLING, PAID
from wanku.people.models import Person

INVOICED: Final = (PAID, FULFILLING, FULFILLED, COMPLETED)


def request_invoice(order_id: UUID, wanted: Wanted, *, keep: bool = False, actor: Actor, now: datetime) -> Invoice:
    """Ask the shop for an invoice over what was paid (E-Commerce Law, article 14), as its buyer, guests too.

    Until it is issued the same call changes it; the shop's clock goes on from the first time.

    Args:
        keep: remember the title for a member; of no meaning for guests.

    Raises:
        Refusal: ``not_found`` for others; ``bad_value``, ``bad_tax_number`` by field; ``invoice_not_paid``;
            ``nothing_to_invoice``; ``invoice_stands`` once it was sent; ``too_many_titles``.
    """
    if not Order.objects.bought_by(actor).filter(pk=order_id).exists():
        raise Refusal(NOT_FOUND)
    wanted = wanted.checked()
    with transaction.atomic():
        order = lock_order(order_id)
        if order.paid_at is None:
            raise Refusal(NOT_PAID)
        if order.state not in INVOICED or not reckon(order).amount:
            raise Refusal(NOTHING_TO_INVOICE)
        invoice = lock_standing(order)
        if invoice is None:
            invoice = add_request(order, wanted, now=now)
            note(invoice, "request", by=actor.as_buyer(), now=now, facts={"kind": wanted.kind})
        elif invoice.state != REQUESTED:
            raise Refusal(INVOICE_STANDS)
        else:
            _change(invoice, wanted, actor, now)
        if keep and actor.person_id is not None:
            Person.objects.select_for_update(no_key=True).get(pk=actor.person_id)
            keep_title(actor.person_id, wanted, now=now)
    return invoice


def _change(invoice: Invoice, wanted: Wanted, actor: Actor, now: datetime) -> None:
    if Wanted(invoice.kind, invoice.title, invoice.tax_number, invoice.email) == wanted:
        return
    invoice.kind, invoice.title = wanted.kind, wanted.title
    invoice.tax_number, invoice.email = wanted.tax_number, wanted.email
    invoice.failure = ""
    invoice.save(update_fields=["kind", "title", "tax_number", "email", "failure"])
    note(invoice, "change", by=actor.as_buyer(), now=now, facts={"kind": wanted.kind})
