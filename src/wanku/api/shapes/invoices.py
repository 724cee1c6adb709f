"""Invoices."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from wanku.api.fields import Body, Email, FilledLine, Flag, Line, Plain, Shape
from wanku.api.shapes.catalog import MINOR
from wanku.invoices.titles import TITLE_MAX

STATES = "`requested`, `sent`, `issued`, `reversed` or `cancelled`."


class InvoiceBody(Body):
    """To whom an invoice is made out."""

    kind: Literal["personal", "company"]
    title: FilledLine = Field(max_length=TITLE_MAX, description="Name on the invoice.")
    tax_number: Line = Field("", max_length=40, description="Unified social credit code; of companies alone.")
    email: Email | None = Field(None, description="Where it is announced; left out: the contact of the order.")
    keep: Flag = Field(default=False, description="Remember the title for a member.")


class ReverseBody(Body):
    """Why an invoice is taken back."""

    because: FilledLine = Field(max_length=60, description="Stands on the red letter.")


class InvoiceLineShape(Shape):
    """One line; negative on a red letter."""

    title: str
    label: str
    quantity: int | None = Field(description="Pieces; null for freight and for sums.")
    amount: int = Field(description=f"With tax. {MINOR}")
    tax_bp: int = Field(description="Rate of the tax in basis points.")
    tax: int = Field(description=f"In the amount. {MINOR}")


class InvoiceShape(Shape):
    """An invoice, or the red letter that takes one back."""

    number: str
    order_number: str
    state: str = Field(description=STATES)
    kind: str
    title: str
    tax_number: str
    currency: str
    amount: int = Field(description=f"With tax; 0 until it is sent. {MINOR}")
    tax: int = Field(description=MINOR)
    lines: list[InvoiceLineShape]
    is_tax_invoice: bool = Field(description="Whether it is one of the tax bureau; else an electronic receipt.")
    original_number: str | None = Field(description="Of a red letter: what it takes back.")
    requested_at: datetime
    issue_by: datetime = Field(description="Until when the shop is to issue it.")
    late_since: datetime | None
    issued_at: datetime | None
    reversed_at: datetime | None
    failure: str = Field(description="What the provider last said against it.")


class InvoicesShape(Shape):
    """Invoices of one order, latest first."""

    items: list[InvoiceShape]


class DocumentShape(Shape):
    """The file of an invoice."""

    number: str
    media_type: Plain
    sha256: str = Field(description="Of the content, hexadecimal.")
    content: str = Field(description="Base64.")
