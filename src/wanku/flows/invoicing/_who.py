"""In which part somebody acts on an invoice."""

from uuid import UUID

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.move import By
from wanku.invoices.models import Invoice
from wanku.kernel.refusal import NOT_FOUND, Refusal


def found_by(invoice_id: UUID, actor: Actor) -> tuple[Invoice, By]:
    """The invoice, and its shop or the platform as whoever acts on it.

    Raises:
        Refusal: ``not_found`` for those who do not see it; ``sign_in`` or ``not_allowed`` for its buyer.
    """
    found = Invoice.objects.visible_to(actor).filter(pk=invoice_id).first()
    if found is None:
        raise Refusal(NOT_FOUND)
    if actor.merchant_id == found.merchant_id:
        require(actor, Permission.INVOICES_ISSUE, found.merchant_id)
        return found, actor.as_merchant()
    require(actor, Permission.INVOICES_HANDLE)
    return found, actor.as_platform()
