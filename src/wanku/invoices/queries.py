"""Invoices by what people know of them."""

import hmac

from wanku.invoices.models import Invoice, Issuer
from wanku.kernel.ids import clean_number


def issuer_of(merchant_id: int) -> Issuer:
    """How a shop issues; the defaults where it has not said."""
    return Issuer.objects.filter(pk=merchant_id).first() or Issuer(merchant_id=merchant_id)


def find_proven(number: str, code: str) -> Invoice | None:
    """The invoice of a number, for whoever also knows its code; a wrong code and a wrong number look the same."""
    digits = clean_number(number)
    if digits is None:
        return None
    rows = Invoice.objects.select_related("merchant", "document").defer("document__content")
    found = rows.filter(number=digits, issued_at__isnull=False).first()
    known = found.code if found else ""
    given = "".join(code.split()).replace("-", "").upper()
    if not hmac.compare_digest(known.encode(), given.encode()):
        return None
    return found
