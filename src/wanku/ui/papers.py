"""Documents as they leave the house: to be kept, never shown inside a page of ours."""

from django.http import HttpResponse

from wanku.invoices.models import Document


def paper(document: Document) -> HttpResponse:
    """The file of an invoice as a download under its number. Whoever calls has asked who is reading."""
    headers = {
        "Content-Disposition": f'attachment; filename="invoice-{document.invoice.number}.pdf"',
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        # It carries a name and a tax number; neither a proxy nor a shared computer keeps it.
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(bytes(document.content), content_type=document.media_type, headers=headers)
