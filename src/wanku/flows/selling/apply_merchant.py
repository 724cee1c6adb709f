"""Apply to open a shop."""

import secrets
from datetime import datetime

from django.db import IntegrityError, transaction

from wanku.access.actor import Actor
from wanku.audit.move import note
from wanku.audit.rules import due
from wanku.kernel.refusal import SIGN_IN, TOO_OFTEN, Refusal
from wanku.merchants.details import Details, shop_address
from wanku.merchants.models import Merchant, Staff, StaffRole
from wanku.merchants.refusals import NAME_TAKEN, SLUG_TAKEN
from wanku.merchants.states import APPLYING, MERCHANT_MACHINE

# Nobody needs more shops in the queue at once, and every application costs an operator's time.
OPEN_MAX = 3


def apply_merchant(details: Details, *, slug: str, actor: Actor, now: datetime) -> Merchant:
    """Create a merchant that waits for the platform's approval, with the applicant as its owner.

    Args:
        slug: the shop's name in addresses; empty for one of our choosing.

    Raises:
        Refusal: ``sign_in``; ``bad_value``, ``bad_credit_code``, ``bad_phone``; ``name_taken``, ``slug_taken``;
            ``too_often`` while three applications of this person wait.
    """
    if actor.person_id is None:
        raise Refusal(SIGN_IN)
    told = details.checked()
    address = shop_address(slug) if slug.strip() else f"shop-{secrets.token_hex(4)}"
    with transaction.atomic():
        waiting = Merchant.objects.filter(pk__in=list(actor.seats), state=APPLYING).order_by("due_at")
        if len(waiting) >= OPEN_MAX:
            raise Refusal(TOO_OFTEN, at=waiting[0].due_at)
        if Merchant.objects.filter(slug=address).exists():
            raise Refusal(SLUG_TAKEN, field="slug")
        merchant = Merchant(slug=address, state=MERCHANT_MACHINE.initial, applied_at=now)
        merchant.due_at = due("approve_merchant", now)
        for name in Details.__dataclass_fields__:
            setattr(merchant, name, getattr(told, name))
        try:
            with transaction.atomic():
                merchant.save(force_insert=True)
        except IntegrityError as error:
            if "merchant_name_once" in str(error):
                raise Refusal(NAME_TAKEN, field="name") from None
            raise Refusal(SLUG_TAKEN, field="slug") from None
        Staff.objects.create(merchant=merchant, person_id=actor.person_id, role=StaffRole.OWNER, since=now)
        note(merchant, "apply", by=actor.as_merchant(), now=now)
    return merchant
