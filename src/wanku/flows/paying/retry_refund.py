"""Finance sends a stuck refund again."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.move import move
from wanku.audit.reason import reason
from wanku.audit.record import record
from wanku.kernel.refusal import NOT_FOUND, Code, Refusal, gettext_noop
from wanku.payments.models import BankTransfer, Refund
from wanku.payments.states import REPORTED

TRANSFER_WAITS = Code(
    "refund_transfer_waits",
    gettext_noop("It was reported as transferred. Somebody else must confirm or decline that first."),
    409,
)


def retry_refund(refund_id: UUID, *, actor: Actor, because: str, now: datetime) -> None:
    """Start its tries over; the sweeper sends it.

    Raises:
        Refusal: ``not_allowed``, ``not_found``, ``bad_value`` without a reason, ``wrong_state`` when it is not stuck
            or failed, ``refund_transfer_waits`` while a transfer of it waits for the second person.
    """
    require(actor, Permission.REFUNDS_HANDLE)
    because = reason(because)
    with transaction.atomic():
        refund = (
            Refund.objects.select_for_update(no_key=True, of=("self",))
            .select_related("order")
            .filter(pk=refund_id)
            .first()
        )
        if refund is None:
            raise Refusal(NOT_FOUND)
        if BankTransfer.objects.filter(refund=refund, state=REPORTED).exists():
            raise Refusal(TRANSFER_WAITS)
        refund.tries = 1  # the next step asks the channel first, since an earlier try may have succeeded
        refund.save(update_fields=["tries"])
        move(refund, "retry", by=actor.as_platform(), now=now, due_at=now, because="by_finance")
        record(
            "retry_refund",
            actor_id=actor.person_id,
            subject_type="refund",
            subject_id=refund.pk,
            because=because,
            now=now,
        )
