"""Apply once more after the platform declined."""

from datetime import datetime

from django.db import IntegrityError, transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.move import move
from wanku.audit.rules import due
from wanku.kernel.refusal import Refusal
from wanku.merchants.details import Details
from wanku.merchants.models import Merchant
from wanku.merchants.refusals import NAME_TAKEN


def apply_again(merchant_id: int, details: Details, *, actor: Actor, now: datetime) -> Merchant:
    """Correct what was declined and put the shop back into the platform's queue.

    Raises:
        Refusal: ``not_allowed``; ``wrong_state`` unless it was declined; what `Details.checked` refuses;
            ``name_taken``.
    """
    require(actor, Permission.PROFILE_EDIT, merchant_id)
    told = details.checked()
    with transaction.atomic():
        merchant = Merchant.objects.select_for_update(no_key=True).get(pk=merchant_id)
        for name in Details.__dataclass_fields__:
            setattr(merchant, name, getattr(told, name))
        merchant.applied_at = now
        merchant.decided_because = ""
        try:
            with transaction.atomic():
                move(merchant, "apply_again", by=actor.as_merchant(), now=now, due_at=due("approve_merchant", now))
                merchant.save()
        except IntegrityError:
            raise Refusal(NAME_TAKEN, field="name") from None
    return merchant
