"""A shop says how it issues invoices."""

from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.record import record
from wanku.invoices.models import Issuer
from wanku.invoices.rules import TAX_RATES_BP
from wanku.kernel.refusal import BAD_VALUE, Refusal, gettext_noop


def set_issuer(merchant_id: int, *, automatic: bool, tax_bp: int, actor: Actor, now: datetime) -> Issuer:
    """Choose the rate that prices contain, and whether invoices of complete orders are issued by themselves.

    Invoices that were sent keep theirs.

    Args:
        tax_bp: one of `wanku.invoices.rules.TAX_RATES_BP`.

    Raises:
        Refusal: ``sign_in``, ``not_allowed``; ``bad_value`` for ``tax_bp``.
    """
    require(actor, Permission.INVOICES_ISSUE, merchant_id)
    if tax_bp not in TAX_RATES_BP:
        raise Refusal(BAD_VALUE, field="tax_bp", problem=gettext_noop("Choose one of the rates."))
    with transaction.atomic():
        Issuer.objects.get_or_create(merchant_id=merchant_id)
        issuer = Issuer.objects.select_for_update(no_key=True).get(pk=merchant_id)
        issuer.automatic, issuer.tax_bp = automatic, tax_bp
        issuer.save(update_fields=["automatic", "tax_bp"])
        record(
            "set_issuer",
            actor_id=actor.person_id,
            merchant_id=merchant_id,
            subject_type="merchant",
            subject_id=merchant_id,
            facts={"automatic": automatic, "tax_bp": tax_bp},
            now=now,
        )
    return issuer
