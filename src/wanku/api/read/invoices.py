"""Invoices as the API shows them."""

import base64
from typing import Any

from django.db.models import QuerySet

from wanku.api.shapes import invoices as shapes
from wanku.invoices.models import Document, Invoice
from wanku.invoices.providers import PROVIDERS
from wanku.kernel.refusal import NOT_FOUND, Refusal

_COPIED = ("number", "state", "kind", "title", "tax_number", "currency", "amount", "tax", "failure")
_MOMENTS = ("requested_at", "issue_by", "late_since", "issued_at", "reversed_at")


def whole(rows: QuerySet[Invoice]) -> QuerySet[Invoice]:
    """What `invoice` reads."""
    return rows.select_related("order", "original")


def invoice(row: Invoice) -> shapes.InvoiceShape:
    """One; read with `whole`."""
    plain: dict[str, Any] = {name: getattr(row, name) for name in (*_COPIED, *_MOMENTS)}
    return shapes.InvoiceShape(
        **plain,
        order_number=row.order.number,
        lines=[shapes.InvoiceLineShape(**line.frozen()) for line in row.sheet_lines],
        is_tax_invoice=row.provider in PROVIDERS and PROVIDERS[row.provider].is_tax,
        original_number=row.original.number if row.original else None,
    )


def one(rows: QuerySet[Invoice], number: str) -> Invoice:
    """The one of a number among ``rows``.

    Raises:
        Refusal: ``not_found``.
    """
    found = whole(rows).filter(number=number).first()
    if found is None:
        raise Refusal(NOT_FOUND)
    return found


def document(rows: QuerySet[Invoice], number: str) -> shapes.DocumentShape:
    """The file of one among ``rows``.

    Raises:
        Refusal: ``not_found``, also while it is not issued.
    """
    found = Document.objects.filter(invoice__in=rows.filter(number=number)).first()
    if found is None:
        raise Refusal(NOT_FOUND)
    return shapes.DocumentShape(
        number=number,
        media_type=found.media_type,
        sha256=bytes(found.sha256).hex(),
        content=base64.b64encode(bytes(found.content)).decode(),
    )
